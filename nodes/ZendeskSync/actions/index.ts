/** Every operation of the node: resource -> operation -> its file. */
import type { ResourceMap } from '../../shared/operation';
import { account } from './account';
import { setup } from './setup';
import { ticket } from './ticket';

export const resources = { account, setup, ticket } satisfies ResourceMap;
