/** Ticket: Count Open, before Klaviyo: Profile: Create or Update. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import type { CustomerName } from '../../api/customers';

const shownFor = (by: CustomerName['by']) => ({ show: { countBy: [by] } });

const properties: INodeProperties[] = [
	{
		displayName: 'Count By',
		name: 'countBy',
		type: 'options',
		options: [
			{
				name: 'Customer Phone',
				value: 'customerPhone',
				description: 'The phone number of the conversation',
			},
			{ name: 'Email', value: 'email', description: "The customer's email address in Zendesk" },
			{
				name: 'External ID',
				value: 'externalId',
				description: 'Of the conversation, as a ticket event has it',
			},
			{
				name: 'Requester ID',
				value: 'requesterId',
				description: "The customer's user ID in Zendesk, as a ticket event has it",
			},
		],
		default: 'requesterId',
		description: 'How the customer is named',
	},
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		required: true,
		default: '={{ $json.phone ?? $json.from }}',
		description: "The customer's phone number",
		displayOptions: shownFor('customerPhone'),
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		required: true,
		placeholder: 'e.g. name@email.com',
		default: '={{ $json.email }}',
		description: "The customer's email address",
		displayOptions: shownFor('email'),
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		required: true,
		default: '={{ $json.externalId }}',
		placeholder: 'e.g. klaviyo:sms:+12125550123',
		description: "The external ID of the conversation's tickets",
		displayOptions: shownFor('externalId'),
	},
	{
		displayName: 'Requester ID',
		name: 'requesterId',
		type: 'string',
		required: true,
		default: '={{ $json.requesterId }}',
		description: "The number of the customer's user in Zendesk",
		displayOptions: shownFor('requesterId'),
	},
	{
		displayName: 'Changed Ticket ID',
		name: 'changedTicketId',
		type: 'string',
		default: '={{ $json.ticketId }}',
		description:
			"The ticket whose change led to counting, if any. It is read by itself, since Zendesk's list of a customer's tickets can be up to 90 seconds behind.",
	},
	{
		displayName: 'Previous Requester ID',
		name: 'previousRequesterId',
		type: 'string',
		default: '={{ $json.previousRequesterId }}',
		description:
			'Whose the ticket was before, where its requester was changed. They are counted too, as an item of their own.',
	},
];

export const countOpen: Operation = {
	properties,
	load: async () => await import('./countOpen.execute'),
};
