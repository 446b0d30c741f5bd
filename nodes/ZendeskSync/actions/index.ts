/** Every operation of the node: resource -> operation -> its file. */
import type { ResourceMap } from '../../shared/operation';
import { ticket } from './ticket';

export const resources = { ticket } satisfies ResourceMap;
