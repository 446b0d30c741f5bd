/** Entries of tickets' histories as ticket events, the same that webhooks bring. */
import { isAgentReply } from '../../../domain/agentReply';
import type { TicketEvent, TicketEventName, TicketStatus } from '../../../domain/items';
import { ticketChannel } from '../../../domain/ticketChannel';
import { isShallowEnough } from '../../shared/nesting';
import type { Entry, EntryComment } from '../api/entries';
import type { WireTicket, WireUser } from '../api/wire';
import { keyOf, statusChange } from './ticketEvents';

/** What an entry says happened, before the ticket and the people are known. */
export interface AuditEvent {
	name: TicketEventName;
	entry: Entry;
	before: TicketStatus | null;
	after: TicketStatus | null;
	comment?: EntryComment;
}

export interface Context {
	/** By id. Deleted ones are not there: nothing is brought of them. */
	tickets: ReadonlyMap<string, WireTicket>;
	users: ReadonlyMap<string, WireUser>;
}

const isDeleted = (status: string | null | undefined): boolean =>
	status?.toLowerCase() === 'deleted';

const hasOtherRequester = ({ requesterChange: change }: Entry): boolean =>
	change !== undefined && change.before !== change.after;

/** Public comments are taken for replies here: who wrote them is looked up later. */
export function happenings(entry: Entry): AuditEvent[] {
	const bare = { entry, before: null, after: null };
	const change = statusChange(entry.statusChange?.before, entry.statusChange?.after);
	return [
		...(entry.isCreation ? [{ ...bare, name: 'opened' as const }] : []),
		...(change ? [{ ...change, entry }] : []),
		...(entry.deleted ? [{ ...bare, name: 'deleted' as const }] : []),
		...(isDeleted(entry.statusChange?.before) ? [{ ...bare, name: 'restored' as const }] : []),
		...(hasOtherRequester(entry) ? [{ ...bare, name: 'requesterChanged' as const }] : []),
		...entry.comments
			.filter(({ isPublic }) => isPublic)
			.map((comment) => ({ ...bare, name: 'agentReplied' as const, comment })),
	];
}

/** Whether it may be an event, as far as its entry alone says: an agent's reply, should its author be one. */
export const mayBeEvent = ({ comment }: AuditEvent): boolean =>
	!comment || isAgentReply({ ...comment, byStaff: true, channel: null });

export const keyOfHappening = ({ name, entry, comment }: AuditEvent): string | null =>
	keyOf(name, entry.ticketId, { auditId: entry.id, commentId: comment?.id, at: entry.at });

const isStaff = (user: WireUser | undefined): boolean =>
	user?.role === 'agent' || user?.role === 'admin';

/** What is said of a ticket that is gone: that its requester has changed matters to whoever it was before. */
const GONE = { brand_id: null, external_id: null, status: undefined, tags: [], via: null };

/** @returns undefined for a comment that is no agent's reply, for a deleted ticket, and for what is too deep to keep */
export function ticketEvent(
	happening: AuditEvent,
	{ tickets, users }: Context,
): TicketEvent | undefined {
	const { name, entry, before, after, comment } = happening;
	const requester = name === 'requesterChanged' ? entry.requesterChange : undefined;
	const known = entry.deleted ?? tickets.get(entry.ticketId);
	const ticket = known ?? (requester && GONE);
	if (!ticket || !isShallowEnough(entry.raw)) return undefined;
	const channel = ticketChannel(ticket.external_id, ticket.via?.channel);
	const author = users.get(comment?.authorId ?? '');
	if (comment && !isAgentReply({ ...comment, byStaff: isStaff(author), channel })) return undefined;
	return {
		key: keyOfHappening(happening),
		event: name,
		ticketId: entry.ticketId,
		brandId: ticket.brand_id,
		status: after ?? ticket.status ?? null,
		previousStatus: before,
		tags: ticket.tags ?? [],
		externalId: ticket.external_id,
		channel,
		requesterId: requester ? requester.after : (known?.requester_id ?? null),
		...(requester ? { previousRequesterId: requester.before } : {}),
		occurredAt: new Date(entry.at).toISOString(),
		comment: comment
			? {
					id: comment.id,
					body: comment.body,
					authorId: comment.authorId,
					authorName: author?.name ?? null,
				}
			: null,
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
		.flatMap(happenings)
		.filter(({ name }) => wanted.includes(name))
		.flatMap((one) => ticketEvent(one, context) ?? []);
};
