/** Many customers at once: by profile id, and by number where that has gone. */
import type { NodeApiError } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { Klaviyo } from './client';
import { askInHalves } from './halves';
import { type Identifier, type Profile, profilesBy } from './profiles';

export interface Person {
	/** As an event named it. Profiles are merged, and then their id goes. */
	id: string | null;
	/** E.164. */
	phone: string | null;
}

/** Klaviyo's largest page of profiles, and as many as a URL holds with ease. */
const AT_ONCE = 100;

/** Reads under way, far below the 75 a second that Klaviyo takes. */
const CONCURRENCY = 4;

interface Lookup {
	found: Map<string, Profile>;
	/** By the value that Klaviyo would not look for. */
	refused: Map<string, NodeApiError>;
}

/**
 * All of them with as few calls as that takes: by id first, then, for ids that are not found and for people without
 * one, by number.
 *
 * @returns in the order of `people`: the profile, undefined when there is none, or why Klaviyo refused to look for it
 * @throws NodeApiError when profiles cannot be read at all
 */
export async function findPeople(
	klaviyo: Klaviyo,
	people: readonly Person[],
): Promise<Array<Profile | NodeApiError | undefined>> {
	const byId = await lookUp(
		klaviyo,
		'id',
		people.flatMap(({ id }) => id ?? []),
	);
	const byPhone = await lookUp(
		klaviyo,
		'phone_number',
		people.flatMap(({ id, phone }) => (id && byId.found.has(id) ? [] : (phone ?? []))),
	);
	return people.map(({ id, phone }) => {
		const found = (id && byId.found.get(id)) || (phone && byPhone.found.get(phone));
		if (found) return found;
		return (phone ? byPhone.refused.get(phone) : id && byId.refused.get(id)) || undefined;
	});
}

async function lookUp(
	klaviyo: Klaviyo,
	identifier: Identifier,
	values: readonly string[],
): Promise<Lookup> {
	const wanted = [...new Set(values)];
	const lookup: Lookup = { found: new Map(), refused: new Map() };
	const limit = pLimit(CONCURRENCY);
	const pages = Array.from({ length: Math.ceil(wanted.length / AT_ONCE) }, (_, page) =>
		wanted.slice(page * AT_ONCE, (page + 1) * AT_ONCE),
	);
	const lookUpSome = async (some: readonly string[]): Promise<void> => {
		for (const profile of await profilesBy(klaviyo, identifier, some)) {
			const value = identifier === 'id' ? profile.id : profile.phone;
			if (value !== null) lookup.found.set(value, profile);
		}
	};
	const refuse = (value: string, why: NodeApiError): void => void lookup.refused.set(value, why);
	await Promise.all(pages.map((some) => limit(askInHalves, klaviyo, some, lookUpSome, refuse)));
	return lookup;
}
