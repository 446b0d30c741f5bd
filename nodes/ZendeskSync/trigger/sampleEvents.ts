/** Real events to show when the trigger is tried out. */
import type { IExecuteFunctions, IHookFunctions, IPollFunctions } from 'n8n-workflow';
import type { TicketEvent } from '../../../domain/items';
import { zendeskOf } from '../api/client';
import { isPage, readExportPage } from '../api/ticketExport';
import { eventsWanted, filterOf } from './filter';
import { eventsOfHistory } from './auditEvents';
import { newCursor, readHistories } from './histories';
import { isOver } from '../../shared/pollBudget';
import { accountKey } from './accountKey';
import { newestRated } from './ratedEvents';
import { eventsOf, type Reader, exportSourcesFor } from './catchUpReader';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const SECOND = 1000;

/** The newest event of each kind, and how many events there were before filtering. */
export interface SampleEvents {
	newest: TicketEvent[];
	seen: number;
}

/** The newest real event of each wanted kind in the last 24 hours, oldest first. */
export async function newestEvents(
	context: IExecuteFunctions | IHookFunctions | IPollFunctions,
): Promise<SampleEvents> {
	const zendesk = await zendeskOf(context);
	const now = Date.now();
	const reader: Reader = {
		isUndone: () => true,
		zendesk,
		account: accountKey(context, zendesk),
		wanted: eventsWanted(context),
		deadline: { begin: now + 10 * SECOND, end: now + 20 * SECOND },
		since: now - DAY,
		warn: () => undefined,
		tickets: new Map(),
		users: new Map(),
	};
	const isWanted = filterOf(context);
	const rated = reader.wanted.includes('rated') ? await newestRated(reader) : [];
	let seen: TicketEvent[] = [];
	// In a busy account a day has many pages, and an hour has events of all kinds.
	for (const age of [HOUR, DAY]) {
		const exported = await exportedSince(reader, now - age);
		seen = [...rated, ...(exported ?? (await recentHistories(reader)))];
		const kinds = new Set(seen.filter(isWanted).map(({ event }) => event));
		if (!exported || kinds.size === reader.wanted.length || isOver(reader.deadline)) break;
	}
	const inOrder = seen
		.filter(isWanted)
		.sort((one, other) => Date.parse(one.occurredAt) - Date.parse(other.occurredAt));
	const newest = inOrder.filter(
		(event, index) => !inOrder.slice(index + 1).some((later) => later.event === event.event),
	);
	return { newest, seen: seen.length };
}

/** @returns undefined if the export may not be read, or not now */
async function exportedSince(reader: Reader, since: number): Promise<TicketEvent[] | undefined> {
	const found: TicketEvent[] = [];
	for (const source of exportSourcesFor(reader.wanted)) {
		let start = Math.floor(since / SECOND);
		while (!isOver(reader.deadline)) {
			const answer = await readExportPage(reader.zendesk, source, start, 5 * SECOND);
			if (!isPage(answer)) return found.length > 0 ? found : undefined;
			found.push(...(await eventsOf(reader, answer.entries)));
			if (answer.next === undefined || answer.next <= start || answer.rest > 0) break;
			start = answer.next;
		}
	}
	return found;
}

/** As far as time allows: the newest tickets come first. */
async function recentHistories(reader: Reader): Promise<TicketEvent[]> {
	const { histories } = await readHistories(reader, newCursor(reader.since));
	return histories.flatMap((history) => eventsOfHistory(history, reader.wanted));
}
