/** Fields that several operations show. */
import type { INodeProperties } from 'n8n-workflow';

export const ticketIdField: INodeProperties = {
	displayName: 'Ticket ID',
	name: 'ticketId',
	type: 'string',
	required: true,
	default: '={{ $json.ticketId }}',
	description: 'The number of the ticket',
};
