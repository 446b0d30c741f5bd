/**
 * What was sent with a customer, both ways. Klaviyo has no list of messages: they are read from its event log.
 * https://developers.klaviyo.com/en/docs/get_started_with_the_conversations_api
 */
import { z } from 'zod';
import type { MessageEvent } from '../../../domain/items';
import { type Klaviyo, pagesOf } from './client';
import { EVENTS_PER_PAGE, second } from './events';
import { quoted } from './profiles';
import { messageEventOf } from './messageEvent';
import { type MessageMetricIds, withMessageMetricIds } from './messageMetricIds';
import { metricsOf, type MessageMetric } from './messageMetrics';

/** All that are messages: a subscription is none, though a message may have caused it. */
export const messageMetrics: readonly MessageMetric[] = metricsOf([
	'customerMessaged',
	'delivered',
	'failed',
	'autoResponse',
]);

export interface HistorySelection {
	metrics: readonly MessageMetric[];
	/** Milliseconds since 1970, both inside. */
	since?: number;
	until?: number;
	/** So many of the newest. */
	limit: number;
	/** All by default. */
	kinds?: ReadonlyArray<MessageEvent['kind']>;
}

/** Reads the histories of any number of customers. */
export class HistoryReader {
	constructor(private readonly klaviyo: Klaviyo) {}

	/**
	 * One read for each metric that the account has (and for each further thousand events).
	 *
	 * @returns oldest first
	 * @throws NodeOperationError when the account has no metric about messages
	 */
	async read(profileId: string, selection: HistorySelection): Promise<MessageEvent[]> {
		return await withMessageMetricIds(
			this.klaviyo,
			messageMetrics,
			async (ids) => await this.readBy(ids, profileId, selection),
		);
	}

	private async readBy(
		ids: MessageMetricIds,
		profileId: string,
		selection: HistorySelection,
	): Promise<MessageEvent[]> {
		const messages = await Promise.all(
			selection.metrics.flatMap((metric) =>
				(ids.get(metric) ?? []).map(
					async (id) => await this.newest(id, metric, profileId, selection),
				),
			),
		);
		return messages
			.flat()
			.sort((one, other) => compare(one.sentAt, other.sentAt) || compare(one.key, other.key))
			.slice(-selection.limit);
	}

	private async newest(
		metricId: string,
		metric: MessageMetric,
		profileId: string,
		{ since, until, limit, kinds }: HistorySelection,
	): Promise<MessageEvent[]> {
		const conditions = [
			`equals(metric_id,${quoted(metricId)})`,
			`equals(profile_id,${quoted(profileId)})`,
			...(since === undefined ? [] : [`greater-or-equal(datetime,${second(since)})`]),
			...(until === undefined ? [] : [`less-or-equal(datetime,${second(until)})`]),
		];
		const messages: MessageEvent[] = [];
		const pages = pagesOf(this.klaviyo, 'Messages could not be read', z.unknown(), '/api/events', {
			filter: `and(${conditions.join(',')})`,
			sort: '-datetime',
			'page[size]': Math.min(EVENTS_PER_PAGE, Math.max(limit, MIN_PAGE_SIZE)),
		});
		for await (const { data } of pages) {
			for (const raw of data) {
				const message = messageEventOf(raw, metric, true);
				if (message && (kinds?.includes(message.kind) ?? true)) messages.push(message);
			}
			if (messages.length >= limit) break;
		}
		return messages.slice(0, limit);
	}
}

/** A page worth a call. */
const MIN_PAGE_SIZE = 100;

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
