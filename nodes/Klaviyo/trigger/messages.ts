/** Reads messages from Klaviyo's event log, as many as a poll has time for. */
import type { MessageEvent } from '../../../domain/items';
import type { PartResult, UnreadWindow } from '../../shared/catchUpParts';
import type { Deadline } from '../../shared/pollBudget';
import type { Klaviyo } from '../api/client';
import { eventPages, givesTogether, rememberSingly } from '../api/eventReader';
import { metricIdOf, messageEventOf } from '../api/messageEvent';
import { withMessageMetricIds } from '../api/messageMetricIds';
import type { MessageMetric } from '../api/messageMetrics';
import { type Cursor, type EventRange, readGroups } from './readGroups';

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

/** @param groups ids that are read together, one group after the other */
const readMetrics = async (
	klaviyo: Klaviyo,
	metrics: ReadonlyMap<string, MessageMetric>,
	groups: readonly string[][],
	range: EventRange,
	deadline: Deadline,
): Promise<PartResult<MessageEvent, Cursor> | undefined> =>
	await readGroups(klaviyo, groups, range, deadline, {
		async *pagesOf(ids, selection) {
			for await (const page of eventPages(klaviyo, ids, selection)) {
				const read = page.events.map((raw) => messageOf(raw, ids, metrics));
				if (read.includes('ofUnknownMetric')) yield 'onlySingly';
				const events = read.flatMap((message) => (typeof message === 'object' ? message : []));
				yield { events, isLast: page.isLast };
			}
		},
		timeOf: ({ sentAt }) => sentAt,
	});

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
