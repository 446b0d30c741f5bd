/** Reads a window of Klaviyo's event log, as much of it as a poll has time for. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import { isTransient } from '../../shared/answer';
import type { PartResult, UnreadWindow } from '../../shared/catchUpParts';
import { type Deadline, isOver } from '../../shared/pollBudget';
import type { Klaviyo } from '../api/client';
import type { EventSelection } from '../api/eventReader';

/** Where reading of a window stopped. */
export interface Cursor {
	/** Id of the metric that was not read to its end; absent if all are read together. */
	metricId?: string | undefined;
	/** Milliseconds since 1970: its events after this are left to read. */
	after: number;
}

export type EventRange = Omit<UnreadWindow<Cursor>, 'cursor'> & { cursor?: Cursor | undefined };

interface GroupReader<T> {
	/** `onlySingly`: Klaviyo does not say which of the metrics an event belongs to. */
	pagesOf(
		metricIds: readonly string[],
		selection: EventSelection,
	): AsyncIterable<{ events: T[]; isLast: boolean } | 'onlySingly'>;
	/** ISO 8601 */
	timeOf(event: T): string;
}

/**
 * @param groups ids of metrics that are read together, one group after the other
 * @returns undefined if these metrics can only be read singly
 */
export async function readGroups<T>(
	klaviyo: Klaviyo,
	groups: ReadonlyArray<readonly string[]>,
	{ after, until, cursor }: EventRange,
	deadline: Deadline,
	{ pagesOf, timeOf }: GroupReader<T>,
): Promise<PartResult<T, Cursor> | undefined> {
	const found: T[] = [];
	const metricIdIn = (ids: readonly string[]): string | undefined =>
		ids.length > 1 ? undefined : ids[0];
	const isBegun = (ids: readonly string[]): boolean =>
		cursor !== undefined && metricIdIn(ids) === cursor.metricId;
	// The last second of a page is read again: the next page may hold more of it.
	const upTo = (ids: readonly string[], reached: number): PartResult<T, Cursor> => ({
		found,
		rest: { after, until, cursor: { metricId: metricIdIn(ids), after: reached - 1000 } },
	});
	let hasRead = false;
	for (const ids of groups.slice(Math.max(0, groups.findIndex(isBegun)))) {
		let reached = isBegun(ids) && cursor ? cursor.after : after;
		try {
			for await (const page of pagesOf(ids, { after: reached, until })) {
				if (page === 'onlySingly') return undefined;
				found.push(...page.events);
				reached = Math.max(reached, ...page.events.map((event) => Date.parse(timeOf(event))));
				hasRead = true;
				if (!page.isLast && isOver(deadline)) return upTo(ids, reached);
			}
		} catch (error) {
			const refusal = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
			if (ids.length > 1 && refusal.httpCode === '400') return undefined;
			// Keep what was read: if Klaviyo is slow, every poll would read it again otherwise.
			if (hasRead && isTransient({ status: Number(refusal.httpCode) })) return upTo(ids, reached);
			throw refusal;
		}
	}
	return { found };
}
