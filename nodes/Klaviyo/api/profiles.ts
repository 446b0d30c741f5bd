/**
 * The one reader of profiles: who a customer is, what they can receive, and which conversations are theirs.
 * https://developers.klaviyo.com/en/reference/profiles_api_overview
 */
import type { IDataObject, NodeApiError } from 'n8n-workflow';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { ConversationChannel } from '../../../domain/channel';
import { toE164 } from '../../../domain/phone';
import type { ShownWindow } from '../../../domain/reply/permission';
import type { Consent } from '../../../domain/screening';
import { asRefusal } from '../../shared/transport';
import { type Klaviyo, readAll } from './client';
import { equals, equalsAny } from './filter';
import {
	type ConsentEnd,
	conversationResource,
	profileResource,
	type ProfileResource,
} from './wire';

export type ConversationIds = Readonly<Partial<Record<ConversationChannel, string>>>;

export interface Profile {
	id: string;
	email: string | null;
	/** E.164. */
	phone: string | null;
	externalId: string | null;
	firstName: string | null;
	lastName: string | null;
	/** Custom properties. */
	properties: Readonly<Record<string, unknown>>;
	consent: Consent;
	whatsAppWindow: ShownWindow;
	/** Whether the customer may be sent WhatsApp templates; null if Klaviyo does not show it. */
	mayBeSentTemplates: boolean | null;
	/** The number that the customer writes from on WhatsApp, E.164: it may be another one. Null if Klaviyo does not say. */
	whatsAppPhone: string | null;
	/** One exists from the customer's first message on the channel on. Empty too if they were not asked for. */
	conversationIds: ConversationIds;
	/** As Klaviyo sent it. */
	raw: IDataObject;
}

/** The custom property with a customer's number of open tickets, which the segment of open tickets reads. */
export const OPEN_TICKET_COUNT = 'Open Ticket Count';
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

const rawResource = z.record(z.unknown());

/** A profile as it is, and as far as it is understood. */
export const profileItem = rawResource
	.transform((raw) => ({ raw, resource: raw }))
	.pipe(z.object({ raw: rawResource, resource: profileResource }));

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

export interface ProfileLookup {
	find(value: string): Profile | undefined;
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
	{ conversations = false }: { conversations?: boolean } = {},
): Promise<ProfileLookup> {
	const wanted = [...new Set(values)];
	const parts = Array.from({ length: Math.ceil(wanted.length / PROFILES_PER_REQUEST) }, (_, part) =>
		wanted.slice(part * PROFILES_PER_REQUEST, (part + 1) * PROFILES_PER_REQUEST),
	);
	const found = new Map<string, Profile>();
	const refused = new Map<string, NodeApiError>();
	const lookUp = async (some: readonly string[]): Promise<void> => {
		const read = async (query: IDataObject) =>
			await readProfiles(klaviyo, equalsAny(identifier, some), {
				'page[size]': PROFILES_PER_REQUEST,
				...query,
			});
		for (const profile of conversations ? await withConversations(klaviyo, read) : await read({})) {
			const value = profile[FIELDS[identifier]];
			if (value !== null) found.set(normalized(identifier, value), profile);
		}
	};
	const limit = pLimit(CONCURRENCY);
	await Promise.all(parts.map((some) => limit(lookUpInHalves, klaviyo, some, lookUp, refused)));
	return {
		find: (value) => found.get(normalized(identifier, value)),
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
	const profiles = await readProfiles(
		klaviyo,
		equals('phone_number', phone),
		WITH_CONVERSATIONS,
		'The profile could not be read',
	);
	return (
		profiles.find(({ conversationIds }) => conversationIds[channel] !== undefined) ?? profiles[0]
	);
}

/** @param included what the answer includes, such as conversations */
export function profileOf(
	{ raw, resource }: z.infer<typeof profileItem>,
	included: readonly unknown[] = [],
): Profile {
	const { id, attributes } = resource;
	const sms = attributes.subscriptions?.sms;
	return {
		id,
		email: attributes.email ?? null,
		phone: toE164(attributes.phone_number) ?? attributes.phone_number ?? null,
		externalId: attributes.external_id ?? null,
		firstName: attributes.first_name ?? null,
		lastName: attributes.last_name ?? null,
		properties: attributes.properties ?? {},
		consent: {
			canReceiveMarketing: sms?.marketing?.can_receive_sms_marketing ?? false,
			canReceiveTransactional: sms?.transactional?.can_receive_sms_transactional ?? false,
			endedAt: endOf([sms?.marketing, sms?.transactional]),
		},
		whatsAppPhone: toE164(attributes.subscriptions?.whatsapp?.conversational?.phone_number),
		whatsAppWindow: shownWindow(attributes.subscriptions?.whatsapp?.conversational),
		mayBeSentTemplates: templatesPermission(attributes.subscriptions?.whatsapp),
		conversationIds: conversationsOf(resource, included),
		raw: raw as IDataObject,
	};
}

type Permission = { can_receive?: boolean | null | undefined } | null | undefined;

/** A flow's template is sent as marketing or as transactional, as the builder has set it. */
function templatesPermission(
	shown: { marketing?: Permission; transactional?: Permission } | null | undefined,
): boolean | null {
	const known = [shown?.marketing, shown?.transactional].flatMap((one) => one?.can_receive ?? []);
	return known.length === 0 ? null : known.includes(true);
}

function shownWindow(
	shown: { can_receive?: boolean | null; valid_until?: string | null } | null | undefined,
): ShownWindow {
	const end = Date.parse(shown?.valid_until ?? '');
	return { canReceive: shown?.can_receive ?? null, validUntil: Number.isNaN(end) ? null : end };
}

/** When the last of the withdrawn consents was withdrawn. */
function endOf(consents: ReadonlyArray<ConsentEnd | null | undefined>): number | undefined {
	const ends = consents
		.filter((one) => one?.consent === 'UNSUBSCRIBED')
		.flatMap((one) => [one?.consent_timestamp, one?.last_updated])
		.map((time) => Date.parse(time ?? ''))
		.filter((time) => !Number.isNaN(time));
	return ends.length > 0 ? Math.max(...ends) : undefined;
}

/**
 * A profile has one conversation per channel. Older revisions give a single one, not a list, without its channel: that of
 * SMS. A conversation whose channel is not shown, or is not known here, is taken for none.
 */
export function conversationsOf(
	{ relationships }: ProfileResource,
	included: readonly unknown[],
): ConversationIds {
	const related = relationships?.conversations?.data ?? relationships?.conversation?.data ?? [];
	const ids = [related].flat().map(({ id }) => id);
	const shown = included.flatMap((resource) => {
		const parsed = conversationResource.safeParse(resource);
		return parsed.success && ids.includes(parsed.data.id) ? [parsed.data] : [];
	});
	const on = (channel: ConversationChannel): string | undefined =>
		shown.find(({ attributes }) => attributes?.channel?.toLowerCase() === channel)?.id;
	const only = Array.isArray(related) || shown.length > 0 ? undefined : related.id;
	return { sms: on('sms') ?? only, whatsapp: on('whatsapp') };
}
