/**
 * Finds for many conversations at once which have an open ticket: a campaign to 10,000 customers must not need 10,000
 * lists, of which Zendesk allows 100 a minute.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#export-search-results
 */
import { externalIdsOf, fromExternalId } from '../../../domain/conversation/externalId';
import { isOpen } from '../../../domain/outbound';
import { readPages, serverTimeOf, type Zendesk } from './client';
import { foundPage, ticketPage, type WireTicket } from './wire';
import { paths } from './paths';

/**
 * Milliseconds. The search may be behind by "up to a few minutes". What has changed since is read from the list,
 * which needs no index.
 */
const SEARCH_LAG = 10 * 60_000;

const idsOf = ({ external_id: externalId }: WireTicket): string[] =>
	externalId !== null && fromExternalId(externalId) ? externalIdsOf(externalId) : [];

const isOpenNow = ({ status }: WireTicket): boolean => status !== undefined && isOpen({ status });

/**
 * @param maxRequests the most requests it may make: with more, reading the conversations one by one is better
 * @returns external ids of all conversations that may have an open ticket, or undefined if this takes too many
 * requests, or Zendesk refuses
 */
export async function openConversations(
	zendesk: Zendesk,
	maxRequests: number,
): Promise<Set<string> | undefined> {
	let pagesLeft = maxRequests;
	const wantsMore = (): boolean => --pagesLeft > 0;
	const found = await readPages(
		zendesk,
		'The open tickets',
		paths.searchExport,
		{ query: 'status<solved', 'filter[type]': 'ticket' },
		foundPage,
		wantsMore,
	);
	if (found.last.status !== 200 || pagesLeft <= 0) return undefined;
	const since = serverTimeOf(found.last) - SEARCH_LAG;
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
	return new Set(
		[
			...found.pages.flatMap(({ results }) => results),
			...recent.pages.flatMap(({ tickets }) => tickets).filter(isOpenNow),
		].flatMap(idsOf),
	);
}
