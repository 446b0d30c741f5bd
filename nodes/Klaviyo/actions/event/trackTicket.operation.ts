/**
 * Event: Track Ticket.
 *
 * Records ticket events as Klaviyo metrics, each once.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { propertiesAt, propertyFields } from '../propertyFields';
import { trackingOptions, type TrackingOptions } from './trackingOptions';
import {
	type NoMetric,
	ticketFacts,
	type TicketFacts,
	ticketMetric,
} from '../../../../domain/ticketMetric';
import { zendeskAccountOf } from '../../../../domain/zendeskAccount';
import { objectParameter } from '../../../shared/parameters';
import { completedBy } from '../../../shared/completedEvents';
import { type Draft, trackItems } from './trackItems';

const properties: INodeProperties[] = [
	{
		displayName: 'Ticket',
		name: 'ticket',
		type: 'json',
		default: '={{ $json }}',
		description: "What 'Ticket: Get' of Zendesk Sync gave for an event of Zendesk Sync Trigger",
	},
	...propertyFields(
		'Properties to Add',
		"Properties of your own, beside the ticket's fourteen. One with a name of theirs stands in its place",
	),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: trackingOptions,
	},
];

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

const execute: Execute = async (context, items) =>
	await trackItems(context, items, (itemIndex) => draftOf(context, itemIndex));

export const trackTicket: Operation = {
	properties,
	execute,
};
