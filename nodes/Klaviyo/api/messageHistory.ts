/**
 * What was sent with a customer, both ways. Klaviyo has no list of messages: they are read from its event log.
 * https://developers.klaviyo.com/en/docs/get_started_with_the_conversations_api
 */
import type { MessageEvent } from '../../../domain/items';
import { toE164 } from '../../../domain/phone';
import type { Klaviyo } from './client';
import { eventPages, EVENTS_PER_PAGE } from './eventReader';
import { messageEventOf } from './messageEvent';
import { withMessageMetricIds } from './messageMetricIds';
import { metricsOf, type MessageMetric } from './messageMetrics';

/** The metrics of messages. A subscription is not one, although a message may have caused it. */
export const historyMetrics: readonly MessageMetric[] = metricsOf([
	'customerMessaged',
	'delivered',
	'failed',
	'autoResponse',
]);

export interface HistorySelection {
	metrics: readonly MessageMetric[];
	/** Milliseconds since 1970, both inclusive. */
	since?: number;
	until?: number;
	/** This many of the newest messages. */
	limit: number;
	/** All by default. */
	kinds?: ReadonlyArray<MessageEvent['kind']>;
	/** The account's own. A message that does not show its number may be of any. */
	ownNumber?: string | undefined;
}

/**
 * Makes one request for each metric that the account has, and one for each further thousand events.
 *
 * @returns oldest first
 * @throws NodeOperationError if the account has no metric about messages
 */
export async function readHistory(
	klaviyo: Klaviyo,
	profileId: string,
	selection: HistorySelection,
): Promise<MessageEvent[]> {
	return await withMessageMetricIds(klaviyo, historyMetrics, async (ids) => {
		const messages = await Promise.all(
			selection.metrics.flatMap((metric) =>
				(ids.get(metric) ?? []).map(
					async (id) => await newestMessages(klaviyo, id, metric, profileId, selection),
				),
			),
		);
		return messages
			.flat()
			.sort((one, other) => compare(one.sentAt, other.sentAt) || compare(one.key, other.key))
			.slice(-selection.limit);
	});
}

function isOf({ direction, from, to }: MessageEvent, ownNumber: string | undefined): boolean {
	const own = direction === 'inbound' ? to : from;
	return ownNumber === undefined || !own || (toE164(own) ?? own) === ownNumber;
}

/** A page worth a request. */
const MIN_PAGE_SIZE = 100;

async function newestMessages(
	klaviyo: Klaviyo,
	metricId: string,
	metric: MessageMetric,
	profileId: string,
	{ since, until, limit, kinds, ownNumber }: HistorySelection,
): Promise<MessageEvent[]> {
	const messages: MessageEvent[] = [];
	const pageSize = Math.min(EVENTS_PER_PAGE, Math.max(limit, MIN_PAGE_SIZE));
	const pages = eventPages(
		klaviyo,
		[metricId],
		{ profileId, since, until, newestFirst: true, pageSize },
		'Messages could not be read',
	);
	for await (const { events } of pages) {
		for (const raw of events) {
			const message = messageEventOf(raw, metric, true);
			if (!message || !(kinds?.includes(message.kind) ?? true)) continue;
			if (isOf(message, ownNumber)) messages.push(message);
		}
		if (messages.length >= limit) break;
	}
	return messages.slice(0, limit);
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
