/**
 * The one look-up of Zendesk's users: by id, external id, email address or phone number.
 * https://developer.zendesk.com/api-reference/ticketing/users/users/
 */
import { z } from 'zod';
import { isPhoneOf, sharedDigits } from '../../../domain/phone';
import { isOk, isTransient } from '../../shared/answer';
import type { Zendesk } from './client';
import { askFor, Gone, saysGone } from './gone';
import { paths } from './paths';
import { showManyCalls } from './showMany';
import { oneUser, userPage, wireId, wireUser, type WireUser } from './wire';

export async function readUser(zendesk: Zendesk, userId: string): Promise<WireUser | Gone> {
	const answer = await askFor(zendesk, `User ${userId} could not be read`, {
		method: 'GET',
		path: paths.user(userId),
		repeatable: true,
	});
	if (answer instanceof Gone) return answer;
	return zendesk.read(`User ${userId}`, oneUser, answer).user;
}

/** One unreadable record must not cost the others. */
const readableUsers = z.object({ users: z.array(wireUser.nullable().catch(null)) });

/** The system that runs automations is -1. */
const isPerson = (id: string | null | undefined): id is string => /^[1-9]\d*$/.test(id ?? '');

/**
 * Users whom an answer names but did not bring along. They have to be asked for: not known is not the same as gone.
 *
 * @param users those that were brought along
 * @returns all users. Any that are still missing are gone. Undefined if Zendesk cannot tell now
 * @throws NodeApiError if Zendesk refuses
 */
export async function withMissing(
	zendesk: Zendesk,
	users: ReadonlyMap<string, WireUser>,
	ids: ReadonlyArray<string | null | undefined>,
): Promise<Map<string, WireUser> | undefined> {
	const what = 'The users of the ticket could not be read';
	const all = new Map(users);
	const missing = [...new Set(ids.filter(isPerson))].filter((id) => !all.has(id));
	for (const { call } of showManyCalls('users', missing)) {
		const answer = await zendesk.tryRequest(call);
		if (isTransient(answer)) return undefined;
		if (!isOk(answer)) throw zendesk.refusal(what, answer);
		const page = zendesk.read(what, readableUsers, answer);
		for (const user of page.users) if (user) all.set(user.id, user);
	}
	return all;
}

/** @param retryForMs milliseconds after which no further attempt of a request begins */
export async function showUsers(
	zendesk: Zendesk,
	ids: readonly string[],
	retryForMs: number,
): Promise<WireUser[]> {
	const what = 'The users of the events could not be read';
	const shown: WireUser[] = [];
	for (const { call } of showManyCalls('users', ids, { retryForMs })) {
		const page = zendesk.read(what, readableUsers, await zendesk.requestOk(what, call));
		shown.push(...page.users.flatMap((user) => user ?? []));
	}
	return shown;
}

/** Never staff: a message in an agent's name would be sent back to the customer. */
const isCustomer = ({ role }: WireUser): boolean => role === 'end-user';

async function customersAt(
	zendesk: Zendesk,
	path: string,
	query: Record<string, string>,
): Promise<WireUser[]> {
	const call = { method: 'GET', path, query, repeatable: true } as const;
	const answer = await zendesk.requestOk('The users could not be searched', call);
	return zendesk.read('The users found', userPage, answer).users.filter(isCustomer);
}

/**
 * In the plain list, not in the search: it has no index to wait for.
 *
 * @param externalIds asked for one after the other
 */
export async function customerByExternalId(
	zendesk: Zendesk,
	...externalIds: readonly string[]
): Promise<WireUser | undefined> {
	for (const id of externalIds) {
		const found = await customersAt(zendesk, paths.users, { external_id: id });
		const own = found.find((user) => user.external_id === id);
		if (own) return own;
	}
	return undefined;
}

/** Whether it is the user's first address. Others are among the user's identities. */
export const hasEmail = ({ email }: WireUser, wanted: string): boolean =>
	email?.toLowerCase() === wanted.trim().toLowerCase();

