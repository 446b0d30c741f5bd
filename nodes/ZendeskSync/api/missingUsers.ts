/** Users whom an answer names and has not brought along: who they are is asked for, since not known is not nobody. */
import { z } from 'zod';
import { isOk, isTransient } from '../../shared/answer';
import type { Zendesk } from './client';
import { wireUser, type WireUser } from './wire';
import { paths } from './paths';

/** Ids in one request. */
const AT_ONCE = 100;

const found = z.object({ users: z.array(wireUser.nullable().catch(null)) });

/** The system that runs automations is -1. */
const isPerson = (id: string | null | undefined): id is string => /^[1-9]\d*$/.test(id ?? '');

/**
 * @param users as they were brought along
 * @returns all that there are: who is still missing then is gone. undefined when Zendesk does not tell now
 * @throws NodeApiError when Zendesk refuses
 */
export async function withMissing(
	zendesk: Zendesk,
	users: ReadonlyMap<string, WireUser>,
	ids: ReadonlyArray<string | null | undefined>,
): Promise<Map<string, WireUser> | undefined> {
	const all = new Map(users);
	const missing = [...new Set(ids.filter(isPerson))].filter((id) => !all.has(id));
	for (let start = 0; start < missing.length; start += AT_ONCE) {
		const what = 'The users of the ticket could not be read';
		const answer = await zendesk.tryRequest({
			method: 'GET',
			path: paths.usersByIds,
			query: { ids: missing.slice(start, start + AT_ONCE).join(',') },
			repeatable: true,
		});
		if (isTransient(answer)) return undefined;
		if (!isOk(answer)) throw zendesk.refusal(what, answer);
		for (const user of zendesk.read(what, found, answer).users) if (user) all.set(user.id, user);
	}
	return all;
}
