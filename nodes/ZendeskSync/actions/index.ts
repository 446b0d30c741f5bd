/** Every operation of the node: resource -> operation -> its file. */
import type { ResourceMap } from '../../shared/operation';
import { account } from './account';
import { execution } from './execution';
import { setup } from './setup';
import { ticket } from './ticket';
import { user } from './user';

export const resources = { account, execution, setup, ticket, user } satisfies ResourceMap;