/** Customers with this address, and others: the search finds parts of addresses too. */
export const customersLikeEmail = async (zendesk: Zendesk, email: string): Promise<WireUser[]> =>
	await customersAt(zendesk, paths.userSearch, { query: `email:"${email.replace(/["\\]/g, '')}"` });

/**
 * Customers with this number, however it is written. With the asterisk, Zendesk's search finds the digits whatever
 * stands between and before them, and parts of longer numbers too. Several people may have one number.
 * https://developer.zendesk.com/documentation/voice/talk-partner-edition/retrieving-the-zendesk-user-id-of-a-caller/
 *
 * @param wanted E.164
 */
export async function customersByPhone(zendesk: Zendesk, wanted: string): Promise<WireUser[]> {
	const query = `phone:*${sharedDigits(wanted)}`;
	const found = await customersAt(zendesk, paths.userSearch, { query });
	return found.filter(({ phone }) => isPhoneOf(phone, wanted));
}

/**
 * Which of the people who share a number is meant by it: the only one, or the only one who is known by something else,
 * otherwise none of them. Suspended users count only if nobody else has the number.
 */
export function meantBy(
	sharing: readonly WireUser[],
	isKnown: (user: WireUser) => boolean = () => false,
): WireUser | undefined {
	const active = sharing.filter(({ suspended }) => !suspended);
	const among = active.length > 0 ? active : sharing;
	const [first, ...others] = among.length > 1 ? among.filter(isKnown) : among;
	return others.length === 0 ? first : undefined;
}

/** All addresses and numbers of a user. */
export interface Identities {
	emails: string[];
	phones: string[];
}

const identity = z.object({
	user_id: wireId.nullish().catch(null),
	type: z.string(),
	value: z.string(),
});
const identityList = z.object({ identities: z.array(identity.nullable().catch(null)) });
type WireIdentity = z.infer<typeof identity> | null;

function identitiesIn(list: readonly WireIdentity[]): Identities {
	const ofType = (wanted: string): string[] =>
		list.flatMap((one) => (one?.type === wanted ? one.value : []));
	return { emails: ofType('email'), phones: ofType('phone_number') };
}

/**
 * https://developer.zendesk.com/api-reference/ticketing/users/user_identities/
 *
 * @returns none if the user is gone. Undefined if the credential's user may not see them: not known is not none
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
	if (saysGone(answer)) return { emails: [], phones: [] };
	if (!isOk(answer)) throw zendesk.refusal(what, answer);
	return identitiesIn(zendesk.read(what, identityList, answer).identities);
}

const usersWithIdentities = readableUsers.extend({
	identities: z.array(identity.nullable().catch(null)).nullish().catch(null),
});

/**
 * Many users with all of their addresses and numbers, a hundred per request. No page of the API's documentation says
 * that `show_many` has identities; Zendesk's staff do.
 *
 * @returns by the user's id. Without those of whom the answers do not show any identity: they may not have them
 */
export async function usersAndIdentities(
	zendesk: Zendesk,
	ids: readonly string[],
): Promise<Map<string, { user: WireUser; identities: Identities }>> {
	const what = 'The users could not be read';
	const all = new Map<string, { user: WireUser; identities: Identities }>();
	for (const { call } of showManyCalls('users', ids, { include: 'identities' })) {
		const answer = await zendesk.request(call);
		if (!isOk(answer)) continue;
		const page = zendesk.read(what, usersWithIdentities, answer);
		const byUser = new Map<string, WireIdentity[]>();
		for (const one of page.identities ?? []) {
			const userId = one?.user_id ?? '';
			byUser.set(userId, [...(byUser.get(userId) ?? []), one]);
		}
		for (const user of page.users) {
			const own = byUser.get(user?.id ?? '');
			if (user && own) all.set(user.id, { user, identities: identitiesIn(own) });
		}
	}
	return all;
}
