/**
 * The export as streams that all triggers of an account read together. Zendesk allows ten requests a minute for the
 * account, whatever reads: so what one trigger has read serves the others, and the windows of its own next polls.
 */
import { sleep } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import type { TimeWindow } from '../../shared/catchUp';
import { type Deadline, isOver, retryForMsOf } from '../../shared/pollBudget';
import type { Zendesk } from '../api/client';
import type { Entry } from '../api/entries';
import { type ExportSource, isPage, readExportPage } from '../api/ticketExport';
import { happenings } from './auditEvents';
import { MOST_CHARACTERS, weightOf } from './weight';

const MINUTE = 60_000;

/** What is read counts as complete up to this age only: Zendesk gives no last minute, and clocks differ. */
const SETTLED = 2 * MINUTE;
/** How long what was read serves: the time between two readings for the higher ages. */
const SERVES = 11 * MINUTE;
/** Entries kept in memory for an account. */
const MOST_KEPT = 20_000;

/** A stretch that was read. Milliseconds since 1970; `after` is outside, `until` inside. */
interface Segment extends TimeWindow {
	source: ExportSource;
	readAt: number;
	/** Only those in which something happened that may be wanted. */
	entries: Entry[];
	weight: number;
}

interface Account {
	segments: Segment[];
	/** No request before this. */
	notBefore: number;
	/** Requests go one after the other: the next reader often finds what it needs. */
	queue: Promise<unknown>;
}

const accounts = processMemory<Account>();

export interface StreamPart extends TimeWindow {
	entries: Entry[];
	/** How many entries could not be read, where they were read just now. */
	unreadable: number;
}

/**
 * Reads on from `after`: one request at most.
 *
 * @param account names who reads
 * @returns what the stream has from `after` on, and how far it reaches; undefined when Zendesk gives nothing more now
 * @throws NodeApiError
 */
export async function readOn(
	zendesk: Zendesk,
	account: string,
	source: ExportSource,
	after: number,
	deadline: Deadline,
): Promise<StreamPart | 'forbidden' | undefined> {
	const known = accounts.get(account) ?? { segments: [], notBefore: 0, queue: Promise.resolve() };
	accounts.set(account, known);
	const turn = known.queue.then(async () => await take(zendesk, known, source, after, deadline));
	known.queue = turn.catch(() => undefined);
	return await turn;
}

async function take(
	zendesk: Zendesk,
	known: Account,
	source: ExportSource,
	after: number,
	deadline: Deadline,
): Promise<StreamPart | 'forbidden' | undefined> {
	const now = Date.now();
	known.segments = known.segments.filter(({ readAt }) => now - readAt < SERVES && readAt <= now);
	const kept = known.segments.find(
		(one) => one.source === source && one.after <= after && after < one.until,
	);
	if (kept) return { ...kept, unreadable: 0 };
	const rest = known.notBefore - now;
	if (isOver(deadline) || now + rest > deadline.begin || now - after <= SETTLED) return undefined;
	if (rest > 0) await sleep(rest);
	return await request(zendesk, known, source, after, retryForMsOf(deadline));
}

/** The newest of them, as many as may be kept: of a single one that is too heavy none. What is not kept is read again. */
function lightEnough(segments: readonly Segment[]): Segment[] {
	let [entries, weight] = [0, 0];
	const kept = segments.toReversed().findIndex((one, index) => {
		entries += one.entries.length;
		weight += one.weight;
		return weight > MOST_CHARACTERS || (entries > MOST_KEPT && index > 0);
	});
	return kept < 0 ? [...segments] : segments.slice(segments.length - kept);
}

async function request(
	zendesk: Zendesk,
	known: Account,
	source: ExportSource,
	after: number,
	retryForMs: number,
): Promise<StreamPart | 'forbidden' | undefined> {
	// The first whole second that is not behind us: stamps have no fractions.
	const start = Math.floor((after + 1) / 1000);
	const readAt = Date.now();
	const answer = await readExportPage(zendesk, source, start, retryForMs);
	known.notBefore = Date.now() + answer.rest;
	if (!isPage(answer)) return answer.refused === 'forbidden' ? 'forbidden' : undefined;
	// The next page begins with the second in which this one ends, or, where a second holds more than a page, after it.
	const end = answer.next === undefined ? readAt - SETTLED : answer.next * 1000 - 1;
	const until = Math.max(end, start * 1000 + 999);
	const entries = answer.entries.filter((entry) => happenings(entry).length > 0);
	const weight = weightOf(entries);
	const segment = { source, after, until, readAt, entries, weight };
	known.segments = lightEnough([...known.segments, segment]);
	return { ...segment, unreadable: answer.unreadable };
}
