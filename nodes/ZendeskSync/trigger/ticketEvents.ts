/** The ticket events, and their types in Zendesk's webhooks. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { TicketEvent, TicketEventName, TicketStatus } from '../../../domain/items';
import { wireStatus } from '../api/wire';

/** https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events */
export const TYPE_OF: Record<TicketEventName, string> = {
	opened: 'zen:event-type:ticket.created',
	solved: 'zen:event-type:ticket.status_changed',
	reopened: 'zen:event-type:ticket.status_changed',
	closed: 'zen:event-type:ticket.status_changed',
	agentReplied: 'zen:event-type:ticket.comment_added',
	deleted: 'zen:event-type:ticket.soft_deleted',
	restored: 'zen:event-type:ticket.undeleted',
	requesterChanged: 'zen:event-type:ticket.requester_changed',
	merged: 'zen:event-type:ticket.merged',
	rated: 'zen:event-type:ticket.csat_received',
};

export const subscriptionsOf = (events: readonly TicketEventName[]): string[] => [
	...new Set(events.map((event) => TYPE_OF[event])),
];

/** A webhook of no event, which an account can have in any case. */
const NO_EVENT = 'conditional_ticket_events';

/** For an account that has no event of ratings: polling brings them. */
export function withoutRatings(subscriptions: readonly string[]): string[] {
	const others = subscriptions.filter((type) => type !== TYPE_OF.rated);
	return others.length > 0 ? others : [NO_EVENT];
}

export interface StatusChange {
	name: 'solved' | 'reopened' | 'closed';
	before: TicketStatus | null;
	after: TicketStatus;
}

/**
 * @param from as Zendesk wrote it; null if it did not
 * @returns undefined for a change that is not an event: a ticket that is restored, for one, is neither solved nor reopened
 * by that
 */
export function statusChange(from: unknown, to: unknown): StatusChange | undefined {
	const after = wireStatus.safeParse(to).data;
	const before = wireStatus.safeParse(from).data ?? null;
	const isFromElsewhere = before === null && from !== null && from !== undefined;
	if (after === undefined || after === before || isFromElsewhere) return undefined;
	if (after === 'closed' || after === 'solved') return { name: after, before, after };
	return before === 'solved' ? { name: 'reopened', before, after } : undefined;
}

interface KeySource {
	auditId?: string | undefined;
	commentId?: string | undefined;
	/** Milliseconds since 1970. */
	at: number;
}

/** Histories have no entry for a deletion, so its second distinguishes it from a later one of the same ticket. */
export function eventKeyOf(
	event: TicketEventName,
	ticketId: string,
	{ auditId, commentId, at }: KeySource,
): string | null {
	if (event === 'opened' || event === 'closed' || event === 'merged') return `${event}:${ticketId}`;
	if (event === 'agentReplied') return commentId ? `reply:${commentId}` : null;
	if (event === 'deleted' || event === 'restored')
		return `${event}:${ticketId}:${Math.floor(at / 1000)}`;
	if (event === 'rated' && auditId) return `rated:${ticketId}:${auditId}:${Math.floor(at / 1000)}`;
	return auditId ? `${event}:${ticketId}:${auditId}` : null;
}

export const asItems = (events: readonly TicketEvent[]): INodeExecutionData[] =>
	events.map((event) => ({ json: event as unknown as IDataObject }));
