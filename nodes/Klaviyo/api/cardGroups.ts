/**
 * Lists and segments of customers, by name. A profile can be asked for its own, fifteen times a minute. For many
 * customers each list and segment is asked which of them it has, a hundred at a time: 750 times a minute.
 */
import pLimit from 'p-limit';
import { z } from 'zod';
import { type Fact, known, unknown } from '../../../domain/customerCard';
import { isGone, isOk } from '../../shared/answer';
import { portionsOf } from '../../shared/portions';
import { type Klaviyo, readAll } from './client';
import { equalsAny } from './filter';
import { whyUnknown } from './cardUnknown';
import { single } from './wire';

export const groupKinds = ['lists', 'segments'] as const;
export type GroupKind = (typeof groupKinds)[number];
/** Names, by kind: only of the kinds that were asked for. */
export type Groups = Partial<Record<GroupKind, Fact<readonly string[]>>>;

const TYPES = { lists: 'list', segments: 'segment' } as const satisfies Record<GroupKind, string>;

/** A minute's worth of profiles that are each asked for their own. */
const MOST_ASKED_SINGLY = 15;
/** Calls that a customer may cost. One is for their events. */
const CALLS_EACH = 3;
const PROFILES_PER_REQUEST = 100;
/** Far below the 75 a second that Klaviyo accepts. */
const CONCURRENCY = 8;
/** Milliseconds: a minute's budget may be used up. */
const RETRY_FOR_MS = 130_000;

const named = z.object({
	id: z.string(),
	attributes: z.object({ name: z.string() }).nullish().catch(undefined),
});
const member = z.object({ id: z.string() });
const withGroups = z.object({
	relationships: z
		.object({
			lists: z
				.object({ data: z.array(member) })
				.nullish()
				.catch(undefined),
			segments: z
				.object({ data: z.array(member) })
				.nullish()
				.catch(undefined),
		})
		.nullish()
		.catch(undefined),
});
const included = z.object({
	included: z
		.array(z.object({ type: z.string() }).and(named).catch({ type: '', id: '' }))
		.nullish(),
});

/**
 * @param profileIds each once
 * @returns by profile id. What could not be read says why
 */
export async function groupsOf(
	klaviyo: Klaviyo,
	profileIds: readonly string[],
	kinds: readonly GroupKind[],
): Promise<ReadonlyMap<string, Groups>> {
	if (kinds.length === 0) return new Map(profileIds.map((id) => [id, {}]));
	if (profileIds.length > MOST_ASKED_SINGLY) {
		const together = await askGroups(klaviyo, profileIds, kinds);
		if (together) return together;
	}
	const limit = pLimit(1);
	const found = await Promise.all(
		profileIds.map((id) => limit(async () => [id, await ownGroups(klaviyo, id, kinds)] as const)),
	);
	return new Map(found);
}

const all = (kinds: readonly GroupKind[], fact: Fact<readonly string[]>): Groups =>
	Object.fromEntries(kinds.map((kind) => [kind, fact]));

async function ownGroups(
	klaviyo: Klaviyo,
	profileId: string,
	kinds: readonly GroupKind[],
): Promise<Groups> {
	const what = 'Lists and segments could not be read';
	try {
		const answer = await klaviyo.requestOk(what, {
			method: 'GET',
			path: `/api/profiles/${encodeURIComponent(profileId)}`,
			query: {
				include: kinds.join(','),
				...Object.fromEntries(kinds.map((kind) => [`fields[${TYPES[kind]}]`, 'name'])),
			},
			repeatable: true,
			retryForMs: RETRY_FOR_MS,
		});
		const { data } = klaviyo.read(what, single(withGroups), answer);
		const names = klaviyo.read(what, included, answer).included ?? [];
		return Object.fromEntries(
			kinds.map((kind) => {
				const ids = data.relationships?.[kind]?.data.map(({ id }) => id);
				if (ids === undefined) return [kind, unknown('Klaviyo does not show them')];
				return [
					kind,
					namesOf(
						ids,
						names.filter(({ type }) => type === TYPES[kind]),
					),
				];
			}),
		);
	} catch (error) {
		return all(kinds, whyUnknown(klaviyo, error));
	}
}

