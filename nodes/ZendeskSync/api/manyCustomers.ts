/** The tickets, addresses and numbers of many customers at once: a burst of ticket events must not need three calls for each. */
import { isOpen } from '../../../domain/outbound';
import { portionsOf } from '../../shared/portions';
import type { Zendesk } from './client';
import { unlessGone } from './gone';
import { type SearchedTickets, searchNow } from './searchNow';
import { ticketReader } from './tickets';
import { type Identities, usersAndIdentities } from './users';
import type { WireTicket, WireUser } from './wire';

export interface Customer {
	user: WireUser;
	identities: Identities;
	/** All tickets that the customer has requested. */
	tickets: WireTicket[];
}

/** With this many customers or fewer, each is read by itself. */
const FEW = 5;

/** Ids in one search. The address has 26 characters for each. */
const IDS_PER_SEARCH = 100;

/**
 * @param requesterIds without repeats
 * @returns by their ids, as far as they can be told at once. The others have to be read one by one
 */
export async function manyCustomers(
	zendesk: Zendesk,
	requesterIds: readonly string[],
): Promise<ReadonlyMap<string, Customer>> {
	const nobody = new Map<string, Customer>();
	if (requesterIds.length <= FEW) return nobody;
	const users = await usersAndIdentities(zendesk, requesterIds);
	const ids = [...users.keys()];
	if (ids.length <= FEW) return nobody;
	const portions = portionsOf(ids, IDS_PER_SEARCH);
	const queries = portions.map((some) => some.map((id) => `requester:${id}`).join(' '));
	const searched = await searchNow(zendesk, queries, ids.length);
	if (!searched) return nobody;
	const told = portions.flatMap((some) => toldOf(some, searched.found));
	const tickets = await asTheyAre(zendesk, searched);
	const ofRequester = new Map<string, WireTicket[]>(ids.map((id) => [id, []]));
	for (const ticket of tickets.values()) ofRequester.get(ticket.requester_id ?? '')?.push(ticket);
	return new Map(
		told.flatMap((id) => {
			const user = users.get(id);
			return user ? [[id, { ...user, tickets: ofRequester.get(id) ?? [] }] as const] : [];
		}),
	);
}

/** The search may show tickets as open that were deleted since: only reading them tells. */
async function asTheyAre(
	zendesk: Zendesk,
	{ found, recent }: SearchedTickets,
): Promise<Map<string, WireTicket>> {
	const tickets = new Map([...found, ...recent].map((one) => [one.id, one]));
	const isRecent = new Set(recent.map(({ id }) => id));
	const doubtful = found.filter(
		({ id, status }) => !isRecent.has(id) && status !== undefined && isOpen({ status }),
	);
	const ids = doubtful.map(({ id }) => id);
	const ticketOf = ticketReader(zendesk, ids);
	for (const id of ids) {
		const now = unlessGone(await ticketOf(id));
		if (now) tickets.set(id, now.ticket);
		else tickets.delete(id);
	}
	return tickets;
}

/**
 * Of whom a search tells. One that meant all of the requesters together, and not each of them, finds nobody's tickets.
 * Nobody says how many it takes: those after the last one whose ticket it found may not have been looked for.
 */
function toldOf(ids: readonly string[], found: readonly WireTicket[]): readonly string[] {
	const requesters = new Set(found.map(({ requester_id: requester }) => requester));
	const shown = ids.filter((id) => requesters.has(id));
	return shown.length > 1 ? ids.slice(0, ids.lastIndexOf(shown.at(-1) ?? '') + 1) : [];
}
