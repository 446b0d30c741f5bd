/** Finds the customer whose tickets are counted, and their tickets. */
import { NodeOperationError } from 'n8n-workflow';
import { conversationChannels } from '../../../domain/channel';
import {
	externalIdsOf,
	fromExternalId,
	toExternalId,
	userIdOf,
} from '../../../domain/conversation/externalId';
import { isOk } from '../../shared/answer';
import { readPages, type Zendesk } from './client';
import { ticketsOfConversation } from './conversationTickets';
import { type Gone, goneOr } from './gone';
import {
	customerByExternalId,
	customersByPhone,
	customersLikeEmail,
	hasEmail,
	identitiesOf,
	meantBy,
} from './users';
import { ticketsWithPeople, type WireTicket, type WireUser, wireId } from './wire';
import { paths } from './paths';

/** How the builder names a customer. */
export type CustomerName =
	| { by: 'requesterId'; value: string }
	| { by: 'customerPhone'; value: string }
	| { by: 'email'; value: string }
	| { by: 'externalId'; value: string };

/** Users whose other addresses are read. */
const MAX_CANDIDATES = 3;

const identitiesForbidden = (zendesk: Zendesk, userId: string, email: string): NodeOperationError =>
	new NodeOperationError(
		zendesk.context.getNode(),
		`Zendesk did not say whether user ${userId} has the address '${email}'`,
		{
			description:
				"Zendesk does not let the credential's user see the addresses of customers (status 403). Run 'Account: Check Setup', or count by 'Requester ID'.",
		},
	);

/** The user with this address, whether it is their first or another one. */
async function byEmail(zendesk: Zendesk, value: string): Promise<string | undefined> {
	const found = await customersLikeEmail(zendesk, value);
	const first = found.find((user) => hasEmail(user, value));
	if (first) return first.id;
	for (const { id } of found.slice(0, MAX_CANDIDATES)) {
		const identities = await identitiesOf(zendesk, id);
		if (!identities) throw identitiesForbidden(zendesk, id, value);
		if (identities.emails.some((email) => email.toLowerCase() === value.toLowerCase())) return id;
	}
	return undefined;
}

/** The requester of the newest ticket with this external id. */
async function requesterOfConversation(
	zendesk: Zendesk,
	externalId: string,
): Promise<string | undefined> {
	const what = 'The tickets could not be listed';
	const { tickets, last } = await ticketsOfConversation(zendesk, externalId, zendesk.request);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return tickets[0]?.requester_id ?? undefined;
}

/** The user bears one id, whatever the channel and the scope of the conversation. */
async function byExternalId(zendesk: Zendesk, externalId: string): Promise<string | undefined> {
	const requester = await requesterOfConversation(zendesk, externalId);
	if (requester) return requester;
	const phone = fromExternalId(externalId)?.phone;
	const ids = phone ? [externalId, userIdOf(phone)] : [externalId];
	return (await customerByExternalId(zendesk, ...new Set(ids.flatMap(externalIdsOf))))?.id;
}

/** By the conversations with the number, on any channel, then by the user whom they would be. */
async function byPhone(zendesk: Zendesk, phone: string): Promise<string | undefined> {
	for (const channel of conversationChannels) {
		const externalId = toExternalId({ channel, phone });
		const requester = await requesterOfConversation(zendesk, externalId);
		if (requester) return requester;
	}
	const known = await customerByExternalId(zendesk, ...externalIdsOf(userIdOf(phone)));
	return (known ?? meantBy(await customersByPhone(zendesk, phone)))?.id;
}

/**
 * @returns the id of the customer's user, or undefined if Zendesk has none
 * @throws NodeApiError if Zendesk refuses
 */
export async function findRequester(
	zendesk: Zendesk,
	{ by, value }: CustomerName,
): Promise<string | undefined> {
	if (by === 'requesterId') return value;
	if (by === 'externalId') return await byExternalId(zendesk, value);
	if (by === 'email') return await byEmail(zendesk, value);
	return await byPhone(zendesk, value);
}

export interface RequestedTickets {
	/** Without archived tickets, which are all closed. */
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
): Promise<RequestedTickets | Gone> {
	const what = `The tickets of user ${requesterId} could not be listed`;
	const { pages, last } = await readPages(
		zendesk,
		what,
		paths.requestedTickets(wireId.parse(requesterId)),
		{ include: 'users' },
		ticketsWithPeople,
	);
	if (!isOk(last)) return goneOr(zendesk, what, last);
	const users = pages.flatMap((page) => page.users ?? []);
	return {
		tickets: pages.flatMap(({ tickets }) => tickets),
		requester: users.find(({ id }) => id === requesterId),
	};
}
