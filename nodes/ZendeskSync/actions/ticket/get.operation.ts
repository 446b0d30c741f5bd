/** Ticket: Get. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { simplifyField, ticketIdField } from './fields';

const properties: INodeProperties[] = [
	ticketIdField,
	simplifyField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Include Comments',
				name: 'includeComments',
				type: 'boolean',
				default: false,
				description:
					"Whether to add the ticket's last 100 comments, oldest first, internal notes among them. Costs one call a ticket.",
			},
		],
	},
];

export const get: Operation = {
	properties,
	load: async () => await import('./get.execute'),
};
