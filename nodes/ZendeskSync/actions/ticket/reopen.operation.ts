/**
 * Ticket: Reopen, for builders who draw the status logic themselves.
 *
 * Sets tickets open that are not closed.
 */

import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { ticketIdField, ticketIdOf } from './fields';
import { type AttemptedReopening, reopenTicket } from '../../../../domain/conversation/reopen';
import { sharedByItem } from '../../../shared/tries';
import { beforeGiven, eachItem } from '../../../shared/items';
import { zendeskOf } from '../../api/client';
import { oneTicketStore } from '../../api/ticketStore';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Skip Duplicates',
		name: 'skipDuplicates',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave the ticket unchanged if it already held the message (outcome "duplicate") and an agent has changed its status since. A repeated message then does not reopen a ticket that was solved in the meantime.',
	},
];

const attemptedAt = sharedByItem((): AttemptedReopening => ({}));

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItem(context, items, async (input, itemIndex) => {
		const ticketId = ticketIdOf(context, itemIndex);
		const passesOver = context.getNodeParameter('skipDuplicates', itemIndex, true);
		// Unless an earlier execution ended between the node before and this one.
		const { outcome, needsReopening } = input.json;
		if (passesOver && outcome === 'duplicate' && needsReopening !== true)
			return beforeGiven({ outcome: 'unchanged', ticketId }, input);
		const reopening = await reopenTicket(
			ticketId,
			oneTicketStore(zendesk, ticketId),
			attemptedAt(context, itemIndex),
		);
		if (reopening.outcome === 'failed')
			throw new NodeOperationError(
				context.getNode(),
				`Ticket ${ticketId} was not reopened. ${reopening.message}`,
				{ itemIndex, description: 'Run the item again: reopening a ticket twice does no harm.' },
			);
		const { outcome: reopened, ...found } = reopening;
		return beforeGiven({ outcome: reopened, ticketId, ...found }, input);
	});
};

export const reopen: Operation = {
	properties,
	execute,
};
