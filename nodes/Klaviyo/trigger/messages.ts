/** Reads messages from Klaviyo's event log, as many as a poll has time for. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import type { MessageEvent } from '../../../domain/items';
import type { PartResult, UnreadWindow } from '../../shared/catchUpParts';
import { isTransient } from '../../shared/answer';
import { type Deadline, isOver } from '../../shared/pollBudget';
import type { Klaviyo } from '../api/client';
import { eventPages, givesTogether, rememberSingly } from '../api/eventReader';
import { metricIdOf, messageEventOf } from '../api/messageEvent';
import { withMessageMetricIds } from '../api/messageMetricIds';
import type { MessageMetric } from '../api/messageMetrics';

/** Where reading of a window stopped. */
export interface Cursor {
	/** Id of the metric that was not read to its end; absent if all are read together. */
	metricId?: string | undefined;
	/** Milliseconds since 1970: its events after this are left to read. */
	after: number;
}

/**
 * @returns a reader of all chosen metrics
 * @throws NodeOperationError if the account has none of them
 */
export const messagesReader =
	(
		klaviyo: Klaviyo,
		chosen: readonly MessageMetric[],
		deadline: Deadline,
	): ((window: UnreadWindow<Cursor>) => Promise<PartResult<MessageEvent, Cursor>>) =>
	async (window) =>
		await withMessageMetricIds(klaviyo, chosen, async (ids) => {
			const metrics = new Map(
				[...ids].flatMap(([metric, some]) => some.map((id) => [id, metric] as const)),
			);
			return await readWindow(klaviyo, metrics, window, deadline);
		});

/** @param metrics by id */
async function readWindow(
	klaviyo: Klaviyo,
	metrics: ReadonlyMap<string, MessageMetric>,
	window: UnreadWindow<Cursor>,
	deadline: Deadline,
): Promise<PartResult<MessageEvent, Cursor>> {
	const { after, until, cursor } = window;
	if (metrics.size > 1 && cursor?.metricId === undefined && givesTogether(klaviyo)) {
		const part = await readMetrics(klaviyo, metrics, [[...metrics.keys()]], window, deadline);
		if (part) return part;
		rememberSingly(klaviyo);
	}
	const singly = [...metrics.keys()].map((id) => [id]);
	// What was left when all were read together is left of each one.
	const rest =
		cursor && cursor.metricId === undefined
			? { ...window, after: cursor.after, cursor: undefined }
			: window;
	const part = (await readMetrics(klaviyo, metrics, singly, rest, deadline)) ?? { found: [] };
	return part.rest ? { ...part, rest: { ...part.rest, after, until } } : part;
}

/**
 * @param groups ids that are read together, one group after the other
 * @returns undefined if Klaviyo does not accept a list of metrics, or does not say which one an event belongs to
 */
async function readMetrics(
	klaviyo: Klaviyo,
	metrics: ReadonlyMap<string, MessageMetric>,
	groups: readonly string[][],
	{ after, until, cursor }: Omit<UnreadWindow<Cursor>, 'cursor'> & { cursor?: Cursor | undefined },
	deadline: Deadline,
): Promise<PartResult<MessageEvent, Cursor> | undefined> {
	const found: MessageEvent[] = [];
	const metricIdIn = (ids: readonly string[]): string | undefined =>
		ids.length > 1 ? undefined : ids[0];
	const isBegun = (ids: readonly string[]): boolean =>
		cursor !== undefined && metricIdIn(ids) === cursor.metricId;
	// The last second of a page is read again: the next page may hold more of it.
	const upTo = (ids: readonly string[], reached: number): PartResult<MessageEvent, Cursor> => ({
		found,
		rest: { after, until, cursor: { metricId: metricIdIn(ids), after: reached - 1000 } },
	});
	let hasRead = false;
	for (const ids of groups.slice(Math.max(0, groups.findIndex(isBegun)))) {
		let reached = isBegun(ids) && cursor ? cursor.after : after;
		try {
			for await (const page of eventPages(klaviyo, ids, { after: reached, until })) {
				const read = page.events.map((raw) => messageOf(raw, ids, metrics));
				if (read.includes('ofUnknownMetric')) return undefined;
				const messages = read.flatMap((message) => (typeof message === 'object' ? message : []));
				found.push(...messages);
				reached = Math.max(reached, ...messages.map(({ sentAt }) => Date.parse(sentAt)));
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

/** @returns undefined if it cannot be read */
function messageOf(
	raw: unknown,
	ids: readonly string[],
	metrics: ReadonlyMap<string, MessageMetric>,
): MessageEvent | 'ofUnknownMetric' | undefined {
	const [only = '', another] = ids;
	const metric = metrics.get(another === undefined ? only : (metricIdOf(raw) ?? ''));
	if (metric) return messageEventOf(raw, metric, true);
	const isReadable = [...metrics.values()].some((any) => messageEventOf(raw, any, true));
	return isReadable ? 'ofUnknownMetric' : undefined;
}
