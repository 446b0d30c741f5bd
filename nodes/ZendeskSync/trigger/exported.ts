/**
 * Ticket events from Zendesk's incremental export: what a webhook, or an execution that died, may have missed.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
 */
import { fromExternalId } from '../../../domain/conversation/externalId';
import type { TicketEvent, TicketEventName } from '../../../domain/items';
import type { TimeWindow } from '../../shared/catchUp';
import type { Zendesk } from '../api/client';
import {
	type ExportedEvent,
	exportPage,
	ticketsWithPeople,
	userPage,
	type WireTicket,
	type WireUser,
	wireStatus,
} from '../api/wire';
import { keyOf, statusEvent, wholeSecond } from './ticketEvents';

/** Ids in one request. https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-multiple-tickets */
const IDS_AT_ONCE = 100;

/** Zendesk takes no `start_time` younger than this, and never gives the last minute. */
const TOO_YOUNG = 61_000;

/** @returns undefined when the credential's user may not read the export: only administrators may */
export async function readExport(
	zendesk: Zendesk,
	{ after, until }: TimeWindow,
): Promise<ExportedEvent[] | undefined> {
	const found = new Map<string, ExportedEvent>();
	let start = Math.floor(Math.min(after, Date.now() - TOO_YOUNG) / 1000);
	for (;;) {
		const answer = await zendesk.ask({
			method: 'GET',
			path: '/api/v2/incremental/ticket_events',
			query: { start_time: start, include: 'comment_events' },
			repeatable: true,
		});
		if (answer.status === 403) return undefined;
		if (answer.status !== 200) throw zendesk.refusal('The ticket events could not be read', answer);
		const page = zendesk.read('The ticket events', exportPage, answer);
		for (const event of page.ticket_events) {
			const time = Date.parse(event.created_at);
			if (time > after && time <= until) found.set(event.id, event);
		}
		const end = page.end_time ?? start;
		if (page.end_of_stream !== false || end <= start || end * 1000 > until) break;
		start = end;
	}
	return [...found.values()];
}

interface Occurrence {
	name: TicketEventName;
	exported: ExportedEvent;
	before?: string;
	after?: string;
	comment?: { id: string; body: string; authorId: string | null };
}

/** What happened in one entry of the export: a comment, a change of status, both, or neither. */
export function occurrences(exported: ExportedEvent): Occurrence[] {
	const found: Occurrence[] = [];
	for (const child of exported.child_events ?? []) {
		const type = child.event_type;
		if (type === 'Create' && !found.some(({ name }) => name === 'opened'))
			found.push({ name: 'opened', exported });
		if (type === 'Change' && typeof child.status === 'string') {
			const before = wireStatus.safeParse(child.previous_value).data;
			const after = wireStatus.safeParse(child.status).data;
			const name = statusEvent(before, after);
			if (name) found.push({ name, exported, before, after });
		}
		if (type === 'Comment' && child.id && (child.public ?? child.comment_public) === true) {
			const comment = {
				id: child.id,
				body: child.plain_body ?? child.body ?? '',
				authorId: child.author_id ?? exported.updater_id,
			};
			found.push({ name: 'agentReplied', exported, comment });
		}
	}
	return found;
}

const chunks = <T>(list: T[]): T[][] =>
	Array.from({ length: Math.ceil(list.length / IDS_AT_ONCE) }, (_, index) =>
		list.slice(index * IDS_AT_ONCE, (index + 1) * IDS_AT_ONCE),
	);

async function readMany(zendesk: Zendesk, path: string, ids: string[], include?: string) {
	const query = { ids: ids.join(','), ...(include ? { include } : {}) };
	return await zendesk.must('The tickets and users of the events could not be read', {
		method: 'GET',
		path,
		query,
		repeatable: true,
	});
}

/** The tickets of the events, and everybody who wrote. Deleted tickets are left out by Zendesk. */
async function readContext(zendesk: Zendesk, found: Occurrence[]) {
	const tickets = new Map<string, WireTicket>();
	const users = new Map<string, WireUser>();
	for (const ids of chunks([...new Set(found.map(({ exported }) => exported.ticket_id))])) {
		const answer = await readMany(zendesk, '/api/v2/tickets/show_many', ids, 'users');
		const page = zendesk.read('The tickets', ticketsWithPeople, answer);
		for (const ticket of page.tickets) tickets.set(ticket.id, ticket);
		for (const user of page.users ?? []) users.set(user.id, user);
	}
	const authors = new Set(found.flatMap(({ comment }) => comment?.authorId ?? []));
	for (const ids of chunks([...authors].filter((id) => !users.has(id)))) {
		const answer = await readMany(zendesk, '/api/v2/users/show_many', ids);
		for (const user of zendesk.read('The users', userPage, answer).users) users.set(user.id, user);
	}
	return { tickets, users };
}

const isStaff = (user: WireUser | undefined): boolean =>
	user?.role === 'agent' || user?.role === 'admin';

/** @returns undefined when the credential's user may not read the export */
export async function eventsBetween(
	zendesk: Zendesk,
	wanted: readonly TicketEventName[],
	window: TimeWindow,
): Promise<TicketEvent[] | undefined> {
	const exported = await readExport(zendesk, window);
	const found = exported?.flatMap(occurrences).filter(({ name }) => wanted.includes(name));
	if (!found || found.length === 0) return found && [];
	const { tickets, users } = await readContext(zendesk, found);
	return found.flatMap(({ name, exported: raw, before, after, comment }): TicketEvent[] => {
		const ticket = tickets.get(raw.ticket_id);
		const author = users.get(comment?.authorId ?? '');
		if (!ticket || (comment && !isStaff(author))) return [];
		const via = ticket.via?.channel ?? null;
		return [
			{
				key: keyOf(name, ticket.id, { auditId: raw.id, commentId: comment?.id }),
				event: name,
				ticketId: ticket.id,
				brandId: ticket.brand_id,
				status: wireStatus.safeParse(after).data ?? ticket.status ?? null,
				previousStatus: wireStatus.safeParse(before).data ?? null,
				tags: ticket.tags ?? [],
				externalId: ticket.external_id,
				channel: fromExternalId(ticket.external_id)?.channel ?? (via === null ? null : String(via)),
				requesterId: ticket.requester_id,
				occurredAt: wholeSecond(raw.created_at),
				comment: comment ? { ...comment, authorName: author?.name ?? null } : null,
				catchUp: true,
				raw,
			},
		];
	});
}
