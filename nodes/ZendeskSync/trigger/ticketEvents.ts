/** Which ticket events there are, and what each is called by Zendesk's webhooks. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { TicketEvent, TicketEventName, TicketStatus } from '../../../domain/items';

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

/** What a change of status is; undefined for one that is no event of ours. */
export function statusEvent(
	before: TicketStatus | undefined,
	after: TicketStatus | undefined,
): 'solved' | 'reopened' | 'closed' | undefined {
	if (after === undefined || after === before) return undefined;
	if (after === 'closed' || after === 'solved') return after;
	return before === 'solved' ? 'reopened' : undefined;
}

/** Webhook times have nine digits after the second, audits none: both become the second they began in. */
export const wholeSecond = (time: string): string => {
	const milliseconds = Date.parse(time);
	return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
};

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
