/** Reads all tickets of an account that have changed since some time. */
import { z } from 'zod';
import { isOk } from '../../shared/answer';
import { pageTrail } from '../../shared/pageTrail';
import type { Zendesk } from './client';
import { besideOf, type TicketRecord, WITH_TICKETS } from './tickets';
import { pageMeta, ticketsWithPeople } from './wire';
import { paths } from './paths';

/** Milliseconds. Zendesk accepts no later `start_time`, and never returns the last minute. */
const TOO_YOUNG = 61_000;

/** Milliseconds. At ten requests a minute, the eleventh has to wait until the minute ends, and so on. */
const RETRY_FOR_MS = 240_000;

/** Tickets in the export's largest page. */
const MAX_EXPORT_PAGE = 1000;

/** Tickets in a list's largest page. */
const LIST_PAGE = 100;

export interface HistoryRead {
	/** Only tickets of this user. */
	requesterId?: string;
	/** Milliseconds since 1970: only tickets that have changed since then. */
	since: number;
	/** Tickets per request to the export, 1,000 at most. */
	pageSize: number;
	/** Whether to include deleted tickets, which only the export has. */
	withDeleted?: boolean;
	/** Called with each page. Returns false to stop. */
	onPage(records: TicketRecord[]): boolean;
}

const exportPage = ticketsWithPeople.extend({
	after_cursor: z.string().nullish(),
	end_of_stream: z.boolean().nullish(),
});

/** The export includes deleted tickets, which have none of the usual statuses. */
const recordsOf = (
	page: z.infer<typeof ticketsWithPeople>,
	raws: unknown[],
	withDeleted = false,
): TicketRecord[] => {
	const beside = besideOf(page);
	return page.tickets.flatMap((ticket, index) =>
		ticket.status === undefined && !withDeleted ? [] : [{ ticket, raw: raws[index], ...beside }],
	);
};

const rawsOf = (body: unknown): unknown[] => (body as { tickets: unknown[] }).tickets;

/**
 * Reads the incremental export: all tickets, archived ones too, 1,000 per request.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
 *
 * @returns false if the credential's user is not an administrator, and so may not read it
 */
async function readExport(zendesk: Zendesk, read: HistoryRead): Promise<boolean> {
	const what = 'The tickets could not be exported';
	const since = Math.max(1, Math.floor(Math.min(read.since, Date.now() - TOO_YOUNG) / 1000));
	const follow = pageTrail(what, zendesk);
	let cursor: string | undefined;
	for (;;) {
		const answer = await zendesk.request({
			method: 'GET',
			path: paths.ticketExport,
			query: {
				...(cursor === undefined ? { start_time: since } : { cursor }),
				include: WITH_TICKETS,
				...(read.withDeleted ? {} : { exclude_deleted: 'true' }),
				per_page: Math.min(MAX_EXPORT_PAGE, read.pageSize),
			},
			repeatable: true,
			retryForMs: RETRY_FOR_MS,
		});
		if (answer.status === 403 && cursor === undefined) return false;
		if (!isOk(answer)) throw zendesk.refusal(what, answer);
		const page = zendesk.read(what, exportPage, answer);
		const goesOn = read.onPage(recordsOf(page, rawsOf(answer.body), read.withDeleted));
		cursor = goesOn ? follow(page.after_cursor, page.end_of_stream === false) : undefined;
		if (cursor === undefined) return true;
	}
}

/** Reads the plain list, or that of a user's tickets: no archived tickets, 100 per request. */
async function readList(zendesk: Zendesk, read: HistoryRead): Promise<void> {
	const what = 'The tickets could not be listed';
	const follow = pageTrail(what, zendesk);
	let after: string | undefined;
	do {
		const answer = await zendesk.request({
			method: 'GET',
			path:
				read.requesterId === undefined ? paths.tickets : paths.requestedTickets(read.requesterId),
			query: {
				include: WITH_TICKETS,
				...(read.requesterId === undefined
					? {
							sort: 'id',
							// An account that does not support it yet returns all tickets, which does no harm.
							start_time: Math.max(1, Math.floor(read.since / 1000)),
						}
					: {}),
				'page[size]': LIST_PAGE,
				...(after === undefined ? {} : { 'page[after]': after }),
			},
			repeatable: true,
			retryForMs: RETRY_FOR_MS,
		});
		if (!isOk(answer)) throw zendesk.refusal(what, answer);
		const page = zendesk.read(what, ticketsWithPeople, answer);
		if (!read.onPage(recordsOf(page, rawsOf(answer.body)))) return;
		const { meta } = zendesk.read(what, pageMeta, answer);
		after = follow(meta?.after_cursor, meta?.has_more ?? false);
	} while (after !== undefined);
}

/**
 * Reads the tickets, if possible oldest change first.
 *
 * @returns whether archived tickets are included, which only an administrator gets
 * @throws NodeApiError if Zendesk refuses
 */
export async function readTicketHistory(
	zendesk: Zendesk,
	read: HistoryRead,
): Promise<'whole' | 'withoutArchived'> {
	if (read.requesterId === undefined && (await readExport(zendesk, read))) return 'whole';
	await readList(zendesk, read);
	return 'withoutArchived';
}
