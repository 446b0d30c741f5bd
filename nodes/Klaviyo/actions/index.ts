/** Every operation of the node: resource -> operation -> its file. */
import type { ResourceMap } from '../../shared/operation';
import { account } from './account';
import { event } from './event';
import { message } from './message';
import { profile } from './profile';
import { segment } from './segment';

export const resources = { account, event, message, profile, segment } satisfies ResourceMap;
