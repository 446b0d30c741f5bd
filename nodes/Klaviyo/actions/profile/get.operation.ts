/** Profile: Get. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { profileFields } from '../profileFields';

const properties: INodeProperties[] = [
	...profileFields,
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
];

export const getOperation: Operation = {
	properties,
	load: async () => await import('./get.execute'),
};
