/** Event: Track Ticket. Records a ticket event as a Klaviyo metric, once. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { NodeOperationError, updateDisplayOptions } from 'n8n-workflow';
import {
	type NoMetric,
	ticketFacts,
	ticketMetric,
	type TicketFacts,
	type TicketMetric,
} from '../../../../domain/ticketMetric';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { objectParameter } from '../../../shared/parameters';
import { klaviyoOf } from '../../api/client';
import { createEvent } from '../../api/events';

const properties: INodeProperties[] = [
	{
		displayName: 'Ticket',
		name: 'ticket',
		type: 'json',
		default: '={{ $json }}',
		description: "What 'Ticket: Get' of Zendesk Sync gave for an event of Zendesk Sync Trigger",
	},
];

/** What says which ticket and event an output item is about. */
const idsOf = ({ key, event, ticketId, externalId }: TicketFacts): IDataObject => ({
	key,
	event,
	ticketId,
	externalId,
});

const tracked = (facts: TicketFacts, { name, uniqueId, profile }: TicketMetric): IDataObject => ({
	tracked: true,
	metric: name,
	uniqueId,
	profile: { ...profile },
	...idsOf(facts),
});

const notTracked = (facts: TicketFacts, { refusal, explanation }: NoMetric): IDataObject => ({
	tracked: false,
	reason: refusal,
	message: explanation,
	...idsOf(facts),
});

export const trackTicketOperation: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['event'], operation: ['trackTicket'] } },
		properties,
	),

	async execute(context, items) {
		const klaviyo = await klaviyoOf(context);
		return await eachItem(context, items, async (_input, itemIndex) => {
			const facts = ticketFacts.safeParse(objectParameter(context, 'ticket', itemIndex));
			if (!facts.success)
				throw new NodeOperationError(
					context.getNode(),
					"The field 'Ticket' holds no ticket event",
					{
						itemIndex,
						description: `Put a Zendesk Sync node with the operation 'Get' of 'Ticket' before this one. Not as expected: ${facts.error.issues.map(({ path }) => path.join('.')).join(', ')}.`,
					},
				);
			const metric = ticketMetric(facts.data);
			if ('refusal' in metric) {
				if (metric.refusal !== 'noKey') return notTracked(facts.data, metric);
				throw new NodeOperationError(context.getNode(), 'The ticket event has no key', {
					itemIndex,
					description: metric.explanation,
				});
			}
			await createEvent(klaviyo, metric);
			return tracked(facts.data, metric);
		});
	},
};
