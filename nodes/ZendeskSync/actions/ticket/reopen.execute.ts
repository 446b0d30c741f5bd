/** Opens tickets again that are not closed. */
import { NodeOperationError } from 'n8n-workflow';
import { reopenTicket } from '../../../../domain/conversation/reopen';
import { eachItem } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { zendeskOf } from '../../api/client';
import { oneTicketStore } from '../../api/ticketStore';
import { ticketIdOf } from './fields';

export const execute: Execute = async (context, items) => {
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
