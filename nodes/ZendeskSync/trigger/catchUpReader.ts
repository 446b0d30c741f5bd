/** Reads past ticket events: from the export, or from tickets' histories if the credential may not read the export. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import type { TicketEvent, TicketEventName } from '../../../domain/items';
import type { PartResult, UnreadWindow } from '../../shared/catchUpParts';
import { processMemory } from '../../shared/processMemory';
import type { TimeWindow } from '../../shared/catchUp';
import type { Entry } from '../api/entries';
import type { ExportSource } from '../api/ticketExport';
import { showTickets } from '../api/ticketLists';
import { showUsers } from '../api/users';
import type { WireTicket, WireUser } from '../api/wire';
import { readStream } from './exportStream';
import {
	eventsOfHistory,
	type AuditEvent,
	auditEventsOf,
	keyOfAuditEvent,
	mayBeEvent,
	ticketEvent,
} from './auditEvents';
import { type HistoryReader, newCursor, type Cursor, readHistories } from './histories';
import { ratedIn } from './ratedEvents';
import { retryForMsOf } from '../../shared/pollBudget';

const HOUR = 3600_000;

/** When the export was refused, by account and credential. It is tried again after an hour. */
const forbidden = processMemory<number>();

export const mayExport = (account: string): boolean =>
	Date.now() - (forbidden.get(account) ?? 0) > HOUR;

export interface Reader extends HistoryReader {
	wanted: readonly TicketEventName[];
	/** Whether something is left to do for an event, by its key. For others nothing is looked up. */
	isUndone(key: string | null): boolean;
	/** Tickets and users that were already looked up. */
	tickets: Map<string, WireTicket>;
	users: Map<string, WireUser>;
}

/**
 * @returns the events of the window, and what is left of it if time or Zendesk's limit ran out
 * @throws NodeApiError if nothing of it could be read
 */
export async function readPart(
	reader: Reader,
	window: UnreadWindow<Cursor>,
): Promise<PartResult<TicketEvent, Cursor>> {
	const { found, rest } = await readEntries(reader, window);
	if (!reader.wanted.includes('rated')) return { found, ...(rest ? { rest } : {}) };
	const rated = await readRated(reader, window);
	const reached = Math.min(rated.reached, rest?.after ?? window.until);
	return {
		found: [...found, ...rated.found],
		...(reached < window.until || rest
			? { rest: { ...rest, after: reached, until: window.until } }
			: {}),
	};
}

/** Other events do not wait for ratings that cannot be read. */
async function readRated(
	reader: Reader,
	window: TimeWindow,
): Promise<{ found: TicketEvent[]; reached: number }> {
	try {
		return await ratedIn(reader, window);
	} catch (fault) {
		reader.warn(String(fault));
		return { found: [], reached: window.after };
	}
}

async function readEntries(
	reader: Reader,
	window: UnreadWindow<Cursor>,
): Promise<PartResult<TicketEvent, Cursor>> {
	if (mayExport(reader.account)) {
		const part = await fromExport(reader, window);
		if (part !== 'forbidden') return part;
		forbidden.set(reader.account, Date.now());
	}
	return await fromHistories(reader, window);
}

/** The parts of the export that contain such events. */
export const exportSourcesFor = (wanted: readonly TicketEventName[]): ExportSource[] => [
	...(wanted.some((name) => name !== 'deleted') ? ['events' as const] : []),
	...(wanted.includes('deleted') ? ['deletions' as const] : []),
];

async function fromExport(
	reader: Reader,
	{ after, until }: UnreadWindow<Cursor>,
): Promise<PartResult<TicketEvent, Cursor> | 'forbidden'> {
	const found: TicketEvent[] = [];
	const faults: unknown[] = [];
	let reached = until;
	for (const source of exportSourcesFor(reader.wanted)) {
		const read = await readSource(reader, source, { after, until });
		if (read === 'forbidden') return read;
		found.push(...read.found);
		if (read.fault !== undefined) faults.push(read.fault);
		// Events of one source beyond that point come again and are recognized by their key.
		reached = Math.min(reached, read.reached);
	}
	const [fault] = faults;
	if (fault !== undefined && reached === after && found.length === 0)
		throw new NodeApiError(reader.zendesk.context.getNode(), fault as JsonObject);
	if (fault !== undefined) reader.warn(String(fault));
	return { found, ...(reached < until ? { rest: { after: reached, until } } : {}) };
}

async function readSource(
	reader: Reader,
	source: ExportSource,
	{ after, until }: TimeWindow,
): Promise<{ found: TicketEvent[]; reached: number; fault?: unknown } | 'forbidden'> {
	const found: TicketEvent[] = [];
	let reached = after;
	while (reached < until) {
		try {
			const part = await readStream(
				reader.zendesk,
				reader.account,
				source,
				reached,
				reader.deadline,
			);
			if (part === 'forbidden') return part;
			if (!part) break;
			if (part.unreadable > 0)
				reader.warn(`${part.unreadable} entries of Zendesk's export could not be read`);
			const from = reached;
			const entries = part.entries.filter(({ at }) => at > from && at <= until);
			found.push(...(await eventsOf(reader, entries)));
			reached = part.until;
		} catch (fault) {
			return { found, reached, fault };
		}
	}
	return { found, reached };
}

async function fromHistories(
	reader: Reader,
	{ after, until, cursor }: UnreadWindow<Cursor>,
): Promise<PartResult<TicketEvent, Cursor>> {
	const since = Math.min(reader.since, after);
	const { histories, cursor: next } = await readHistories(
		{ ...reader, since },
		cursor ?? newCursor(after),
	);
	const found = histories.flatMap((history) =>
		eventsOfHistory(
			{ ...history, entries: history.entries.filter(({ at }) => at > after && at <= until) },
			reader.wanted,
		),
	);
	return { found, ...(next ? { rest: { after, until, cursor: next } } : {}) };
}

/** Whether it is a user's id. -1 is the system that runs automations. */
const isPerson = (id: string): boolean => /^[1-9]\d*$/.test(id);

/** The events of exported entries, with the present state of their tickets and authors. */
export async function eventsOf(reader: Reader, entries: Entry[]): Promise<TicketEvent[]> {
	const { zendesk, wanted, deadline, tickets, users } = reader;
	const found = entries
		.flatMap(auditEventsOf)
		.filter(
			(one) =>
				wanted.includes(one.name) && mayBeEvent(one) && reader.isUndone(keyOfAuditEvent(one)),
		);
	const retryForMs = (): number => Math.max(1000, retryForMsOf(deadline));
	const unknownOf = (ids: string[], known: ReadonlyMap<string, unknown>): string[] => [
		...new Set(ids.filter((id) => !known.has(id))),
	];
	const there = found.filter(({ entry }) => !entry.deleted).map(({ entry }) => entry.ticketId);
	const shown = await showTickets(zendesk, unknownOf(there, tickets), retryForMs());
	if (shown.unreadable > 0)
		reader.warn(`${shown.unreadable} tickets could not be read: their events are left out`);
	for (const ticket of shown.tickets) tickets.set(ticket.id, ticket);
	for (const user of shown.users) users.set(user.id, user);
	const authors = found.flatMap(({ comment }: AuditEvent) => comment?.authorId ?? []);
	for (const user of await showUsers(
		zendesk,
		unknownOf(authors.filter(isPerson), users),
		retryForMs(),
	))
		users.set(user.id, user);
	return found.flatMap((one) => ticketEvent(one, { tickets, users }) ?? []);
}
