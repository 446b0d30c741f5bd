/** The newest real text of each chosen metric, to try a trigger out with. */
import type { TextEvent } from '../../../domain/items';
import type { Klaviyo } from '../api/client';
import { newestEvent } from '../api/events';
import { textEventOf } from '../api/textEvent';
import { textMetricIds } from '../api/textMetricIds';
import type { TextMetric } from '../api/textMetrics';

export interface NewestText {
	metric: TextMetric;
	text: TextEvent;
}

/** @returns newest last */
export async function newestTexts(
	klaviyo: Klaviyo,
	metrics: readonly TextMetric[],
): Promise<NewestText[]> {
	const ids = await textMetricIds(klaviyo, metrics);
	const found = [...ids].map(async ([metric, id]) => {
		const text = textEventOf(await newestEvent(klaviyo, id), metric, true);
		return text ? [{ metric, text }] : [];
	});
	return (await Promise.all(found))
		.flat()
		.sort((one, other) => one.text.sentAt.localeCompare(other.text.sentAt));
}
