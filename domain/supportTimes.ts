/** How long support took, as Zendesk counts it for each ticket (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_metrics/). */
import { z } from 'zod';

/** A count that makes no sense counts as not known. */
const count = z.number().nonnegative().nullable().catch(null);

export const supportTimes = z.object({
	/** Minutes from the ticket's creation to the first public answer. Null if there was none yet. */
	firstReplyMinutes: count,
	/** The same, counted only while the account's schedule is open. */
	firstReplyBusinessMinutes: count,
	/** Minutes from the ticket's creation to when it was last solved. */
	resolutionMinutes: count,
	resolutionBusinessMinutes: count,
	/** Public answers. */
	replies: count,
	reopens: count,
	/** When it was last solved; null if it is not solved now. ISO 8601 in UTC. */
	solvedAt: z.string().datetime().nullable(),
});
export type SupportTimes = z.infer<typeof supportTimes>;

/** Zendesk's times are whole seconds, and may be written a moment after the change that they count. */
const SAME_MOMENT = 60_000;

/**
 * Zendesk counts on after an event: what it says of a ticket belongs to the event only if the ticket has not been
 * reopened since. Of a closed ticket nothing changes any more.
 *
 * @param occurredAt ISO 8601
 * @returns the event's properties, without those that are not known
 */
export function timeProperties(
	event: string,
	occurredAt: string,
	times: SupportTimes | null | undefined,
): Record<string, number> {
	const solvedAt = Date.parse(times?.solvedAt ?? '');
	if (!times || Number.isNaN(solvedAt)) return {};
	const since = Date.parse(occurredAt) - solvedAt;
	const isOfEvent =
		event === 'solved'
			? Math.abs(since) <= SAME_MOMENT
			: event === 'closed' && since >= -SAME_MOMENT;
	if (!isOfEvent) return {};
	const properties = {
		first_reply_minutes: times.firstReplyMinutes,
		first_reply_business_minutes: times.firstReplyBusinessMinutes,
		resolution_minutes: times.resolutionMinutes,
		resolution_business_minutes: times.resolutionBusinessMinutes,
		replies: times.replies,
		reopens: times.reopens,
	};
	return Object.fromEntries(
		Object.entries(properties).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
	);
}
