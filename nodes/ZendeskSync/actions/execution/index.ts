/** The n8n execution that the node is part of. It has nothing to do with Zendesk. */
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
				'Fail the execution, and hand the failed items back when the execution is retried',
		},
	],
	default: 'failUntilRetried',
};

export const execution = { selector, operations: { failUntilRetried } } satisfies Resource;
