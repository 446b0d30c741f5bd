/** Ticket: Claim Reply, before Klaviyo: Message: Send Reply. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { ticketIdField } from './fields';
import { optionsField, scopeOption } from './messageOptions';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Comment ID',
		name: 'commentId',
		type: 'string',
		required: true,
		default: '={{ $json.comment?.id ?? $json.commentId }}',
		description: "The agent's public comment that is to be sent",
	},
	optionsField([
		{
			...scopeOption,
			description:
				'Claims only replies in conversations with this scope; in all when empty. Write - for conversations without a scope.',
		},
		{
			displayName: 'Keep Signature',
			name: 'keepSignature',
			type: 'boolean',
			default: false,
			description:
				"Whether to message the agent's signature too, which Zendesk puts under each reply. A reply that is tried once more goes out as it was claimed first.",
		},
	]),
];

export const claimReply: Operation = {
	properties,
	load: async () => await import('./claimReply.execute'),
};
