/** Which messages of a conversation the parameters ask for. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { MessageEvent, MessageEventName } from '../../../../domain/items';
import { parseTime } from '../../../shared/time';
import { type HistorySelection, messageMetrics } from '../../api/history';
import { metricsOf } from '../../api/messageMetrics';

interface HistoryFilters {
	direction?: 'both' | MessageEvent['direction'];
	events?: MessageEventName[];
	kinds?: Array<MessageEvent['kind']>;
	since?: unknown;
	until?: unknown;
}

/** @throws NodeOperationError when a time makes no sense */
export function selectionAt(context: IExecuteFunctions, itemIndex: number): HistorySelection {
	const { direction, events, kinds, since, until } = context.getNodeParameter(
		'filters',
		itemIndex,
		{},
	) as HistoryFilters;
	const returnsAll = context.getNodeParameter('returnAll', itemIndex) === true;
	const wanted = kinds?.length ? kinds : undefined;
	const chosen = events?.length ? metricsOf(events) : messageMetrics;
	return {
		metrics: chosen.filter(
			(metric) =>
				messageMetrics.includes(metric) &&
				(!direction || direction === 'both' || metric.direction === direction) &&
				// A metric without a kind of its own has messages of several.
				(!wanted || metric.kind === null || wanted.includes(metric.kind)),
		),
		since: timeAt(context, itemIndex, 'Since', since),
		until: timeAt(context, itemIndex, 'Until', until),
		limit: returnsAll ? Infinity : limitAt(context, itemIndex),
		kinds: wanted,
	};
}

/** An expression may give anything. */
const limitAt = (context: IExecuteFunctions, itemIndex: number): number =>
	Math.max(1, Math.floor(Number(context.getNodeParameter('limit', itemIndex))) || 1);

function timeAt(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	value: unknown,
): number | undefined {
	const written = value === null || value === undefined ? '' : String(value);
	if (written.trim() === '') return undefined;
	const time = parseTime(written, context.getTimezone());
	if (!Number.isNaN(time)) return time;
	throw new NodeOperationError(context.getNode(), `'${name}' is no time: '${written}'`, {
		itemIndex,
		description: 'Give a date such as 2026-01-31, or leave it empty.',
	});
}
