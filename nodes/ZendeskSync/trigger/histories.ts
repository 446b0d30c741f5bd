/**
 * What the export would tell, for a credential that may not read it: the tickets by the time of their last change, and
 * the history of each. A history is read once for each change of its ticket, and kept for the higher ages and the
 * account's other triggers.
 */
import { type JsonObject, NodeApiError, UnexpectedError } from 'n8n-workflow';
import { isGone, isTransient } from '../../shared/answer';
import { processMemory } from '../../shared/processMemory';
import { type Deadline, isOver, retryForMsOf } from '../../shared/pollBudget';
import { isHistory, readHistory } from '../api/audits';
import type { Zendesk } from '../api/client';
import { type Entry, entryOfAudit } from '../api/entries';
import { changedPage } from '../api/ticketLists';
import type { WireTicket, WireUser } from '../api/wire';
import { happenings } from './auditEvents';
import { MOST_CHARACTERS, weightOf } from './weight';

/** Where a reader stands in the list of changed tickets. */
export interface Cursor {
	/** Tickets that last changed before it are left, milliseconds since 1970. */
	floor: number;
	/** When this round began: the next one looks for what has changed meanwhile, and was moved to the list's top. */
	beganAt: number;
	/** Pages of this round that were done. */
	pages: number;
	cursor?: string;
	/** What was read in this or an earlier round, as `<ticket>@<its last change>`. */
	done: Set<string>;
}

export interface TicketHistory {
	ticket: WireTicket;
	entries: Entry[];
	users: Map<string, WireUser>;
}

interface KeptHistory {
	/** The ticket's last change, as the list gave it. */
	updatedAt: string;
	/** Complete from here on, milliseconds since 1970. */
	since: number;
	entries: Entry[];
	users: Map<string, WireUser>;
	weight: number;
}

const kept = processMemory<KeptHistory>();
/** Histories kept in memory. */
const MOST_KEPT = 5000;
/** Histories read at the same time. */
const AT_ONCE = 4;
/** Histories read in one poll: Zendesk allows 500 a minute, for everybody. */
const MOST_READ = 200;
/** How much earlier the next round begins than this one did: stamps are whole seconds, and clocks differ. */
const MARGIN = 60_000;

export const newWalk = (after: number): Cursor => ({
	floor: after,
	beganAt: Date.now(),
	pages: 0,
	done: new Set(),
});

const nameOf = ({ id, updated_at: updatedAt }: WireTicket): string => `${id}@${updatedAt}`;

/** Who reads, with what, and until when. */
export interface HistoryReader {
	zendesk: Zendesk;
	/** Names credential and account. */
	account: string;
	/** How far back histories are read, milliseconds since 1970: no later than any reader will want to know. */
	since: number;
	deadline: Deadline;
	/** Told what could not be read: it is passed over. */
	warn(message: string): void;
}

/** How many more histories may be read. */
interface Allowance {
	reads: number;
}

/**
 * Goes through the changed tickets, as far as the deadline allows.
 *
 * @returns the histories, and where to go on; no `walk` when the list was read to its end
 * @throws NodeApiError
 */
export async function walkHistories(
	reader: HistoryReader,
	walk: Cursor,
): Promise<{ histories: TicketHistory[]; walk?: Cursor }> {
	const { zendesk, deadline } = reader;
	const histories: TicketHistory[] = [];
	// The walk that was given stays as it is: when this one throws, what it has read is read again.
	const at = { ...walk, done: new Set(walk.done) };
	const allowance: Allowance = { reads: MOST_READ };
	while (!isOver(deadline)) {
		const page = await changedPage(zendesk, at.cursor, retryForMsOf(deadline));
		if (!page) break;
		const changed = page.tickets.filter((ticket) => Date.parse(ticket.updated_at) >= at.floor);
		const todo = changed.filter((ticket) => !at.done.has(nameOf(ticket)));
		const read = await readEach(reader, todo, allowance);
		for (const history of read) at.done.add(nameOf(history.ticket));
		histories.push(...read);
		if (read.length < todo.length) break;
		at.pages += 1;
		// A cursor that leads to itself would be followed by every poll.
		const goesOn = changed.length === page.tickets.length && page.cursor !== at.cursor;
		at.cursor = goesOn ? page.cursor : undefined;
		if (at.cursor !== undefined) continue;
		// One page is one moment. Over several, tickets move to the top behind our back.
		if (at.pages === 1) return { histories };
		Object.assign(at, { floor: at.beganAt - MARGIN, beganAt: Date.now(), pages: 0 });
	}
	return { histories, walk: at };
}

/** @returns the histories of the first tickets, as many as time and limits allow */
async function readEach(
	reader: HistoryReader,
	tickets: WireTicket[],
	allowance: Allowance,
): Promise<TicketHistory[]> {
	const read: TicketHistory[] = [];
	for (let next = 0; next < tickets.length; next += AT_ONCE) {
		if (isOver(reader.deadline) || allowance.reads <= 0) break;
		const some = tickets.slice(next, next + AT_ONCE);
		const answers = await Promise.all(
			some.map(async (ticket) => await historyOf(reader, ticket, allowance)),
		);
		const failed = answers.indexOf(undefined);
		read.push(...answers.slice(0, failed < 0 ? some.length : failed).flatMap((one) => one ?? []));
		if (failed >= 0) break;
	}
	return read;
}

/** @returns undefined when Zendesk does not tell now */
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
	const history = await readOrFault(reader, ticket.id);
	if (history instanceof Error) {
		if (isRefusedCredential(history))
			throw new NodeApiError(zendesk.context.getNode(), history as unknown as JsonObject);
		reader.warn(`Ticket ${ticket.id} is left out of catch-up: ${history.message}`);
		return { ticket, entries: [], users: new Map() };
	}
	if (!isHistory(history)) {
		// Deleted since it was listed: nothing is brought of it.
		if (isGone(history)) return { ticket, entries: [], users: new Map() };
		if (isTransient(history)) return undefined;
		throw zendesk.refusal(`The history of ticket ${ticket.id} could not be read`, history);
	}
	const all = history.audits.map((audit) => entryOfAudit(ticket.id, audit));
	const entries = all.filter((entry) => entry.at >= since && happenings(entry).length > 0);
	// Audits may be behind their ticket for a moment: then they are not kept.
	if (all.some(({ at }) => at >= Date.parse(ticket.updated_at)))
		keep(name, {
			...{ updatedAt: ticket.updated_at, since, entries, users: history.users },
			weight: weightOf(entries),
		});
	return { ticket, entries, users: history.users };
}

/** What has another shape than documented is a fault: one odd ticket must not keep back the others. */
async function readOrFault(
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

function keep(name: string, history: KeptHistory): void {
	kept.delete(name);
	kept.set(name, history);
	let weight = [...kept.values()].reduce((sum, one) => sum + one.weight, 0);
	for (const [oldest, { weight: its }] of kept) {
		if (kept.size <= MOST_KEPT && weight <= MOST_CHARACTERS) break;
		kept.delete(oldest);
		weight -= its;
	}
}
