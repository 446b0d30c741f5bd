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
import {
	filledIn,
	lastTicketFields,
	lastTicketProperties,
	openTicketCountAt,
	openTicketCountField,
} from '../countFields';
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

const PROPERTIES_TO_ADD = 'Properties to Add';

const properties: INodeProperties[] = [
	{
		displayName: 'Ticket',
		name: 'ticket',
		type: 'json',
		default: '={{ $json }}',
		description: "The output of 'Ticket: Get' of Zendesk Sync for an event of Zendesk Sync Trigger",
	},
	...propertyFields(
		PROPERTIES_TO_ADD,
		"Additional properties. A property with the same name replaces the ticket's",
	),
	openTicketCountField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...trackingOptions, ...lastTicketFields],
	},
];

/** The ids of an output item's ticket and event. */
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

/** With more it is no ticket event at all, and a list of what it lacks says nothing. */
const MAX_NAMED = 5;

const faultsIn = (fields: readonly string[]): string =>
	fields.length > MAX_NAMED ? '' : ` Missing or not as expected: ${fields.join(', ')}.`;

/** @throws NodeOperationError if the item is not a ticket event, or has no key yet */
function draftAt(context: IExecuteFunctions, itemIndex: number): Draft {
	const facts = ticketFacts.safeParse(
		objectParameter(context, { name: 'ticket', label: 'Ticket' }, itemIndex),
	);
	if (!facts.success)
		throw new NodeOperationError(context.getNode(), "'Ticket' is not a ticket event", {
			itemIndex,
			description: `Add a Zendesk Sync node with the operation 'Ticket: Get' before this one.${faultsIn(facts.error.issues.map(({ path }) => path.join('.')))}`,
		});
	const metric = ticketMetric(facts.data);
	if ('refusal' in metric) {
		if (metric.refusal !== 'noKey') return { output: notTracked(facts.data, metric) };
		throw new NodeOperationError(context.getNode(), 'The ticket event has no key', {
			itemIndex,
			description: metric.explanation,
		});
	}
	const options = context.getNodeParameter('options', itemIndex, {}) as TrackingOptions;
	const own = propertiesAt(context, PROPERTIES_TO_ADD, itemIndex);
	const profileProperties = {
		...filledIn({ ...options }, lastTicketProperties),
		...openTicketCountAt(context, itemIndex),
	};
	return {
		event: {
			...metric,
			properties: { ...metric.properties, ...own },
			...(Object.keys(profileProperties).length > 0 ? { profileProperties } : {}),
			...(options.backfill ? { backfill: true } : {}),
		},
		ids: idsOf(facts.data),
		completes: completedBy({ ...facts.data, account: zendeskAccountOf(facts.data.zendeskUrl) }),
	};
}

const execute: Execute = async (context, items) =>
	await trackItems(context, items, (itemIndex) => draftAt(context, itemIndex));

export const trackTicket: Operation = {
	properties,
	execute,
	eventRole: 'completes',
};
