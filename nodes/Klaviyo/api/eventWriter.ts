/** Records events: a single one, or up to a thousand as one job. */
import type { IDataObject } from 'n8n-workflow';
import type { MetricEvent } from '../../../domain/tracking/event';
import type { JobAnswer } from '../../../domain/tracking/trackMany';
import { isOk, isTransient } from '../../shared/answer';
import type { VendorCall } from '../../shared/send';
import type { Klaviyo } from './client';
import { EVENTS_PATH } from './eventReader';

/** The event in a request, the same for a single event and for bulk jobs. */
const eventAttributes = ({
	name,
	uniqueId,
	time,
	properties,
	value,
	valueCurrency,
}: MetricEvent): IDataObject => ({
	properties: properties as IDataObject,
	metric: { data: { type: 'metric', attributes: { name } } },
	time,
	unique_id: uniqueId,
	...(value === undefined ? {} : { value }),
	...(valueCurrency === undefined ? {} : { value_currency: valueCurrency }),
});

const profileOf = ({ profile: { id, ...named }, profileProperties }: MetricEvent): IDataObject => ({
	data: {
		type: 'profile',
		...(id === undefined ? {} : { id }),
		attributes: {
			...named,
			...(profileProperties ? { properties: profileProperties as IDataObject } : {}),
		},
	},
});

/**
 * The call that records one event. Repeatable: of several events with the same `unique_id`, profile and metric,
 * Klaviyo keeps the first. https://developers.klaviyo.com/en/reference/events_api_overview
 *
 * @param retryForMs as in `VendorCall`: many events may have to wait for Klaviyo's next minute
 */
export const eventCall = (event: MetricEvent, retryForMs?: number): VendorCall => ({
	method: 'POST',
	path: EVENTS_PATH,
	body: {
		data: {
			type: 'event',
			attributes: {
				...eventAttributes(event),
				profile: profileOf(event),
				...(event.backfill ? { backfill: true } : {}),
			},
		},
	},
	repeatable: true,
	retryForMs,
});

/** @throws NodeApiError if the event was not recorded */
export async function createEvent(
	klaviyo: Klaviyo,
	event: MetricEvent,
	retryForMs?: number,
): Promise<void> {
	await klaviyo.requestOk(`'${event.name}' could not be tracked`, eventCall(event, retryForMs));
}

/**
 * Sends up to 1,000 events as one job. Not repeatable: if the first try was accepted, a second one would be refused.
 * https://developers.klaviyo.com/en/reference/bulk_create_events
 *
 * @throws NodeApiError if the credential is not accepted, or may not write events
 */
export async function createEvents(
	klaviyo: Klaviyo,
	events: readonly MetricEvent[],
): Promise<JobAnswer> {
	const answer = await klaviyo.tryRequest({
		method: 'POST',
		path: '/api/event-bulk-create-jobs',
		body: {
			data: {
				type: 'event-bulk-create-job',
				attributes: { 'events-bulk-create': { data: events.map(bulkEntry) } },
			},
		},
		repeatable: false,
		timeout: BULK_TIMEOUT,
		retryForMs: BULK_RETRY_FOR_MS,
	});
	if (isOk(answer)) return 'accepted';
	if (isTransient(answer)) return 'unknown';
	if (answer.status === 403) throw klaviyo.refusal('The events could not be tracked', answer);
	return 'refused';
}

/** Milliseconds: five megabytes may take a while. */
const BULK_TIMEOUT = 60_000;
/** Milliseconds: until after Klaviyo's next minute. */
export const BULK_RETRY_FOR_MS = 150_000;

const bulkEntry = (event: MetricEvent): IDataObject => ({
	type: 'event-bulk-create',
	attributes: {
		...(event.backfill ? { backfill: true } : {}),
		profile: profileOf(event),
		events: { data: [{ type: 'event', attributes: eventAttributes(event) }] },
	},
});
