/**
 * The export as streams that all triggers of an account share. Zendesk allows ten requests a minute for the whole account,
 * so what one trigger has read serves the others, and its own next polls.
 */
import { sleep } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import type { TimeWindow } from '../../shared/catchUp';
import { type Deadline, isOver, retryForMsOf } from '../../shared/pollBudget';
import type { Zendesk } from '../api/client';
import type { Entry } from '../api/entries';
import { type ExportSource, isPage, readExportPage } from '../api/ticketExport';
import { auditEventsOf } from './auditEvents';
import { MAX_CHARACTERS, weightOf } from './memoryLimit';

const MINUTE = 60_000;

/** Only data older than this counts as complete: Zendesk does not export the last minute, and clocks differ. */
const SETTLED = 2 * MINUTE;
/** How long data is kept: the time between two reads for the higher ages. */
const KEEP_FOR = 11 * MINUTE;
/** Entries kept in memory for an account. */
const MAX_ENTRIES = 20_000;

/** A time window that was read. */
interface Segment extends TimeWindow {
	source: ExportSource;
	readAt: number;
	/** Only entries with events that may be wanted. */
	entries: Entry[];
	weight: number;
}

interface Account {
	segments: Segment[];
	/** No request before this. */
	notBefore: number;
	/** Requests are made one after the other: the next reader often finds that it needs none. */
	queue: Promise<unknown>;
}

const accounts = processMemory<Account>();

export interface StreamPart extends TimeWindow {
	entries: Entry[];
	/** How many entries could not be read, if they were read just now. */
	unreadable: number;
}

/**
 * Reads the stream from `after` on, with at most one request.
 *
 * @param account cache key of the account and credential
 * @returns the entries after `after`, and how far they reach; undefined if Zendesk returns nothing more for now
 * @throws NodeApiError
 */
export async function readStream(
	zendesk: Zendesk,
	account: string,
	source: ExportSource,
	after: number,
	deadline: Deadline,
): Promise<StreamPart | 'forbidden' | undefined> {
	const known = accounts.get(account) ?? { segments: [], notBefore: 0, queue: Promise.resolve() };
	accounts.set(account, known);
	const turn = known.queue.then(
		async () => await readInTurn(zendesk, known, source, after, deadline),
	);
	known.queue = turn.catch(() => undefined);
	return await turn;
}

async function readInTurn(
	zendesk: Zendesk,
	known: Account,
	source: ExportSource,
	after: number,
	deadline: Deadline,
): Promise<StreamPart | 'forbidden' | undefined> {
	const now = Date.now();
	known.segments = known.segments.filter(({ readAt }) => now - readAt < KEEP_FOR && readAt <= now);
	const kept = known.segments.find(
		(one) => one.source === source && one.after <= after && after < one.until,
	);
	if (kept) return { ...kept, unreadable: 0 };
	const rest = known.notBefore - now;
	if (isOver(deadline) || now + rest > deadline.begin || now - after <= SETTLED) return undefined;
	if (rest > 0) await sleep(rest);
	return await request(zendesk, known, source, after, retryForMsOf(deadline));
}

/** The newest segments that fit in memory; none if the newest is too large by itself. The others are read again. */
function withinMemoryLimits(segments: readonly Segment[]): Segment[] {
	let [entries, weight] = [0, 0];
	const kept = segments.toReversed().findIndex((one, index) => {
		entries += one.entries.length;
		weight += one.weight;
		return weight > MAX_CHARACTERS || (entries > MAX_ENTRIES && index > 0);
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
	// The first whole second that has not been read: stamps have no fractions.
	const start = Math.floor((after + 1) / 1000);
	const readAt = Date.now();
	const answer = await readExportPage(zendesk, source, start, retryForMs);
	known.notBefore = Date.now() + answer.rest;
	if (!isPage(answer)) return answer.refused === 'forbidden' ? 'forbidden' : undefined;
	// The next page begins with the second in which this one ends, or after it if one second holds more than a page.
	const end = answer.next === undefined ? readAt - SETTLED : answer.next * 1000 - 1;
	const until = Math.max(end, start * 1000 + 999);
	const entries = answer.entries.filter((entry) => auditEventsOf(entry).length > 0);
	const weight = weightOf(entries);
	const segment = { source, after, until, readAt, entries, weight };
	known.segments = withinMemoryLimits([...known.segments, segment]);
	return { ...segment, unreadable: answer.unreadable };
}
