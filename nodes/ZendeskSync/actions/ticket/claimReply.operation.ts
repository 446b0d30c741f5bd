/** Ticket: Claim Reply, before Klaviyo: Message: Send Reply. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { ticketIdField } from './fields';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Comment ID',
		name: 'commentId',
		type: 'string',
		required: true,
		default: '={{ $json.comment?.id ?? $json.commentId }}',
		description: "The agent's public comment that is to be texted",
	},
];

export const claimReply: Operation = {
	properties,
	load: async () => await import('./claimReply.execute'),
};
