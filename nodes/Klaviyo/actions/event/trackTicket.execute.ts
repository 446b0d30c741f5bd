/** Records ticket events as Klaviyo metrics, each once. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import {
	type NoMetric,
	ticketFacts,
	ticketMetric,
	type TicketFacts,
} from '../../../../domain/ticketMetric';
import { zendeskAccountOf } from '../../../../domain/zendeskAccount';
import type { Execute } from '../../../shared/operation';
import { objectParameter } from '../../../shared/parameters';
import { completedBy } from '../../../shared/completedEvents';
import { propertiesAt } from '../propertyFields';
import { type Draft, trackItems } from './trackItems';
import type { TrackingOptions } from './trackingOptions';

/** What says which ticket and event an output item is about. */
const idsOf = ({ key, event, ticketId, externalId }: TicketFacts): IDataObject => ({
	key,
	event,
	ticketId,
	externalId,
});

const notTracked = (facts: TicketFacts, { refusal, explanation }: NoMetric): IDataObject => ({
	tracked: false,
	reason: refusal,
	message: explanation,
	...idsOf(facts),
});

/** @throws NodeOperationError when the item is no ticket event, or has no key yet */
function draftOf(context: IExecuteFunctions, itemIndex: number): Draft {
	const facts = ticketFacts.safeParse(
		objectParameter(context, { name: 'ticket', label: 'Ticket' }, itemIndex),
	);
	if (!facts.success)
		throw new NodeOperationError(context.getNode(), "The field 'Ticket' holds no ticket event", {
			itemIndex,
			description: `Put a Zendesk Sync node with the operation 'Get' of 'Ticket' before this one. Not as expected: ${facts.error.issues.map(({ path }) => path.join('.')).join(', ')}.`,
		});
	const metric = ticketMetric(facts.data);
	if ('refusal' in metric) {
		if (metric.refusal !== 'noKey') return { output: notTracked(facts.data, metric) };
		throw new NodeOperationError(context.getNode(), 'The ticket event has no key', {
			itemIndex,
			description: metric.explanation,
		});
	}
	const { backfill } = context.getNodeParameter('options', itemIndex, {}) as TrackingOptions;
	const own = propertiesAt(context, itemIndex);
	return {
		event: {
			...metric,
			properties: { ...metric.properties, ...own },
			...(backfill ? { backfill } : {}),
		},
		about: idsOf(facts.data),
		settles: completedBy({ ...facts.data, account: zendeskAccountOf(facts.data.zendeskUrl) }),
	};
}

export const execute: Execute = async (context, items) =>
	await trackItems(context, items, (itemIndex) => draftOf(context, itemIndex));
