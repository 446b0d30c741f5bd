/**
 * Searches tickets, and reads beside it what the search does not show yet.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#export-search-results
 */
import { readPages, serverTimeOf, type Zendesk } from './client';
import { foundPage, ticketPage, type WireTicket } from './wire';
import { paths } from './paths';

/**
 * Milliseconds. The search may be behind by "up to a few minutes". What has changed since is read from the list,
 * which needs no index.
 */
const SEARCH_LAG = 10 * 60_000;

export interface SearchedTickets {
	/** What the search found. */
	found: WireTicket[];
	/** All tickets of the account that have changed lately, and perhaps older ones. */
	recent: WireTicket[];
}

/**
 * @param queries in the words of Zendesk's search
 * @param maxRequests the most requests it may make: with more, reading the tickets one by one is better
 * @returns undefined if it would take more requests, or Zendesk refuses
 */
export async function searchNow(
	zendesk: Zendesk,
	queries: readonly string[],
	maxRequests: number,
): Promise<SearchedTickets | undefined> {
	let pagesLeft = maxRequests;
	const wantsMore = (): boolean => --pagesLeft > 0;
	const found: WireTicket[] = [];
	let since = Infinity;
	for (const query of queries) {
		const { pages, last } = await readPages(
			zendesk,
			'The tickets',
			paths.searchExport,
			{ query, 'filter[type]': 'ticket' },
			foundPage,
			wantsMore,
		);
		if (last.status !== 200 || pagesLeft <= 0) return undefined;
		since = Math.min(since, serverTimeOf(last) - SEARCH_LAG);
		found.push(...pages.flatMap(({ results }) => results));
	}
	const recent = await readPages(
		zendesk,
		'The tickets that changed last',
		paths.tickets,
		{ sort: '-updated_at' },
		ticketPage,
		({ tickets }) =>
			wantsMore() && tickets.every((ticket) => Date.parse(ticket.updated_at) >= since),
	);
	if (recent.last.status !== 200 || pagesLeft <= 0) return undefined;
	return { found, recent: recent.pages.flatMap(({ tickets }) => tickets) };
}
