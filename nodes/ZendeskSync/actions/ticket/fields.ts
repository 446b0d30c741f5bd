/** Fields that several operations show. */
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { trimmedParameter } from '../../../shared/parameters';

export const ticketIdField: INodeProperties = {
	displayName: 'Ticket ID',
	name: 'ticketId',
	type: 'string',
	required: true,
	default: '={{ $json.ticketId }}',
	description: 'The ID of the ticket',
};

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** @throws NodeOperationError if 'Ticket ID' is not a ticket's id: an empty one would ask Zendesk for all tickets */
export function ticketIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const typed = trimmedParameter(context, 'ticketId', itemIndex);
	if (/^\d+$/.test(typed)) return typed;
	throw new NodeOperationError(
		context.getNode(),
		typed ? `'Ticket ID' is not a valid ticket ID: '${typed}'` : "'Ticket ID' is empty",
		{
			itemIndex,
			description: "Map the 'ticketId' of an earlier node to it, or enter one such as 12345.",
		},
	);
}

/** @throws NodeOperationError if 'Comment ID' is empty, as for a ticket event without a comment */
export function commentIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const typed = trimmedParameter(context, 'commentId', itemIndex);
	if (typed) return typed;
	throw new NodeOperationError(context.getNode(), "'Comment ID' is empty", {
		itemIndex,
		description:
			"Only an agent's reply can be claimed. Choose only the event 'Agent Replied' in Zendesk Sync Trigger, or map the ID of a comment.",
	});
}
