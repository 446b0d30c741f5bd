/**
 * Replaces the export for credentials that may not read it: lists tickets by the time of their last change, and reads the
 * history of each. A history is read once for each change of its ticket, and kept for the higher ages and the account's
 * other triggers.
 */
import { type JsonObject, NodeApiError, UnexpectedError } from 'n8n-workflow';
import { isTransient } from '../../shared/answer';
import { processMemory } from '../../shared/processMemory';
import { type Deadline, isOver, retryForMsOf } from '../../shared/pollBudget';
import { isHistory, readHistory } from '../api/audits';
import type { Zendesk } from '../api/client';
import { type Entry, entryOfAudit } from '../api/entries';
import { saysGone } from '../api/gone';
import { changedPage } from '../api/ticketLists';
import type { WireTicket, WireUser } from '../api/wire';
import { auditEventsOf } from './auditEvents';
import { MAX_CHARACTERS, weightOf } from './memoryLimit';

/** Where a reader stands in the list of changed tickets. */
export interface Cursor {
	/** Tickets whose last change was before this still have to be read, milliseconds since 1970. */
	floor: number;
	/** When this round began. The next one reads what changed in the meantime and so moved to the top of the list. */
	beganAt: number;
	/** Pages of this round that were read. */
	pages: number;
	pageCursor?: string;
	/** Cursors of this round that were followed. */
	followed: Set<string>;
	/** Tickets read in this or an earlier round, as `<ticket>@<its last change>`. */
	done: Set<string>;
}

export interface TicketHistory {
	ticket: WireTicket;
	entries: Entry[];
	users: Map<string, WireUser>;
}

interface KeptHistory {
	/** The ticket's last change, as in the list. */
	updatedAt: string;
	/** Complete from here on, milliseconds since 1970. */
	since: number;
	entries: Entry[];
	users: Map<string, WireUser>;
	weight: number;
}

const kept = processMemory<KeptHistory>();
/** Histories kept in memory. */
const MAX_HISTORIES = 5000;
/** Histories read at the same time. */
const CONCURRENCY = 4;
/** Histories read in one poll: Zendesk allows 500 a minute, for everybody. */
const MAX_READS = 200;
/** How far the next round reaches back before the beginning of this one: stamps are whole seconds, and clocks differ. */
const MARGIN = 60_000;

export const newCursor = (after: number): Cursor => ({
	floor: after,
	beganAt: Date.now(),
	pages: 0,
	followed: new Set(),
	done: new Set(),
});

const versionOf = ({ id, updated_at: updatedAt }: WireTicket): string => `${id}@${updatedAt}`;

/** The credential that reads, and its limits. */
export interface HistoryReader {
	zendesk: Zendesk;
	/** Cache key of the account and credential. */
	account: string;
	/** From when on histories are read, milliseconds since 1970: early enough for every reader. */
	since: number;
	deadline: Deadline;
	/** Gets a message about what could not be read and is skipped. */
	warn(message: string): void;
}

/** How many more histories may be read. */
interface Allowance {
	reads: number;
}

/**
 * Reads the histories of the changed tickets, as far as the deadline allows.
 *
 * @returns the histories, and where to continue; no `cursor` if the list was read to its end
 * @throws NodeApiError
 */
export async function readHistories(
	reader: HistoryReader,
	cursor: Cursor,
): Promise<{ histories: TicketHistory[]; cursor?: Cursor }> {
	const { zendesk, deadline } = reader;
	const histories: TicketHistory[] = [];
	// The given cursor is not changed: if this throws, the same is read again.
	const at = { ...cursor, followed: new Set(cursor.followed), done: new Set(cursor.done) };
	const allowance: Allowance = { reads: MAX_READS };
	while (!isOver(deadline)) {
		const page = await changedPage(zendesk, at.pageCursor, retryForMsOf(deadline));
		if (!page) break;
		const changed = page.tickets.filter((ticket) => Date.parse(ticket.updated_at) >= at.floor);
		const todo = changed.filter((ticket) => !at.done.has(versionOf(ticket)));
		const read = await readEach(reader, todo, allowance);
		for (const history of read) at.done.add(versionOf(history.ticket));
		histories.push(...read);
		if (read.length < todo.length) break;
		at.pages += 1;
		at.pageCursor = changed.length === page.tickets.length ? page.cursor : undefined;
		if (at.pageCursor !== undefined && at.followed.has(at.pageCursor)) {
			// What comes after is unknown. Tickets that were read are not read again.
			reader.warn(
				"Catch-up starts Zendesk's list of tickets again with the next poll: it does not end",
			);
			Object.assign(at, { pageCursor: undefined, pages: 0, followed: new Set() });
			break;
		}
		if (at.pageCursor !== undefined) {
			at.followed.add(at.pageCursor);
			continue;
		}
		// One page is one moment. While several are read, tickets may move to the top.
		if (at.pages === 1) return { histories };
		Object.assign(at, {
			...{ floor: at.beganAt - MARGIN, beganAt: Date.now() },
			...{ pages: 0, followed: new Set() },
		});
	}
	return { histories, cursor: at };
}

