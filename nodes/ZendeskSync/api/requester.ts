/**
 * Finds or creates the requester of a conversation's tickets.
 * https://developer.zendesk.com/api-reference/ticketing/users/users/
 */
import { externalIdsOf, standInIdOf } from '../../../domain/conversation/externalId';
import { isOk, isTransient } from '../../shared/answer';
import type { Zendesk } from './client';
import {
	customerByExternalId,
	customersByPhone,
	customersLikeEmail,
	hasEmail,
	meantBy,
} from './users';
import { oneUser, type WireUser } from './wire';
import { paths } from './paths';

export interface Person {
	/** The customer's number, E.164. */
	phone: string;
	/** From the profile. Anybody may have typed it. */
	email: string | null;
	/** Whether the builder trusts that it is the customer's own. */
	trustsEmail: boolean;
	name: string | null;
	/** For a new user. An existing user keeps its own. */
	externalId: string;
	/** Whether the conversation had a ticket before, so its user most likely has the external id. */
	hadTicket: boolean;
}

/** `suspended`: an agent has suspended the customer, so they get neither a ticket nor another user. */
export type Requester = { id: string } | 'suspended';

/** How often creating a user is repeated without a usable answer. */
const REPEATS = 2;

const asRequester = ({ id, suspended }: WireUser): Requester => (suspended ? 'suspended' : { id });

/**
 * Finds the customer's user, or creates one. Looks for the external id, then for the email address if it is trusted,
 * then for exactly this number. If several users have the number, the one with the email address is meant, otherwise
 * none of them. Without an earlier ticket the external id is looked for last, because most likely no user has it.
 *
 * @throws NodeApiError if Zendesk refuses
 */
export async function findOrMakeRequester(zendesk: Zendesk, person: Person): Promise<Requester> {
	const { externalId, hadTicket } = person;
	const ownIds = externalIdsOf(externalId);
	const isOwn = (user: WireUser): boolean => ownIds.includes(user.external_id ?? '');
	if (hadTicket) {
		const own = await customerByExternalId(zendesk, ...ownIds);
		if (own) return asRequester(own);
	}
	const known = await findByEmailOrPhone(zendesk, person);
	// The user found may not be the one with the external id. If none is found, none can be created while somebody
	// has the id. But one could be while somebody has the id with the number's other spelling.
	const isSure = hadTicket || (known ? isOwn(known) : ownIds.length === 1);
	const own = isSure ? known : ((await customerByExternalId(zendesk, ...ownIds)) ?? known);
	return own ? asRequester(own) : await makeRequester(zendesk, person);
}

async function makeRequester(
	zendesk: Zendesk,
	{ phone, email: address, trustsEmail, name, externalId }: Person,
): Promise<Requester> {
	// If the address is another person's, that person's emails would belong to this user.
	const email = trustsEmail ? address : null;
	const make = async (more: { external_id: string; email?: string }) => {
		const called = name?.trim() || `Customer ${phone}`;
		const user = {
			name: called,
			phone: phone,
			role: 'end-user',
			skip_verify_email: true,
			...more,
		};
		return await zendesk.tryRequest({
			method: 'POST',
			path: paths.users,
			body: { user },
			repeatable: false,
		});
	};
	const standInId = standInIdOf(externalId);
	const findJustMade = async () => await customerByExternalId(zendesk, externalId, standInId);
	const waiting = [...(email ? [{ external_id: externalId }] : []), { external_id: standInId }];
	let asked = { external_id: externalId, ...(email ? { email } : {}) };
	let answer = await make(asked);
	let repeats = 0;
	while (!isOk(answer)) {
		const isTaken = answer.status === 422;
		if (!isTaken && (!isTransient(answer) || repeats++ >= REPEATS)) break;
		// 422 means that somebody has the address or the id: staff, a suspended customer, or a user that another run
		// has just created. Without a usable answer, this run may have created the user.
		const made = await findJustMade();
		if (made) return asRequester(made);
		const next = isTaken ? waiting.shift() : asked;
		if (!next) break;
		asked = next;
		answer = await make(asked);
	}
	if (isOk(answer)) return { id: zendesk.read('The new user', oneUser, answer).user.id };
	throw zendesk.refusal(`No user could be created for ${phone}`, answer);
}

async function findByEmailOrPhone(
	zendesk: Zendesk,
	{ phone, email, trustsEmail }: Person,
): Promise<WireUser | undefined> {
	const hasAddress = (user: WireUser): boolean => email !== null && hasEmail(user, email);
	if (email && trustsEmail) {
		const match = (await customersLikeEmail(zendesk, email)).find(hasAddress);
		if (match) return match;
	}
	const sharing = await customersByPhone(zendesk, phone);
	// If all are suspended, it does not matter who it is: no ticket is created.
	return sharing.every(({ suspended }) => suspended) ? sharing[0] : meantBy(sharing, hasAddress);
}
