/** Reads from the parameters which messages of a conversation are wanted. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { ConversationChannel } from '../../../../domain/channel';
import type { MessageEvent, MessageEventName } from '../../../../domain/items';
import { toE164 } from '../../../../domain/phone';
import { valueIn } from '../../../shared/locator';
import { toPlainString } from '../../../shared/parameters';
import { fieldError, phoneFault } from '../../../shared/fieldFaults';
import { parseTime } from '../../../shared/time';
import { historyMetrics, type HistorySelection } from '../../api/messageHistory';
import { metricsOf } from '../../api/messageMetrics';

interface HistoryFilters {
	channels?: ConversationChannel[];
	direction?: 'both' | MessageEvent['direction'];
	events?: MessageEventName[];
	kinds?: Array<MessageEvent['kind']>;
	sendingNumber?: unknown;
	since?: unknown;
	until?: unknown;
}

/** @throws NodeOperationError if a date is not valid */
export function selectionAt(context: IExecuteFunctions, itemIndex: number): HistorySelection {
	const { channels, direction, events, kinds, sendingNumber, since, until } =
		context.getNodeParameter('filters', itemIndex, {}) as HistoryFilters;
	const returnsAll = context.getNodeParameter('returnAll', itemIndex) === true;
	const wanted = kinds?.length ? kinds : undefined;
	const chosen = events?.length ? metricsOf(events) : historyMetrics;
	return {
		metrics: chosen.filter(
			(metric) =>
				historyMetrics.includes(metric) &&
				(!channels?.length || channels.includes(metric.channel)) &&
				(!direction || direction === 'both' || metric.direction === direction) &&
				// A metric without a kind has messages of several kinds.
				(!wanted || metric.kind === null || wanted.includes(metric.kind)),
		),
		since: timeAt(context, itemIndex, 'Since', since),
		until: timeAt(context, itemIndex, 'Until', until),
		limit: returnsAll ? Infinity : limitAt(context, itemIndex),
		kinds: wanted,
		ownNumber: ownNumberAt(context, itemIndex, sendingNumber),
	};
}

/** The digits of the longest short code. */
const SHORT_CODE = 6;

/**
 * A number in the form in which messages have it. Short codes and names have no country code.
 *
 * @throws NodeOperationError if it is a phone number without one
 */
function ownNumberAt(
	context: IExecuteFunctions,
	itemIndex: number,
	chosen: unknown,
): string | undefined {
	const typed = toPlainString(valueIn(chosen)).trim();
	const digits = typed.replace(/\D/g, '').length;
	const phone = toE164(typed);
	if (!phone && digits > SHORT_CODE)
		throw fieldError(context, itemIndex, phoneFault('Sending Number', typed));
	return phone ?? (typed || undefined);
}

/** An expression may return anything. */
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
	throw new NodeOperationError(context.getNode(), `'${name}' is not a valid date: '${written}'`, {
		itemIndex,
		description: 'Enter a date such as 2026-01-31, or leave it empty.',
	});
}
