/**
 * Ticket: Reopen. For builders who draw the status logic.
 *
 * Opens tickets again that are not closed.
 */

import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { ticketIdField, ticketIdOf } from './fields';
import { reopenTicket } from '../../../../domain/conversation/reopen';
import { eachItem } from '../../../shared/items';
import { zendeskOf } from '../../api/client';
import { oneTicketStore } from '../../api/ticketStore';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Pass Over Duplicates',
		name: 'passOverDuplicates',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave the ticket alone when the message was in it already (outcome "duplicate") and an agent has changed its status since. A message that comes again then does not reopen a ticket that was solved since.',
	},
];

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItem(context, items, async ({ json }, itemIndex) => {
		const ticketId = ticketIdOf(context, itemIndex);
		const passesOver = context.getNodeParameter('passOverDuplicates', itemIndex, true);
		// Between the node before and this one an execution may have ended.
		if (passesOver && json.outcome === 'duplicate' && json.needsReopening !== true)
			return { ...json, ticketId, outcome: 'unchanged' };
		const reopening = await reopenTicket(ticketId, oneTicketStore(zendesk, ticketId));
		if (reopening.outcome === 'failed')
			throw new NodeOperationError(
				context.getNode(),
				`Ticket ${ticketId} was not reopened. ${reopening.message}`,
				{ itemIndex, description: 'Run the item again: reopening twice does no harm.' },
			);
		return { ...json, ...reopening, ticketId };
	});
};

export const reopen: Operation = {
	properties,
	execute,
};
