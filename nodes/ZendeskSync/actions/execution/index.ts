/** The execution that the node is part of: nothing of Zendesk's. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { failUntilRetried } from './failUntilRetried.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['execution'] } },
	options: [
		{
			name: 'Fail Until Retried',
			value: 'failUntilRetried',
			action: 'Fail execution until retried',
			description:
				'Make the execution fail, and hand the items back to be done again when somebody retries it',
		},
	],
	default: 'failUntilRetried',
};

export const execution = { selector, operations: { failUntilRetried } } satisfies Resource;
