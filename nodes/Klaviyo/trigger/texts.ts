/** Reading texts from Klaviyo's event log, as many as a poll has time for. */
import type { TextEvent } from '../../../domain/items';
import type { Part, Stretch } from '../../shared/catchUpParts';
import { type Deadline, isOver } from '../../shared/pollBudget';
import type { Klaviyo } from '../api/client';
import { eventPages } from '../api/events';
import { textEventOf } from '../api/textEvent';
import { textMetricIds } from '../api/textMetricIds';
import type { TextMetric } from '../api/textMetrics';

/** Where a stretch was left: metrics are read one after the other. */
export interface Walk {
	/** Name of the metric that was not read to its end. */
	metric: string;
	/** Milliseconds since 1970: of it, what came after is left. */
	after: number;
}

/** @returns a reader of all chosen metrics, which looks their ids up at most once */
export function textsReader(
	klaviyo: Klaviyo,
	metrics: readonly TextMetric[],
	deadline: Deadline,
): (stretch: Stretch<Walk>) => Promise<Part<TextEvent, Walk>> {
	let ids: Array<[TextMetric, string]> | undefined;
	return async ({ after, until, progress }) => {
		ids ??= [...(await textMetricIds(klaviyo, metrics))];
		const found: TextEvent[] = [];
		const begun = ids.findIndex(([{ name }]) => name === progress?.metric);
		for (const [metric, id] of ids.slice(Math.max(0, begun))) {
			let reached = metric.name === progress?.metric ? progress.after : after;
			for await (const { events, isLast } of eventPages(klaviyo, id, { after: reached, until })) {
				const texts = events.flatMap((raw) => textEventOf(raw, metric, true) ?? []);
				found.push(...texts);
				reached = Math.max(reached, ...texts.map(({ sentAt }) => Date.parse(sentAt)));
				if (isLast || !isOver(deadline)) continue;
				// The second that the page ended in is read again: more of it may be on the next one.
				const progress = { metric: metric.name, after: reached - 1000 };
				return { found, rest: { after, until, progress } };
			}
		}
		return { found };
	};
}
