/** Customers as Zendesk knows them, and their tickets. */
import { toE164 } from '../../../domain/phone';
import { isOk } from '../../shared/http';
import { readPages, type Zendesk } from './client';
import {
	ticketPage,
	ticketsWithPeople,
	userPage,
	type WireTicket,
	type WireUser,
	wireId,
} from './wire';

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
	const answer = await zendesk.must(what, {
		method: 'GET',
		path: '/api/v2/tickets',
		query: { external_id: externalId, sort: '-id', 'page[size]': 100 },
		repeatable: true,
	});
	const { tickets } = zendesk.read(what, ticketPage, answer);
	const newest = [...tickets].sort((a, b) => Number(b.id) - Number(a.id))[0];
	return newest?.requester_id ?? undefined;
}

async function byExternalId(zendesk: Zendesk, externalId: string): Promise<string | undefined> {
	const requester = await requesterOfConversation(zendesk, externalId);
	if (requester) return requester;
	const users = await usersBy(zendesk, '/api/v2/users', { external_id: externalId });
	return users.find((user) => isCustomer(user) && user.external_id === externalId)?.id;
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
	const known = await byExternalId(zendesk, `klaviyo:sms:${value}`);
	if (known) return known;
	// The search finds parts of numbers too, and a number that several people have says nothing.
	const sharing = (
		await usersBy(zendesk, '/api/v2/users/search', { query: `phone:${value}` })
	).filter((user) => isCustomer(user) && toE164(user.phone) === value);
	return sharing.length === 1 ? sharing[0]?.id : undefined;
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
