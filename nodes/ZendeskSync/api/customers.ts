/** Customers as Zendesk knows them, and their tickets. */
import { NodeOperationError } from 'n8n-workflow';
import { z } from 'zod';
import { externalIdsOf, toExternalId } from '../../../domain/conversation/externalId';
import { isOk } from '../../shared/answer';
import { readPages, type Zendesk } from './client';
import { ticketsOfConversation } from './conversationTickets';
import { meantBy, usersWithPhone } from './usersWithPhone';
import { ticketsWithPeople, userPage, type WireTicket, type WireUser, wireId } from './wire';
import { paths } from './paths';

/** How a customer is named. */
export type CustomerName =
	| { by: 'requesterId'; value: string }
	| { by: 'customerPhone'; value: string }
	| { by: 'email'; value: string }
	| { by: 'externalId'; value: string };

/** The addresses and numbers that a user has, the first of each and all others. */
export interface Identities {
	emails: string[];
	phones: string[];
}

/** A search finds parts of addresses, too. */
const MAX_CANDIDATES = 3;

const isCustomer = (user: WireUser): boolean => user.role === 'end-user';

async function usersBy(
	zendesk: Zendesk,
	path: string,
	query: Record<string, string>,
): Promise<WireUser[]> {
	const what = 'The customer could not be looked up';
	const answer = await zendesk.requestOk(what, { method: 'GET', path, query, repeatable: true });
	return zendesk.read(what, userPage, answer).users;
}

const identityList = z.object({
	identities: z.array(z.object({ type: z.string(), value: z.string() }).nullable().catch(null)),
});

/**
 * https://developer.zendesk.com/api-reference/ticketing/users/user_identities/
 *
 * @returns none for a user that is gone; undefined where the credential's user may not see them: not known is not none
 */
export async function identitiesOf(
	zendesk: Zendesk,
	userId: string,
): Promise<Identities | undefined> {
	const what = `The addresses and numbers of user ${userId} could not be read`;
	const answer = await zendesk.request({
		method: 'GET',
		path: paths.identities(userId),
		repeatable: true,
	});
	if (answer.status === 403) return undefined;
	if (answer.status === 404) return { emails: [], phones: [] };
	if (!isOk(answer)) throw zendesk.refusal(what, answer);
	const { identities } = zendesk.read(what, identityList, answer);
	const ofType = (wanted: string): string[] =>
		identities.flatMap((one) => (one?.type === wanted ? one.value : []));
	return { emails: ofType('email'), phones: ofType('phone_number') };
}

const identitiesForbidden = (zendesk: Zendesk, userId: string, email: string): NodeOperationError =>
	new NodeOperationError(
		zendesk.context.getNode(),
		`Whether user ${userId} has the address '${email}' could not be read`,
		{
			description:
				"Zendesk does not let the credential's user see the addresses of customers (status 403). Run 'Account: Check Setup', or count by 'Requester ID'.",
		},
	);

/** A user with this address, be it the first one or another. */
async function byEmail(zendesk: Zendesk, value: string): Promise<string | undefined> {
	const isIt = (email: string | null): boolean => email?.toLowerCase() === value.toLowerCase();
	const query = `email:"${value.replace(/["\\]/g, '')}"`;
	const found = (await usersBy(zendesk, paths.userSearch, { query })).filter(isCustomer);
	const first = found.find(({ email }) => isIt(email));
	if (first) return first.id;
	for (const { id } of found.slice(0, MAX_CANDIDATES)) {
		const identities = await identitiesOf(zendesk, id);
		if (!identities) throw identitiesForbidden(zendesk, id, value);
		if (identities.emails.some(isIt)) return id;
	}
	return undefined;
}

/** Who asked last under this external id. */
async function requesterOfConversation(
	zendesk: Zendesk,
	externalId: string,
): Promise<string | undefined> {
	const what = 'The tickets could not be listed';
	const { tickets, last } = await ticketsOfConversation(zendesk, externalId, zendesk.request);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return tickets[0]?.requester_id ?? undefined;
}

async function byExternalId(zendesk: Zendesk, externalId: string): Promise<string | undefined> {
	const requester = await requesterOfConversation(zendesk, externalId);
	if (requester) return requester;
	for (const id of externalIdsOf(externalId)) {
		const users = await usersBy(zendesk, paths.users, { external_id: id });
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
	if (by === 'email') return await byEmail(zendesk, value);
	const known = await byExternalId(zendesk, toExternalId({ channel: 'sms', phone: value }));
	if (known) return known;
	const sharing = await usersWithPhone(
		value,
		async (query) => await usersBy(zendesk, paths.userSearch, { query }),
	);
	return meantBy(sharing.filter(isCustomer))?.id;
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
		paths.requestedTickets(wireId.parse(requesterId)),
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
