/** Execution: Fail Until Retried. For what leaves by an output for errors. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';

const properties: INodeProperties[] = [
	{
		displayName:
			"Put this node behind the error output of another, as the lowest branch, and link its output back to that node. It makes the execution fail when everything else is done. n8n's Retry then hands the items that failed back to be done again, once in each retry.",
		name: 'wiring',
		type: 'notice',
		default: '',
	},
];

export const failUntilRetried: Operation = {
	properties,
	load: async () => await import('./failUntilRetried.execute'),
};
