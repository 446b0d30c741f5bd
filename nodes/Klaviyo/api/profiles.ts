/**
 * The one reader of profiles.
 * https://developers.klaviyo.com/en/reference/profiles_api_overview
 */
import type { IDataObject, NodeApiError } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { ConversationChannel } from '../../../domain/channel';
import { portionsOf } from '../../shared/portions';
import { processMemory, recentOnly } from '../../shared/processMemory';
import { asRefusal } from '../../shared/transport';
import { type Klaviyo, readAll } from './client';
import { equalsAny } from './filter';
import { type Profile, profileItem, profileOf } from './profile';

/** The custom property with a customer's number of open tickets, which the segment of open tickets reads. */
export const OPEN_TICKET_COUNT = 'Open Ticket Count';
export const LAST_RATING = 'Last Rating';
export const LAST_RATING_AT = 'Last Rating At';
export const LAST_TICKET_AT = 'Last Ticket At';
export const LAST_TICKET_REASON = 'Last Ticket Reason';

export const identifierNames = ['id', 'external_id', 'phone_number', 'email'] as const;
export type IdentifierName = (typeof identifierNames)[number];

const FIELDS = {
	id: 'id',
	external_id: 'externalId',
	phone_number: 'phone',
	email: 'email',
} as const satisfies Record<IdentifierName, keyof Profile>;

/** Klaviyo's largest page, and as many as fit into a URL with ease. */
const PROFILES_PER_REQUEST = 100;

/** Requests in parallel, far below the 75 a second that Klaviyo accepts. */
const CONCURRENCY = 4;

async function readProfiles(
	klaviyo: Klaviyo,
	filter: string,
	query: IDataObject,
	errorTitle = 'Profiles could not be read',
): Promise<Profile[]> {
	const { data, included } = await readAll(klaviyo, errorTitle, profileItem, '/api/profiles', {
		filter,
		'additional-fields[profile]': 'subscriptions',
		...query,
	});
	return data.map((item) => profileOf(item, included));
}

const WITH_CONVERSATIONS = { include: 'conversations' };

/** A key may read profiles and not conversations: then the profile is all that can be had. */
async function withConversations(
	klaviyo: Klaviyo,
	read: (query: IDataObject) => Promise<Profile[]>,
): Promise<Profile[]> {
	try {
		return await read(WITH_CONVERSATIONS);
	} catch (error) {
		const refusal = asRefusal(klaviyo, error);
		if (refusal.httpCode !== '403') throw refusal;
		return await read({});
	}
}

/** What to read of profiles besides their attributes. */
export interface ProfileRequest {
	conversations?: boolean;
	/**
	 * Names separated by commas. Klaviyo allows fewer requests with `predictive_analytics`: 10 a second, 150 a minute.
	 */
	additional?: string;
}

export interface ProfileLookup {
	find(value: string): Profile | undefined;
	/** All that have the value: several profiles may have one number. */
	all(value: string): readonly Profile[];
	/** Why Klaviyo refused to look for this value. */
	refusalOf(value: string): NodeApiError | undefined;
}

/** Klaviyo stores email addresses in lower case. */
const normalized = (identifier: IdentifierName, value: string): string =>
	identifier === 'email' ? value.toLowerCase() : value;

/**
 * @param values any number: a hundred per request
 * @throws NodeApiError if profiles cannot be read at all
 */
export async function profilesBy(
	klaviyo: Klaviyo,
	identifier: IdentifierName,
	values: readonly string[],
	{ conversations = false, additional = 'subscriptions' }: ProfileRequest = {},
): Promise<ProfileLookup> {
	const wanted = [...new Set(values)];
	const parts = portionsOf(wanted, PROFILES_PER_REQUEST);
	const found = new Map<string, Profile[]>();
	const refused = new Map<string, NodeApiError>();
	const lookUp = async (some: readonly string[]): Promise<void> => {
		const read = async (query: IDataObject) =>
			await readProfiles(klaviyo, equalsAny(identifier, some), {
				'page[size]': PROFILES_PER_REQUEST,
				'additional-fields[profile]': additional || undefined,
				...query,
			});
		for (const profile of conversations ? await withConversations(klaviyo, read) : await read({})) {
			const value = profile[FIELDS[identifier]];
			if (value === null) continue;
			const name = normalized(identifier, value);
			found.set(name, [...(found.get(name) ?? []), profile]);
		}
	};
	const limit = pLimit(CONCURRENCY);
	await Promise.all(parts.map((some) => limit(lookUpInHalves, klaviyo, some, lookUp, refused)));
	const all = (value: string): readonly Profile[] => found.get(normalized(identifier, value)) ?? [];
	return {
		all,
		find: (value) => all(value).at(-1),
		refusalOf: (value) => refused.get(value),
	};
}

