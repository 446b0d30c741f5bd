/** Which ticket events there are, and what each is called by Zendesk's webhooks. */
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
};

export const subscriptionsOf = (events: readonly TicketEventName[]): string[] => [
	...new Set(events.map((event) => TYPE_OF[event])),
];

export interface StatusChange {
	name: 'solved' | 'reopened' | 'closed';
	before: TicketStatus | null;
	after: TicketStatus;
}

/**
 * @param from as Zendesk wrote it; null where it did not say
 * @returns undefined for a change that is no event of ours: a ticket that comes back from being deleted, for one, is
 * neither solved nor reopened by that
 */
export function statusChange(from: unknown, to: unknown): StatusChange | undefined {
	const after = wireStatus.safeParse(to).data;
	const before = wireStatus.safeParse(from).data ?? null;
	const isFromElsewhere = before === null && from !== null && from !== undefined;
	if (after === undefined || after === before || isFromElsewhere) return undefined;
	if (after === 'closed' || after === 'solved') return { name: after, before, after };
	return before === 'solved' ? { name: 'reopened', before, after } : undefined;
}

export const keyOf = (
	event: TicketEventName,
	ticketId: string,
	source: { auditId?: string; commentId?: string },
): string | null => {
	if (event === 'opened' || event === 'closed') return `${event}:${ticketId}`;
	if (event === 'agentReplied') return source.commentId ? `reply:${source.commentId}` : null;
	return source.auditId ? `${event}:${ticketId}:${source.auditId}` : null;
};

export const asItems = (events: readonly TicketEvent[]): INodeExecutionData[] =>
	events.map((event) => ({ json: event as unknown as IDataObject }));
