/** Events: reading a metric's, and recording one. */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import type { TicketMetric } from '../../../domain/ticketMetric';
import type { TimeWindow } from '../../shared/catchUp';
import { type Klaviyo, readAll } from './client';
import { page } from './wire';

/** Klaviyo's largest page since revision 2026-01-15. */
const PAGE = 1000;

/** Event times are whole seconds, so windows that meet miss none and share none. */
const second = (milliseconds: number): string =>
	`${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}+00:00`;

/** What an event is, before it is known to be readable: it travels on as `raw`. */
const anyEvent = z.unknown();

/**
 * @param also further conditions in Klaviyo's filter language, such as `equals(profile_id,"...")`
 * @returns events as Klaviyo sent them, oldest first
 */
export async function eventsOf(
	klaviyo: Klaviyo,
	metricId: string,
	{ after, until }: TimeWindow,
	also: readonly string[] = [],
): Promise<unknown[]> {
	const conditions = [
		`equals(metric_id,"${metricId}")`,
		`greater-than(datetime,${second(after)})`,
		`less-or-equal(datetime,${second(until)})`,
		...also,
	];
	const { data } = await readAll(klaviyo, 'Events could not be read', anyEvent, '/api/events', {
		filter: `and(${conditions.join(',')})`,
		sort: 'datetime',
		'page[size]': PAGE,
	});
	return data as unknown[];
}

/** The newest event of a metric, as a sample, or undefined when it has none. */
export async function newestEvent(klaviyo: Klaviyo, metricId: string): Promise<unknown> {
	const what = 'Events could not be read';
	const answer = await klaviyo.must(what, {
		method: 'GET',
		path: '/api/events',
		query: { filter: `equals(metric_id,"${metricId}")`, sort: '-datetime', 'page[size]': 1 },
		repeatable: true,
	});
	return klaviyo.read(what, page(anyEvent), answer).data[0];
}

/** The event inside a request, the same for the single endpoint and for bulk jobs. */
export const eventAttributes = ({
	name,
	uniqueId,
	time,
	properties,
}: TicketMetric): IDataObject => ({
	properties: properties as IDataObject,
	metric: { data: { type: 'metric', attributes: { name } } },
	time,
	unique_id: uniqueId,
});

/**
 * Records one event. Repeatable: of several with the same `unique_id`, profile and metric Klaviyo keeps the first.
 * https://developers.klaviyo.com/en/reference/events_api_overview
 */
export async function createEvent(klaviyo: Klaviyo, metric: TicketMetric): Promise<void> {
	await klaviyo.must(`'${metric.name}' could not be tracked`, {
		method: 'POST',
		path: '/api/events',
		body: {
			data: {
				type: 'event',
				attributes: {
					...eventAttributes(metric),
					profile: { data: { type: 'profile', attributes: { ...metric.profile } } },
				},
			},
		},
		repeatable: true,
	});
}
