/** Ticket: Reopen. For builders who draw the status logic. */
import { type INodeProperties, NodeOperationError, updateDisplayOptions } from 'n8n-workflow';
import { reopenTicket } from '../../../../domain/conversation/reopen';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { zendeskOf } from '../../api/client';
import { ticketDesk } from '../../api/desk';
import { ticketIdField, ticketIdOf } from './fields';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Pass Over Duplicates',
		name: 'passOverDuplicates',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave the ticket alone when the text before was in it already (outcome "duplicate"), so that a text that comes again does not reopen a ticket that was solved since',
	},
];

export const reopen: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['ticket'], operation: ['reopen'] } },
		properties,
	),
	async execute(context, items) {
		const zendesk = await zendeskOf(context);
		return await eachItem(context, items, async ({ json }, itemIndex) => {
			const ticketId = ticketIdOf(context, itemIndex);
			const passesOver = context.getNodeParameter('passOverDuplicates', itemIndex, true);
			if (passesOver && json.outcome === 'duplicate')
				return { ...json, ticketId, outcome: 'unchanged' };
			const reopening = await reopenTicket(ticketId, ticketDesk(zendesk, ticketId));
			if (reopening.outcome === 'failed')
				throw new NodeOperationError(
					context.getNode(),
					`Ticket ${ticketId} was not reopened. ${reopening.message}`,
					{ itemIndex, description: 'Run the item again: reopening twice does no harm.' },
				);
			return { ...json, ...reopening, ticketId };
		});
	},
};