/**
 * It is not documented whether Klaviyo refuses a whole list because of one value that it does not accept. If it does,
 * the list is halved, so that one value does not cost the others.
 */
async function lookUpInHalves(
	klaviyo: Klaviyo,
	values: readonly string[],
	lookUp: (values: readonly string[]) => Promise<void>,
	refused: Map<string, NodeApiError>,
): Promise<void> {
	try {
		await lookUp(values);
	} catch (error) {
		const refusal = asRefusal(klaviyo, error);
		if (refusal.httpCode !== '400') throw refusal;
		const [only, another] = values;
		if (only !== undefined && another === undefined) return void refused.set(only, refusal);
		const half = Math.ceil(values.length / 2);
		await lookUpInHalves(klaviyo, values.slice(0, half), lookUp, refused);
		await lookUpInHalves(klaviyo, values.slice(half), lookUp, refused);
	}
}

/** When profiles were read, milliseconds since 1970, by account and id. */
const lastRead = recentOnly(processMemory<number>());

/** Milliseconds in which a profile that was read is taken to exist still. */
const EXISTS_FOR = 60_000;

/** Whether this process has just read the profile: a node that needs its id only need not ask again. */
export const wasJustRead = ({ account }: Klaviyo, id: string): boolean =>
	Date.now() - (lastRead.get(`${account} ${id}`) ?? 0) < EXISTS_FOR;

export interface CustomerNames {
	/** As an event named it. When profiles are merged, the id of one is gone. */
	id: string | null;
	/** E.164. */
	phone: string | null;
}

/**
 * Finds customers by profile id, then, if the id is not found or not known, by phone number.
 *
 * @returns in the order of `customers`: the profile, undefined if there is none, or why Klaviyo refused to look for it
 * @throws NodeApiError if profiles cannot be read at all
 */
export async function profilesOf(
	klaviyo: Klaviyo,
	customers: readonly CustomerNames[],
): Promise<Array<Profile | NodeApiError | undefined>> {
	const ids = customers.flatMap(({ id }) => id ?? []);
	const byId = await profilesBy(klaviyo, 'id', ids);
	const phones = customers.flatMap(({ id, phone }) => (id && byId.find(id) ? [] : (phone ?? [])));
	const byPhone = await profilesBy(klaviyo, 'phone_number', phones);
	return customers.map(({ id, phone }) => {
		const found = (id && byId.find(id)) || (phone && byPhone.find(phone));
		if (found) lastRead.set(`${klaviyo.account} ${found.id}`, Date.now());
		if (found) return found;
		return (phone ? byPhone.refusalOf(phone) : id && byId.refusalOf(id)) || undefined;
	});
}

/**
 * Profile, consent and conversation in one request. It is found by its number, never by a stored id, which is gone once
 * profiles are merged.
 *
 * @returns undefined if no profile has the number
 */
export async function profileByPhone(
	klaviyo: Klaviyo,
	phone: string,
	channel: ConversationChannel,
): Promise<Profile | undefined> {
	const profiles = await profilesWithPhone(klaviyo, [phone], { conversations: true });
	return (
		profiles.find(({ conversationIds }) => conversationIds[channel] !== undefined) ?? profiles[0]
	);
}

/** All profiles with a number, in any of its spellings. */
export const profilesWithPhone = async (
	klaviyo: Klaviyo,
	spellings: readonly string[],
	{ conversations }: { conversations: boolean },
): Promise<Profile[]> =>
	await readProfiles(
		klaviyo,
		equalsAny('phone_number', spellings),
		conversations ? WITH_CONVERSATIONS : {},
		'The profile could not be read',
	);
