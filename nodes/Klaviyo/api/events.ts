/** Events: reading a metric's, and recording one. */
import { type IDataObject, type JsonObject, NodeApiError } from 'n8n-workflow';
import { z } from 'zod';
import type { Identifiers, MetricEvent } from '../../../domain/tracking/event';
import type { JobAnswer } from '../../../domain/tracking/trackMany';
import type { TimeWindow } from '../../shared/catchUp';
import { isOk, isTransient } from '../../shared/answer';
import { processMemory } from '../../shared/processMemory';
import type { VendorCall } from '../../shared/transport';
import { type Klaviyo, pagesOf } from './client';
import { quoted } from './profiles';
import { page } from './wire';

/** Klaviyo's largest page since revision 2026-01-15. */
export const EVENTS_PER_PAGE = 1000;

/** Event times are whole seconds, so windows that meet miss none and share none. */
export const second = (milliseconds: number): string =>
	`${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}+00:00`;

/** Klaviyo's description names single ids only, its changelog lists too. */
export const ofMetrics = (ids: readonly string[]): string => {
	const list = ids.map(quoted).join(',');
	return `equals(metric_id,${ids.length === 1 ? list : `[${list}]`})`;
};

/** What an event is, before it is known to be readable: it travels on as `raw`. */
const anyEvent = z.unknown();

/**
 * The events of a metric, or of several together, a page of up to a thousand at a time, oldest first.
 *
 * @param metricId several where Klaviyo takes them: it answers 400 otherwise
 * @param also further conditions in Klaviyo's filter language, such as `equals(profile_id,"...")`
 */
export async function* eventPages(
	klaviyo: Klaviyo,
	metricId: string | readonly string[],
	{ after, until }: TimeWindow,
	also: readonly string[] = [],
): AsyncGenerator<{ events: unknown[]; isLast: boolean }> {
	const conditions = [
		ofMetrics([metricId].flat()),
		`greater-than(datetime,${second(after)})`,
		`less-or-equal(datetime,${second(until)})`,
		...also,
	];
	const query = {
		filter: `and(${conditions.join(',')})`,
		sort: 'datetime',
		'page[size]': EVENTS_PER_PAGE,
	};
	const what = 'Events could not be read';
	for await (const { data, links } of pagesOf(klaviyo, what, anyEvent, '/api/events', query))
		yield { events: data as unknown[], isLast: !links?.next };
}

/** Accounts that were seen to give one metric's events at a time. */
const givesSingly = processMemory<true>();

export const givesTogether = ({ account }: Klaviyo): boolean => !givesSingly.has(account);

export const rememberSingly = ({ account }: Klaviyo): void => void givesSingly.set(account, true);

export const forgetSingly = ({ account }: Klaviyo): void => void givesSingly.delete(account);

/**
 * Reads events of several metrics: all in one request, where Klaviyo takes several metrics at once.
 *
 * @param read of a metric, or of all of them
 */
export async function readTogether<T>(
	klaviyo: Klaviyo,
	metricIds: readonly string[],
	read: (metricId: string | readonly string[]) => Promise<T[]>,
): Promise<T[]> {
	if (metricIds.length > 1 && givesTogether(klaviyo)) {
		try {
			return await read(metricIds);
		} catch (error) {
			const refusal = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
			if (refusal.httpCode !== '400') throw refusal;
			rememberSingly(klaviyo);
		}
	}
	return (await Promise.all(metricIds.map(read))).flat();
}

/** As `eventPages`, to the end. */
export async function eventsOf(...request: Parameters<typeof eventPages>): Promise<unknown[]> {
	const found: unknown[] = [];
	for await (const { events } of eventPages(...request)) found.push(...events);
	return found;
}

/** The newest events of a metric, or of several together, newest first: one request. */
export async function newestEvents(
	klaviyo: Klaviyo,
	metricId: string | readonly string[],
	most: number,
): Promise<unknown[]> {
	const what = 'Events could not be read';
	const answer = await klaviyo.requestOk(what, {
		method: 'GET',
		path: '/api/events',
		query: { filter: ofMetrics([metricId].flat()), sort: '-datetime', 'page[size]': most },
		repeatable: true,
	});
	return klaviyo.read(what, page(anyEvent), answer).data;
}

/** The event inside a request, the same for the single endpoint and for bulk jobs. */
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

const profileOf = ({ id, ...attributes }: Identifiers): IDataObject => ({
	data: { type: 'profile', ...(id === undefined ? {} : { id }), attributes: { ...attributes } },
});

/**
 * The call that records one event. Repeatable: of several with the same `unique_id`, profile and metric Klaviyo keeps
 * the first. https://developers.klaviyo.com/en/reference/events_api_overview
 *
 * @param retryForMs as in `VendorCall`: many events may have to wait for Klaviyo's next minute
 */
export const eventCall = (event: MetricEvent, retryForMs?: number): VendorCall => ({
	method: 'POST',
	path: '/api/events',
	body: {
		data: {
			type: 'event',
			attributes: {
				...eventAttributes(event),
				profile: profileOf(event.profile),
				...(event.backfill ? { backfill: true } : {}),
			},
		},
	},
	repeatable: true,
	retryForMs,
});

/** Records one event, or says that it was not. */
export async function createEvent(
	klaviyo: Klaviyo,
	event: MetricEvent,
	retryForMs?: number,
): Promise<void> {
	await klaviyo.requestOk(`'${event.name}' could not be tracked`, eventCall(event, retryForMs));
}

/**
 * Sends up to 1,000 events as one job. Not repeatable: when a first try has been taken, the second would be refused.
 * https://developers.klaviyo.com/en/reference/bulk_create_events
 *
 * @throws NodeApiError when the credential is not accepted, or may not write events
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

/** Five megabytes may take their time. */
const BULK_TIMEOUT = 60_000;
/** Until Klaviyo's next minute, and some. */
export const BULK_RETRY_FOR_MS = 150_000;

const bulkEntry = (event: MetricEvent): IDataObject => ({
	type: 'event-bulk-create',
	attributes: {
		...(event.backfill ? { backfill: true } : {}),
		profile: profileOf(event.profile),
		events: { data: [{ type: 'event', attributes: eventAttributes(event) }] },
	},
});
