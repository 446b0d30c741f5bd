/**
 * What the export would tell, for a credential that may not read it: the tickets by the time of their last change, and
 * the history of each. A history is read once for each change of its ticket, and kept for the higher ages and the
 * account's other triggers.
 */
import { isPassing } from '../../shared/http';
import { processMemory } from '../../shared/processMemory';
import { isHistory, readHistory } from '../api/audits';
import type { Zendesk } from '../api/client';
import { type Entry, entryOfAudit } from '../api/entries';
import { changedPage } from '../api/ticketLists';
import type { WireTicket, WireUser } from '../api/wire';
import { happenings } from './fromEntries';
import { type Deadline, isOver, patienceOf } from './readLimits';

/** Where a reader stands in the list of changed tickets. */
export interface Walk {
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

export const newWalk = (after: number): Walk => ({
	floor: after,
	beganAt: Date.now(),
	pages: 0,
	done: new Set(),
});

const nameOf = ({ id, updated_at: updatedAt }: WireTicket): string => `${id}@${updatedAt}`;

/**
 * Goes through the changed tickets, as far as the deadline allows.
 *
 * @param since how far back histories are read, milliseconds since 1970: no later than any reader will want to know
 * @returns the histories, and where to go on; no `walk` when the list was read to its end
 * @throws NodeApiError
 */
export async function walkHistories(
	zendesk: Zendesk,
	account: string,
	walk: Walk,
	since: number,
	deadline: Deadline,
): Promise<{ histories: TicketHistory[]; walk?: Walk }> {
	const histories: TicketHistory[] = [];
	const at = { ...walk };
	const budget = { reads: MOST_READ };
	while (!isOver(deadline)) {
		const page = await changedPage(zendesk, at.cursor, patienceOf(deadline));
		if (!page) break;
		const changed = page.tickets.filter((ticket) => Date.parse(ticket.updated_at) >= at.floor);
		const todo = changed.filter((ticket) => !at.done.has(nameOf(ticket)));
		const read = await readEach(zendesk, account, todo, since, deadline, budget);
		for (const history of read) at.done.add(nameOf(history.ticket));
		histories.push(...read);
		if (read.length < todo.length) break;
		at.pages += 1;
		at.cursor = changed.length === page.tickets.length ? page.cursor : undefined;
		if (at.cursor !== undefined) continue;
		// One page is one moment. Over several, tickets move to the top behind our back.
		if (at.pages === 1) return { histories };
		Object.assign(at, { floor: at.beganAt - MARGIN, beganAt: Date.now(), pages: 0 });
	}
	return { histories, walk: at };
}

/** @returns the histories of the first tickets, as many as time and limits allow */
async function readEach(
	zendesk: Zendesk,
	account: string,
	tickets: WireTicket[],
	since: number,
	deadline: Deadline,
	budget: { reads: number },
): Promise<TicketHistory[]> {
	const read: TicketHistory[] = [];
	for (let next = 0; next < tickets.length; next += AT_ONCE) {
		if (isOver(deadline) || budget.reads <= 0) break;
		const some = tickets.slice(next, next + AT_ONCE);
		const answers = await Promise.all(
			some.map(
				async (ticket) => await historyOf(zendesk, account, ticket, since, deadline, budget),
			),
		);
		const failed = answers.indexOf(undefined);
		read.push(...answers.slice(0, failed < 0 ? some.length : failed).flatMap((one) => one ?? []));
		if (failed >= 0) break;
	}
	return read;
}

/** @returns undefined when Zendesk does not tell now */
async function historyOf(
	zendesk: Zendesk,
	account: string,
	ticket: WireTicket,
	since: number,
	deadline: Deadline,
	budget: { reads: number },
): Promise<TicketHistory | undefined> {
	const name = `${account} ${ticket.id}`;
	const known = kept.get(name);
	if (known?.updatedAt === ticket.updated_at && known.since <= since)
		return { ticket, entries: known.entries, users: known.users };
	budget.reads -= 1;
	const patience = patienceOf(deadline);
	const history = await readHistory(zendesk, ticket.id, since, async (call) =>
		zendesk.ask({ ...call, patience }),
	);
	if (!isHistory(history)) {
		// Deleted since it was listed: nothing is brought of it.
		if (history.status === 404) return { ticket, entries: [], users: new Map() };
		if (isPassing(history)) return undefined;
		throw zendesk.refusal(`The history of ticket ${ticket.id} could not be read`, history);
	}
	const all = history.audits.map((audit) => entryOfAudit(ticket.id, audit));
	// Audits may be behind their ticket for a moment.
	const isCurrent = all.some(({ at }) => at >= Date.parse(ticket.updated_at));
	const entries = all.filter((entry) => entry.at >= since && happenings(entry).length > 0);
	kept.delete(name);
	if (isCurrent)
		kept.set(name, { updatedAt: ticket.updated_at, since, entries, users: history.users });
	for (const oldest of kept.keys()) {
		if (kept.size <= MOST_KEPT) break;
		kept.delete(oldest);
	}
	return { ticket, entries, users: history.users };
}