type Named = z.infer<typeof named>;

/** One without a name is shown by its id: the customer is in it. */
const namesOf = (ids: readonly string[], groups: readonly Named[]): Fact<readonly string[]> =>
	known(
		ids.map((id) => groups.find((group) => group.id === id)?.attributes?.name ?? id).sort(byName),
	);

/** @returns undefined if that would cost more calls than the customers may */
async function askGroups(
	klaviyo: Klaviyo,
	profileIds: readonly string[],
	kinds: readonly GroupKind[],
): Promise<ReadonlyMap<string, Groups> | undefined> {
	const read = await Promise.all(kinds.map(async (kind) => await accountGroups(klaviyo, kind)));
	const parts = portionsOf(profileIds, PROFILES_PER_REQUEST);
	const calls = read.reduce(
		(sum, { groups, pages }) => sum + pages + groups.length * parts.length,
		0,
	);
	if (calls > (CALLS_EACH - 1) * profileIds.length - parts.length) return undefined;
	const found = new Map<string, Groups>(profileIds.map((id) => [id, {}]));
	await Promise.all(
		kinds.map(async (kind, place) => {
			const { groups = [], fault } = read[place] ?? {};
			const members = fault ?? (await membersOf(klaviyo, kind, groups, parts));
			for (const [id, own] of found)
				own[kind] = members instanceof Map ? known((members.get(id) ?? []).sort(byName)) : members;
		}),
	);
	return found;
}

const byName = (one: string, other: string): number => one.localeCompare(other);

/** @returns names of the groups by profile id, or why they could not be read: a few of them would be taken for all */
async function membersOf(
	klaviyo: Klaviyo,
	kind: GroupKind,
	groups: readonly Named[],
	parts: ReadonlyArray<readonly string[]>,
): Promise<Map<string, string[]> | { unknown: string }> {
	const limit = pLimit(CONCURRENCY);
	const names = new Map<string, string[]>();
	const note = async ({ id, attributes }: Named, some: readonly string[]): Promise<void> => {
		for (const profileId of await membersAmong(klaviyo, kind, id, some))
			names.set(profileId, [...(names.get(profileId) ?? []), attributes?.name ?? id]);
	};
	try {
		await Promise.all(groups.flatMap((group) => parts.map((some) => limit(note, group, some))));
		return names;
	} catch (error) {
		limit.clearQueue();
		return whyUnknown(klaviyo, error);
	}
}

interface AccountGroups {
	groups: Named[];
	/** Requests that it took. */
	pages: number;
	fault?: { unknown: string };
}

/** Klaviyo's pages have ten. */
const GROUPS_PER_PAGE = 10;

async function accountGroups(klaviyo: Klaviyo, kind: GroupKind): Promise<AccountGroups> {
	try {
		const { data } = await readAll(
			klaviyo,
			kind === 'lists' ? 'Lists could not be read' : 'Segments could not be read',
			named,
			`/api/${kind}`,
			{ [`fields[${TYPES[kind]}]`]: 'name' },
		);
		return { groups: data, pages: Math.max(1, Math.ceil(data.length / GROUPS_PER_PAGE)) };
	} catch (error) {
		return { groups: [], pages: 0, fault: whyUnknown(klaviyo, error) };
	}
}

async function membersAmong(
	klaviyo: Klaviyo,
	kind: GroupKind,
	groupId: string,
	profileIds: readonly string[],
): Promise<string[]> {
	const what = 'Members could not be read';
	const path = `/api/${kind}/${encodeURIComponent(groupId)}/relationships/profiles`;
	const answer = await klaviyo.request({
		method: 'GET',
		path,
		query: {
			filter: equalsAny('profile_id', profileIds),
			'page[size]': PROFILES_PER_REQUEST,
		},
		repeatable: true,
		retryForMs: RETRY_FOR_MS,
	});
	// Deleted since it was listed: nobody is in it.
	if (isGone(answer)) return [];
	if (!isOk(answer)) throw klaviyo.refusal(what, answer);
	return klaviyo.read(what, z.object({ data: z.array(member) }), answer).data.map(({ id }) => id);
}
