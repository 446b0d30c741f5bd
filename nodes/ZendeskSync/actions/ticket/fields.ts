/** Fields that several operations show. */
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { ticketFacts } from '../../../../domain/ticketMetric';
import { idIn, locatorField } from '../../../shared/locator';
import { outputFields } from '../../../shared/output';
import { trimmedParameter } from '../../../shared/parameters';
import { ticketLocator } from '../locators';
import { isZendeskId } from '../../api/paths';

export const ticketIdField: INodeProperties = locatorField(ticketLocator, {
	displayName: 'Ticket',
	name: 'ticketId',
	required: true,
	byDefault: '={{ $json.ticketId }}',
	description: "The ticket. By default the incoming item's.",
});

/** A ticket as it is, or at an event. */
export const ticketOutputFields: INodeProperties[] = outputFields(
	[...Object.keys(ticketFacts.omit({ raw: true }).shape), 'comments'],
	"The simplified fields, and Zendesk's own ticket as 'raw'",
);

/** The id in 'Ticket', unchecked. */
export const typedTicketId = (context: IExecuteFunctions, itemIndex: number): string =>
	idIn(ticketLocator, trimmedParameter(context, 'ticketId', itemIndex));

/** @throws NodeOperationError if 'Ticket' is not a ticket's id: an empty one would ask Zendesk for all tickets */
export function ticketIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const typed = typedTicketId(context, itemIndex);
	if (isZendeskId(typed)) return typed;
	throw new NodeOperationError(
		context.getNode(),
		typed ? `'Ticket' is not a valid ticket ID: '${typed}'` : "'Ticket' is empty",
		{
			itemIndex,
			description:
				"Map the 'ticketId' of an earlier node to it, or choose a ticket: from the list, by an ID such as 12345, or by the address of its page.",
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
