/** Every operation of the node: resource -> operation -> its file. */
import type { ResourceMap } from '../../shared/operation';
import { event } from './event';
import { message } from './message';

export const resources = { event, message } satisfies ResourceMap;
