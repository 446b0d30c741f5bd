/** The tickets of one conversation, read from Zendesk. */
import type { ListedTicket } from '../../../domain/conversation/ticketStore';
import { externalIdsOf } from '../../../domain/conversation/externalId';
import { isOk, isTransient, type VendorAnswer } from '../../shared/answer';
import type { Vendor } from '../../shared/transport';
import { readPages, serverTimeOf, type Zendesk } from './client';
import {
	type Sideloads,
	ticketsWithPeople,
	ticketWithPeople,
	type WireTicket,
	type WireUser,
} from './wire';
import { paths } from './paths';

export interface ConversationTickets {
	/** Newest first, from all brands, without deleted ones. */
	tickets: WireTicket[];
	/** The server's clock when it answered, milliseconds since 1970. */
	serverTime: number;
	/** The tickets' users, by id. */
	users: ReadonlyMap<string, WireUser>;
}

const byId = (users: ReadonlyArray<Sideloads['users']>): Map<string, WireUser> =>
	new Map(users.flatMap((some) => some ?? []).map((user) => [user.id, user]));

/**
 * All tickets with one of the conversation's external ids, as far as they could be read.
 *
 * @returns newest first, with the first answer that is not a list, or the first list, whose clock is the earliest
 */
export async function ticketsOfConversation(
	zendesk: Zendesk,
	externalId: string,
	ask: Vendor['request'],
): Promise<{ tickets: WireTicket[]; users: Array<Sideloads['users']>; last: VendorAnswer }> {
	const lists = [];
	for (const id of externalIdsOf(externalId)) {
		const list = await readPages(
			zendesk,
			'The list of tickets',
			paths.tickets,
			{ external_id: id, sort: '-id', include: 'users' },
			ticketsWithPeople,
			undefined,
			ask,
		);
		if (!isOk(list.last)) return { tickets: [], users: [], last: list.last };
		lists.push(list);
	}
	const [first] = lists;
	if (!first) throw new Error('A conversation has an id');
	const pages = lists.flatMap((list) => list.pages);
	const tickets = pages.flatMap((page) => page.tickets);
	if (lists.length > 1) tickets.sort((one, other) => Number(other.id) - Number(one.id));
	return { tickets, users: pages.map(({ users }) => users), last: first.last };
}

/**
 * @param ticketId a ticket that must be among them, whatever its external id is, and even if the list is behind
 * @returns undefined if there was no usable answer, which waiting may fix
 * @throws NodeApiError if Zendesk refuses, or if there is no ticket `ticketId`
 */
export async function listConversation(
	zendesk: Zendesk,
	externalId: string,
	ticketId?: string,
): Promise<ConversationTickets | undefined> {
	const { tickets, users, last } = await ticketsOfConversation(
		zendesk,
		externalId,
		zendesk.tryRequest,
	);
	if (isTransient(last)) return undefined;
	if (!isOk(last)) throw zendesk.refusal('The tickets could not be listed', last);
	const listed = { tickets, serverTime: serverTimeOf(last), users: byId(users) };
	if (!ticketId || listed.tickets.some(({ id }) => id === ticketId)) return listed;
	const single = await readSingle(zendesk, ticketId);
	return (
		single && {
			...single,
			tickets: [...listed.tickets, ...single.tickets],
			users: new Map([...listed.users, ...single.users]),
		}
	);
}

/**
 * A ticket as the status logic sees it. Left out if its status is none of Zendesk's six: nothing can be written to
 * it.
 */
export const asListed = ({ id, status, updated_at: time, tags }: WireTicket): ListedTicket[] =>
	status ? [{ id, status, updatedAt: Date.parse(time), ...(tags ? { tags } : {}) }] : [];

/** @throws NodeApiError if Zendesk refuses, or does not answer */
export async function mustListConversation(
	zendesk: Zendesk,
	externalId: string,
): Promise<ListedTicket[]> {
	const { tickets, last } = await ticketsOfConversation(zendesk, externalId, zendesk.request);
	if (!isOk(last)) throw zendesk.refusal('The tickets could not be listed', last);
	return tickets.flatMap(asListed);
}

/** One ticket as a list. Unlike the list of a conversation, it is never behind. */
export async function readSingle(
	zendesk: Zendesk,
	ticketId: string,
): Promise<ConversationTickets | undefined> {
	const path = paths.ticket(ticketId);
	const query = { include: 'users' };
	const answer = await zendesk.tryRequest({ method: 'GET', path, query, repeatable: true });
	if (isTransient(answer)) return undefined;
	if (!isOk(answer)) throw zendesk.refusal(`Ticket ${ticketId} could not be read`, answer);
	const { ticket, users } = zendesk.read(`Ticket ${ticketId}`, ticketWithPeople, answer);
	return { tickets: [ticket], serverTime: serverTimeOf(answer), users: byId([users]) };
}
