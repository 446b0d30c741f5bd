/** The newest real text of each chosen metric, to try a trigger out with. */
import type { TextEvent } from '../../../domain/items';
import type { Klaviyo } from '../api/client';
import { newestEvents } from '../api/events';
import { textEventOf } from '../api/textEvent';
import { withTextMetricIds } from '../api/textMetricIds';
import type { TextMetric } from '../api/textMetrics';

export interface NewestText {
	metric: TextMetric;
	text: TextEvent;
}

/**
 * @returns newest last
 * @throws NodeOperationError when the account has none of the metrics
 */
export const newestTexts = async (
	klaviyo: Klaviyo,
	metrics: readonly TextMetric[],
): Promise<NewestText[]> =>
	await withTextMetricIds(klaviyo, metrics, async (ids) => {
		const found = await Promise.all(
			[...ids].map(async ([metric, some]) => {
				const newest = await Promise.all(
					some.map(async (id) => await newestEvents(klaviyo, id, 1)),
				);
				const texts = newest.flat().flatMap((raw) => textEventOf(raw, metric, true) ?? []);
				const text = texts.sort(byTime).at(-1);
				return text ? [{ metric, text }] : [];
			}),
		);
		return found.flat().sort((one, other) => byTime(one.text, other.text));
	});

const byTime = (one: TextEvent, other: TextEvent): number => one.sentAt.localeCompare(other.sentAt);
