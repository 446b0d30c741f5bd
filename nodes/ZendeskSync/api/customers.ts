/** Customers as Zendesk knows them, and their tickets. */
import { externalIdsOf, toExternalId } from '../../../domain/conversation/externalId';
import { isOk } from '../../shared/http';
import { readPages, type Zendesk } from './client';
import { ticketsOfConversation } from './conversationTickets';
import { onlyOne, usersWithNumber } from './usersWithNumber';
import { ticketsWithPeople, userPage, type WireTicket, type WireUser, wireId } from './wire';

/** How a customer is named. */
export type CustomerName =
	| { by: 'requesterId'; value: string }
	| { by: 'customerNumber'; value: string }
	| { by: 'email'; value: string }
	| { by: 'externalId'; value: string };

const isCustomer = (user: WireUser): boolean => user.role === 'end-user';

async function usersBy(
	zendesk: Zendesk,
	path: string,
	query: Record<string, string>,
): Promise<WireUser[]> {
	const what = 'The customer could not be looked up';
	const answer = await zendesk.must(what, { method: 'GET', path, query, repeatable: true });
	return zendesk.read(what, userPage, answer).users;
}

/** Who asked last under this external id. */
async function requesterOfConversation(
	zendesk: Zendesk,
	externalId: string,
): Promise<string | undefined> {
	const what = 'The tickets could not be listed';
	const { tickets, last } = await ticketsOfConversation(zendesk, externalId, zendesk.ask);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return tickets[0]?.requester_id ?? undefined;
}

async function byExternalId(zendesk: Zendesk, externalId: string): Promise<string | undefined> {
	const requester = await requesterOfConversation(zendesk, externalId);
	if (requester) return requester;
	for (const id of externalIdsOf(externalId)) {
		const users = await usersBy(zendesk, '/api/v2/users', { external_id: id });
		const own = users.find((user) => isCustomer(user) && user.external_id === id);
		if (own) return own.id;
	}
	return undefined;
}

/**
 * @returns the id of the customer's user, or undefined when Zendesk has none
 * @throws NodeApiError when Zendesk refuses
 */
export async function findRequester(
	zendesk: Zendesk,
	{ by, value }: CustomerName,
): Promise<string | undefined> {
	if (by === 'requesterId') return value;
	if (by === 'externalId') return await byExternalId(zendesk, value);
	if (by === 'email') {
		const query = `email:"${value.replace(/["\\]/g, '')}"`;
		const found = await usersBy(zendesk, '/api/v2/users/search', { query });
		return found.find(
			(user) => isCustomer(user) && user.email?.toLowerCase() === value.toLowerCase(),
		)?.id;
	}
	const known = await byExternalId(zendesk, toExternalId({ channel: 'sms', number: value }));
	if (known) return known;
	const sharing = await usersWithNumber(
		value,
		async (query) => await usersBy(zendesk, '/api/v2/users/search', { query }),
	);
	return onlyOne(sharing.filter(isCustomer))?.id;
}

export interface RequestedTickets {
	/** Without archived ones, which are all closed. */
	tickets: WireTicket[];
	requester: WireUser | undefined;
}

/**
 * All tickets that a user has requested.
 * https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets
 */
export async function requestedTickets(
	zendesk: Zendesk,
	requesterId: string,
): Promise<RequestedTickets> {
	const what = `The tickets of user ${requesterId} could not be listed`;
	const { pages, last } = await readPages(
		zendesk,
		what,
		`/api/v2/users/${encodeURIComponent(wireId.parse(requesterId))}/tickets/requested`,
		{ include: 'users' },
		ticketsWithPeople,
	);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	const users = pages.flatMap((page) => page.users ?? []);
	return {
		tickets: pages.flatMap(({ tickets }) => tickets),
		requester: users.find(({ id }) => id === requesterId),
	};
}
