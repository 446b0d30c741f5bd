/** The one reader of Klaviyo's event log. https://developers.klaviyo.com/en/reference/get_events */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { processMemory } from '../../shared/processMemory';
import { asRefusal } from '../../shared/transport';
import { type Klaviyo, pagesOf } from './client';
import { allOf, compareTime, equals, ofMetrics } from './filter';

export const EVENTS_PATH = '/api/events';

/** Klaviyo's largest page since revision 2026-01-15. */
export const EVENTS_PER_PAGE = 1000;

const ERROR_TITLE = 'Events could not be read';

/** Times are milliseconds since 1970. */
export interface EventSelection {
	profileId?: string;
	/** Only later events. Event times are whole seconds, so windows that meet miss none and share none. */
	after?: number;
	/** This time and later. */
	since?: number | undefined;
	/** This time and earlier. */
	until?: number | undefined;
	newestFirst?: boolean;
	pageSize?: number;
	/** Whether a page includes the profiles of its events. */
	withProfiles?: boolean;
}

/**
 * What to ask the log for: events of one metric, or of several together.
 *
 * @param metricIds several only where Klaviyo accepts a list (`readTogether`): it answers 400 otherwise
 */
export const eventQuery = (
	metricIds: readonly string[],
	{
		profileId,
		after,
		since,
		until,
		newestFirst,
		pageSize = EVENTS_PER_PAGE,
		withProfiles,
	}: EventSelection,
): IDataObject => ({
	filter: allOf([
		ofMetrics(metricIds),
		...(profileId === undefined ? [] : [equals('profile_id', profileId)]),
		...(after === undefined ? [] : [compareTime('greater-than', after)]),
		...(since === undefined ? [] : [compareTime('greater-or-equal', since)]),
		...(until === undefined ? [] : [compareTime('less-or-equal', until)]),
	]),
	sort: newestFirst ? '-datetime' : 'datetime',
	'page[size]': pageSize,
	...(withProfiles
		? {
				include: 'profile',
				'fields[profile]': 'email,external_id,first_name,last_name,phone_number',
			}
		: {}),
});

export interface EventPage {
	events: unknown[];
	included: unknown[];
	isLast: boolean;
}

/** Events as Klaviyo sent them, a page at a time. The caller reads them, and keeps each as `raw`. */
export async function* eventPages(
	klaviyo: Klaviyo,
	metricIds: readonly string[],
	selection: EventSelection,
	errorTitle = ERROR_TITLE,
): AsyncGenerator<EventPage> {
	const query = eventQuery(metricIds, selection);
	for await (const page of pagesOf(klaviyo, errorTitle, z.unknown(), EVENTS_PATH, query))
		yield { events: page.data, included: page.included ?? [], isLast: !page.links?.next };
}

/** As `eventPages`, to the end. */
export async function eventsOf(...request: Parameters<typeof eventPages>): Promise<unknown[]> {
	const found: unknown[] = [];
	for await (const { events } of eventPages(...request)) found.push(...events);
	return found;
}

/** The newest events, newest first: one request. */
export async function newestEvents(
	klaviyo: Klaviyo,
	metricIds: readonly string[],
	count: number,
): Promise<unknown[]> {
	const selection = { newestFirst: true, pageSize: count };
	for await (const { events } of eventPages(klaviyo, metricIds, selection)) return events;
	return [];
}

/** Accounts that were seen to give one metric's events at a time. */
const givesSingly = processMemory<true>();

export const givesTogether = ({ account }: Klaviyo): boolean => !givesSingly.has(account);

export const rememberSingly = ({ account }: Klaviyo): void => void givesSingly.set(account, true);

export const forgetSingly = ({ account }: Klaviyo): void => void givesSingly.delete(account);

/**
 * Reads events of several metrics: in one request where Klaviyo accepts a list of them, otherwise each by itself, from
 * then on.
 *
 * @param read reads the events of these metrics together
 * @returns what `read` returned: of all metrics, or of each
 */
export async function readTogether<T>(
	klaviyo: Klaviyo,
	metricIds: readonly string[],
	read: (metricIds: readonly string[]) => Promise<T>,
): Promise<T[]> {
	if (metricIds.length > 1 && givesTogether(klaviyo)) {
		try {
			return [await read(metricIds)];
		} catch (error) {
			const refusal = asRefusal(klaviyo, error);
			if (refusal.httpCode !== '400') throw refusal;
			rememberSingly(klaviyo);
		}
	}
	return await Promise.all(metricIds.map(async (id) => await read([id])));
}
