/** Fields that several operations show. */
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { trimmedParameter } from '../../../shared/parameters';

export const ticketIdField: INodeProperties = {
	displayName: 'Ticket ID',
	name: 'ticketId',
	type: 'string',
	required: true,
	default: '={{ $json.ticketId }}',
	description: 'The number of the ticket',
};

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** @throws NodeOperationError when 'Ticket ID' is no number: an empty one would ask Zendesk for all tickets */
export function ticketIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const typed = trimmedParameter(context, 'ticketId', itemIndex);
	if (/^\d+$/.test(typed)) return typed;
	throw new NodeOperationError(
		context.getNode(),
		typed ? `'Ticket ID' is no ticket's number: '${typed}'` : "'Ticket ID' is empty",
		{ itemIndex, description: "Map the 'ticketId' of an earlier node to it, such as 12345." },
	);
}

/** @throws NodeOperationError when 'Comment ID' is empty, as where the item is of a ticket event without a comment */
export function commentIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const typed = trimmedParameter(context, 'commentId', itemIndex);
	if (typed) return typed;
	throw new NodeOperationError(context.getNode(), "'Comment ID' is empty", {
		itemIndex,
		description:
			"Only an agent's reply can be claimed: let Zendesk Sync Trigger bring 'Agent Replied' alone, or map the id of a comment.",
	});
}