/** @returns the histories of as many tickets as time and limits allow, from the first on */
async function readEach(
	reader: HistoryReader,
	tickets: WireTicket[],
	allowance: Allowance,
): Promise<TicketHistory[]> {
	const read: TicketHistory[] = [];
	for (let next = 0; next < tickets.length; next += CONCURRENCY) {
		if (isOver(reader.deadline) || allowance.reads <= 0) break;
		const some = tickets.slice(next, next + CONCURRENCY);
		const answers = await Promise.all(
			some.map(async (ticket) => await historyOf(reader, ticket, allowance)),
		);
		const failed = answers.indexOf(undefined);
		read.push(...answers.slice(0, failed < 0 ? some.length : failed).flatMap((one) => one ?? []));
		if (failed >= 0) break;
	}
	return read;
}

/** @returns undefined if Zendesk does not answer now */
async function historyOf(
	reader: HistoryReader,
	ticket: WireTicket,
	allowance: Allowance,
): Promise<TicketHistory | undefined> {
	const { zendesk, account, since } = reader;
	const name = `${account} ${ticket.id}`;
	const known = kept.get(name);
	if (known?.updatedAt === ticket.updated_at && known.since <= since)
		return { ticket, entries: known.entries, users: known.users };
	allowance.reads -= 1;
	const history = await tryRead(reader, ticket.id);
	if (history instanceof Error) {
		if (isRefusedCredential(history))
			throw new NodeApiError(zendesk.context.getNode(), history as unknown as JsonObject);
		reader.warn(`Catch-up skips ticket ${ticket.id}: ${history.message}`);
		return { ticket, entries: [], users: new Map() };
	}
	if (!isHistory(history)) {
		// Deleted since it was listed: it has no further events.
		if (saysGone(history)) return { ticket, entries: [], users: new Map() };
		if (isTransient(history)) return undefined;
		throw zendesk.refusal(`The history of ticket ${ticket.id} could not be read`, history);
	}
	const all = history.audits.map((audit) => entryOfAudit(ticket.id, audit));
	const entries = all.filter((entry) => entry.at >= since && auditEventsOf(entry).length > 0);
	// Audits may be behind their ticket for a moment, and are not kept then.
	if (all.some(({ at }) => at >= Date.parse(ticket.updated_at)))
		keepHistory(name, {
			...{ updatedAt: ticket.updated_at, since, entries, users: history.users },
			weight: weightOf(entries),
		});
	return { ticket, entries, users: history.users };
}

/** A response of an unknown shape is returned as an error: one odd ticket must not hold up the others. */
async function tryRead(
	{ zendesk, since, deadline }: HistoryReader,
	ticketId: string,
): Promise<Awaited<ReturnType<typeof readHistory>> | Error> {
	const retryForMs = retryForMsOf(deadline);
	try {
		return await readHistory(zendesk, ticketId, since, async (call) =>
			zendesk.tryRequest({ ...call, retryForMs }),
		);
	} catch (error) {
		return error instanceof Error ? error : new UnexpectedError(String(error));
	}
}

const isRefusedCredential = (fault: Error): boolean =>
	fault instanceof NodeApiError && fault.httpCode === '401';

function keepHistory(name: string, history: KeptHistory): void {
	kept.delete(name);
	kept.set(name, history);
	let weight = [...kept.values()].reduce((sum, one) => sum + one.weight, 0);
	for (const [oldest, { weight: its }] of kept) {
		if (kept.size <= MAX_HISTORIES && weight <= MAX_CHARACTERS) break;
		kept.delete(oldest);
		weight -= its;
	}
}
