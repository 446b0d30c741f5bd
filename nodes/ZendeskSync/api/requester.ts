/** Who a conversation's tickets are from. https://developer.zendesk.com/api-reference/ticketing/users/users/ */
import { toE164 } from '../../../domain/phone';
import { isOk, isPassing } from '../../shared/http';
import type { Zendesk } from './client';
import { oneUser, userPage, type WireUser } from './wire';

export interface Person {
	/** The customer's number, E.164. */
	number: string;
	email: string | null;
	name: string | null;
	/** For a user that has to be made. An existing user keeps the one it has. */
	externalId: string;
	/** Whether the conversation had a ticket before, so that its user most likely bears the external id. */
	hadTicket: boolean;
}

/** How often a user is made again when there was no usable answer. */
const REPEATS = 2;

/** Never staff: a text in an agent's name would be texted back to the customer. */
const isCustomer = (user: WireUser): boolean => user.role === 'end-user' && !user.suspended;

async function search(zendesk: Zendesk, query: Record<string, string>): Promise<WireUser[]> {
	const path = 'external_id' in query ? '/api/v2/users' : '/api/v2/users/search';
	const call = { method: 'GET', path, query, repeatable: true } as const;
	const answer = await zendesk.must('The users could not be searched', call);
	return zendesk.read('The users found', userPage, answer).users;
}

/**
 * Finds the customer by external id, which is looked for last where it would most likely be for nothing; then by e-mail address, then by exactly this number (where several have it, it
 * is none of them); makes the user when there is none.
 *
 * @returns the user's id
 * @throws NodeApiError when Zendesk refuses
 */
export async function findOrMakeRequester(zendesk: Zendesk, person: Person): Promise<string> {
	const { number, email, externalId, hadTicket } = person;
	// The plain list, not the search: it has no index to wait for.
	const byExternalId = async (sought: string): Promise<WireUser | undefined> =>
		(await search(zendesk, { external_id: sought })).find(
			(user) => user.external_id === sought && isCustomer(user),
		);
	const isOwn = (user: WireUser): boolean => user.external_id === externalId;
	if (hadTicket) {
		const own = await byExternalId(externalId);
		if (own) return own.id;
	}
	const known = await knownBy(zendesk, number, email);
	// Whoever is found may be another than the one with the id. Whoever is not cannot be made while somebody has the id.
	const isSure = hadTicket || !known || isOwn(known);
	const own = isSure ? known : ((await byExternalId(externalId)) ?? known);
	if (own) return own.id;

	const make = async (more: { external_id: string; email?: string }) => {
		const name = person.name?.trim() || `Customer ${number}`;
		const user = { name, phone: number, role: 'end-user', skip_verify_email: true, ...more };
		return await zendesk.attempt({
			method: 'POST',
			path: '/api/v2/users',
			body: { user },
			repeatable: false,
		});
	};
	const instead = `${externalId}:requester`;
	const justMade = async () => (await byExternalId(externalId)) ?? (await byExternalId(instead));
	const waiting = [...(email ? [{ external_id: externalId }] : []), { external_id: instead }];
	let asked = { external_id: externalId, ...(email ? { email } : {}) };
	let answer = await make(asked);
	let repeats = 0;
	while (!isOk(answer)) {
		const isTaken = answer.status === 422;
		if (!isTaken && (!isPassing(answer) || repeats++ >= REPEATS)) break;
		// 422 says that somebody has the address or the id: staff or a suspended user, since no customer was found with
		// it, or a user whom another run has just made. Without a usable answer it may have been this one.
		const made = await justMade();
		if (made) return made.id;
		const next = isTaken ? waiting.shift() : asked;
		if (!next) break;
		asked = next;
		answer = await make(asked);
	}
	if (isOk(answer)) return zendesk.read('The new user', oneUser, answer).user.id;
	throw zendesk.refusal(`No user could be made for ${number}`, answer);
}

async function knownBy(
	zendesk: Zendesk,
	number: string,
	email: string | null,
): Promise<WireUser | undefined> {
	if (email) {
		const found = await search(zendesk, { query: `email:"${email.replace(/["\\]/g, '')}"` });
		const sought = email.trim().toLowerCase();
		const match = found.find((user) => user.email?.toLowerCase() === sought && isCustomer(user));
		if (match) return match;
	}
	// The search finds parts of numbers too, and other ways to write them.
	const sharing = (await search(zendesk, { query: `phone:${number}` })).filter(
		(user) => toE164(user.phone) === number && isCustomer(user),
	);
	return sharing.length === 1 ? sharing[0] : undefined;
}
