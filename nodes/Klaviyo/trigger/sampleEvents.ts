/** The newest real message of each chosen metric, for testing a trigger. */
import type { MessageEvent } from '../../../domain/items';
import type { Klaviyo } from '../api/client';
import { newestEvents } from '../api/eventReader';
import { messageEventOf } from '../api/messageEvent';
import { withMessageMetricIds } from '../api/messageMetricIds';
import type { MessageMetric } from '../api/messageMetrics';

export interface NewestMessage {
	metric: MessageMetric;
	message: MessageEvent;
}

/**
 * @returns newest last
 * @throws NodeOperationError if the account has none of the metrics
 */
export const newestMessages = async (
	klaviyo: Klaviyo,
	metrics: readonly MessageMetric[],
): Promise<NewestMessage[]> =>
	await withMessageMetricIds(klaviyo, metrics, async (ids) => {
		const found = await Promise.all(
			[...ids].map(async ([metric, some]) => {
				const newest = await Promise.all(
					some.map(async (id) => await newestEvents(klaviyo, [id], 1)),
				);
				const messages = newest.flat().flatMap((raw) => messageEventOf(raw, metric, true) ?? []);
				const message = messages.sort(byTime).at(-1);
				return message ? [{ metric, message }] : [];
			}),
		);
		return found.flat().sort((one, other) => byTime(one.message, other.message));
	});

const byTime = (one: MessageEvent, other: MessageEvent): number =>
	one.sentAt.localeCompare(other.sentAt);
