/**
 * Reads one page of an incremental export: of ticket events, or of tickets, which is the only one that shows deleted
 * tickets. Only administrators may read them, ten times a minute for the whole account, and they never include the
 * last minute.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
 */
import { z } from 'zod';
import { unknownRest } from '../../shared/pageTrail';
import type { Zendesk } from './client';
import { type Entry, entryOfDeleted, entryOfExport } from './entries';
import { paths } from './paths';

export interface ExportPage {
	entries: Entry[];
	/** How many entries of the page could not be read. */
	unreadable: number;
	/** Start of the next page, seconds since 1970; absent on the last page. */
	next?: number;
	/** Milliseconds to wait before the next request, if almost none is left. */
	rest: number;
}

/** What Zendesk answered instead of a page. */
export interface NoPage {
	refused: 'forbidden' | 'tooMany' | 'tooYoung';
	rest: number;
}

const page = z.object({
	ticket_events: z.array(z.unknown()),
	end_of_stream: z.boolean().nullish().catch(null),
	end_time: z.number().nullish().catch(null),
});

/** Requests per minute that are left for other programs that read exports. */
const LEFT_TO_OTHERS = 2;

/** `total=10; remaining=9; resets=41` */
function restAfter(header: string | undefined): number {
	const [, remaining, resets] = /remaining=(\d+);\s*resets=(\d+)/.exec(header ?? '') ?? [];
	if (remaining === undefined || resets === undefined) return 0;
	return Number(remaining) <= LEFT_TO_OTHERS ? Number(resets) * 1000 : 0;
}

const ticketPage = z.object({
	tickets: z.array(z.unknown()),
	end_of_stream: z.boolean().nullish().catch(null),
});

/** When the ticket was last changed, also by Zendesk itself, in seconds. Pages are ordered by it. */
const generated = z.object({ generated_timestamp: z.number() });

/** Tickets per request. */
const TICKETS = 1000;

/** Which export to read. */
export type ExportSource = 'events' | 'deletions';

/**
 * @param start seconds since 1970
 * @param retryForMs milliseconds after which no further attempt begins
 * @throws NodeApiError for a refusal that neither waiting nor another way of reading can fix
 */
export async function readExportPage(
	zendesk: Zendesk,
	source: ExportSource,
	start: number,
	retryForMs: number,
): Promise<ExportPage | NoPage> {
	const what = 'The ticket events could not be read';
	const isEvents = source === 'events';
	const answer = await zendesk.request({
		method: 'GET',
		path: isEvents ? paths.ticketEventExport : paths.ticketExport,
		query: isEvents
			? { start_time: start, include: 'comment_events' }
			: { start_time: start, per_page: TICKETS },
		repeatable: true,
		retryForMs,
	});
	const rest = restAfter(answer.headers['zendesk-ratelimit-incremental-exports']);
	if (answer.status === 403) return { refused: 'forbidden', rest };
	if (answer.status === 429)
		return { refused: 'tooMany', rest: (Number(answer.headers['retry-after']) || 60) * 1000 };
	// This machine's clock is ahead of Zendesk's: that time has not come there yet.
	const isYoung = Date.now() - start * 1000 < 5 * 60_000;
	if (isYoung && (answer.status === 400 || answer.status === 422))
		return { refused: 'tooYoung', rest };
	if (answer.status !== 200) throw zendesk.refusal(what, answer);
	const { isLast, ...read } = isEvents
		? eventsIn(zendesk.read(what, page, answer))
		: deletionsIn(zendesk.read(what, ticketPage, answer));
	if (!isLast && read.next === undefined) throw unknownRest(what, zendesk);
	return { ...read, rest };
}

type PageRead = Omit<ExportPage, 'rest'> & { isLast: boolean };

function eventsIn(events: z.infer<typeof page>): PageRead {
	const { ticket_events: list, end_of_stream, end_time: end } = events;
	const isLast = end_of_stream !== false;
	const entries = list.flatMap((raw) => entryOfExport(raw) ?? []);
	return {
		entries,
		unreadable: list.length - entries.length,
		isLast,
		...(!isLast && typeof end === 'number' ? { next: end } : {}),
	};
}

function deletionsIn(list: z.infer<typeof ticketPage>): PageRead {
	const isLast = list.end_of_stream !== false;
	const last = generated.safeParse(list.tickets.at(-1)).data;
	return {
		entries: list.tickets.flatMap((raw) => entryOfDeleted(raw) ?? []),
		unreadable: 0,
		isLast,
		...(!isLast && last ? { next: last.generated_timestamp } : {}),
	};
}

export const isPage = (answer: ExportPage | NoPage): answer is ExportPage => 'entries' in answer;
