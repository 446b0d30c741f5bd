/** Event: Track Ticket. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { propertyFields } from '../propertyFields';
import { trackingOptions } from './trackingOptions';

const properties: INodeProperties[] = [
	{
		displayName: 'Ticket',
		name: 'ticket',
		type: 'json',
		default: '={{ $json }}',
		description: "What 'Ticket: Get' of Zendesk Sync gave for an event of Zendesk Sync Trigger",
	},
	...propertyFields(
		'Properties to Add',
		"Properties of your own, beside the ticket's fourteen. One with a name of theirs stands in its place",
	),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: trackingOptions,
	},
];

export const trackTicketOperation: Operation = {
	properties,
	load: async () => await import('./trackTicket.execute'),
};
