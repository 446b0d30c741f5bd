/** Converts entries of tickets' histories to the ticket events that webhooks bring. */
import { isAgentReply } from '../../../domain/agentReply';
import type { TicketEvent, TicketEventName, TicketStatus } from '../../../domain/items';
import { ticketChannel } from '../../../domain/ticketChannel';
import { isShallowEnough } from '../../shared/nesting';
import type { Entry, EntryComment } from '../api/entries';
import type { WireTicket, WireUser } from '../api/wire';
import { eventKeyOf, statusChange } from './ticketEvents';

/** An event in an entry, before its ticket and people are known. */
export interface AuditEvent {
	name: TicketEventName;
	entry: Entry;
	before: TicketStatus | null;
	after: TicketStatus | null;
	comment?: EntryComment;
}

export interface TicketsAndUsers {
	/** By id, without deleted tickets: they have no further events. */
	tickets: ReadonlyMap<string, WireTicket>;
	users: ReadonlyMap<string, WireUser>;
}

const isDeleted = (status: string | null | undefined): boolean =>
	status?.toLowerCase() === 'deleted';

const hasOtherRequester = ({ requesterChange: change }: Entry): boolean =>
	change !== undefined && change.before !== change.after;

/** Every public comment counts as a reply here: its author is looked up later. */
export function auditEventsOf(entry: Entry): AuditEvent[] {
	const bare = { entry, before: null, after: null };
	const change = statusChange(entry.statusChange?.before, entry.statusChange?.after);
	return [
		...(entry.isCreation ? [{ ...bare, name: 'opened' as const }] : []),
		...(change ? [{ ...change, entry }] : []),
		...(entry.deleted ? [{ ...bare, name: 'deleted' as const }] : []),
		...(isDeleted(entry.statusChange?.before) ? [{ ...bare, name: 'restored' as const }] : []),
		...(entry.mergedInto ? [{ ...bare, name: 'merged' as const }] : []),
		...(entry.rating ? [{ ...bare, name: 'rated' as const }] : []),
		...(hasOtherRequester(entry) ? [{ ...bare, name: 'requesterChanged' as const }] : []),
		...entry.comments
			.filter(({ isPublic }) => isPublic)
			.map((comment) => ({ ...bare, name: 'agentReplied' as const, comment })),
	];
}

/** Whether it may be an event by its entry alone: a comment is an agent's reply if its author is an agent. */
export const mayBeEvent = ({ comment }: AuditEvent): boolean =>
	!comment || isAgentReply({ ...comment, byStaff: true, channel: null });

export const keyOfAuditEvent = ({ name, entry, comment }: AuditEvent): string | null =>
	eventKeyOf(name, entry.ticketId, { auditId: entry.id, commentId: comment?.id, at: entry.at });

const isStaff = (user: WireUser | undefined): boolean =>
	user?.role === 'agent' || user?.role === 'admin';

/** Stands for a ticket that no longer exists: a change of requester still matters to the previous one. */
const GONE = { brand_id: null, external_id: null, status: undefined, tags: [], via: null };

/** A text message is about the agent whom the ticket is assigned to. */
function agentIn(ticket: WireTicket | undefined, users: TicketsAndUsers['users']) {
	const agentId = ticket?.assignee_id ?? null;
	return { agentId, agentName: users.get(agentId ?? '')?.name ?? null };
}

/** @returns undefined for a comment that is not an agent's reply, for a deleted ticket, and for JSON nested too deeply */
export function ticketEvent(
	event: AuditEvent,
	{ tickets, users }: TicketsAndUsers,
): TicketEvent | undefined {
	const { name, entry, before, after, comment } = event;
	const requester = name === 'requesterChanged' ? entry.requesterChange : undefined;
	const known = entry.deleted ?? tickets.get(entry.ticketId);
	const ticket = known ?? (requester && GONE);
	if (!ticket || !isShallowEnough(entry.raw)) return undefined;
	const channel = ticketChannel(ticket.external_id, ticket.via?.channel);
	const author = users.get(comment?.authorId ?? '');
	if (comment && !isAgentReply({ ...comment, byStaff: isStaff(author), channel })) return undefined;
	return {
		event: name,
		ticketId: entry.ticketId,
		status: after ?? ticket.status ?? null,
		previousStatus: before,
		comment: comment
			? {
					id: comment.id,
					body: comment.body,
					authorId: comment.authorId,
					authorName: author?.name ?? null,
				}
			: null,
		...(name === 'rated' && entry.rating
			? { rating: { ...entry.rating, reason: null, ...agentIn(known, users) } }
			: {}),
		occurredAt: new Date(entry.at).toISOString(),
		...(requester ? { previousRequesterId: requester.before } : {}),
		...(name === 'merged' ? { mergedInto: entry.mergedInto?.ticketId ?? null } : {}),
		...(name === 'closed' && entry.mergedInto ? { closedByMerge: true } : {}),
		channel,
		tags: ticket.tags ?? [],
		requesterId: requester ? requester.after : (known?.requester_id ?? null),
		brandId: ticket.brand_id,
		externalId: ticket.external_id,
		key: keyOfAuditEvent(event),
		catchUp: true,
		raw: entry.raw,
	};
}

/** The events of one ticket, from its own history. */
export const eventsOfHistory = (
	history: { ticket: WireTicket; entries: Entry[]; users: ReadonlyMap<string, WireUser> },
	wanted: readonly TicketEventName[],
): TicketEvent[] => {
	const context = { tickets: new Map([[history.ticket.id, history.ticket]]), users: history.users };
	return history.entries
		.flatMap(auditEventsOf)
		.filter(({ name }) => wanted.includes(name))
		.flatMap((one) => ticketEvent(one, context) ?? []);
};
