/** Profiles: who a number or id is, whether they can be sent, and their SMS conversation. */
import type { Consent } from '../../../domain/screening';
import { toE164 } from '../../../domain/phone';
import { type Klaviyo, readAll } from './client';
import {
	type ConsentEnd,
	conversationResource,
	profileResource,
	type ProfileResource,
} from './wire';

export interface Profile {
	id: string;
	email: string | null;
	/** E.164. */
	phone: string | null;
	firstName: string | null;
	lastName: string | null;
	consent: Consent;
}

/** A profile with its SMS conversation, which exists from the customer's first message on. */
export interface ConversationProfile extends Profile {
	conversationId: string | null;
}

/** Klaviyo's largest page, and as many as a URL holds with ease. */
const PROFILES_PER_REQUEST = 100;

export type Identifier = 'id' | 'phone_number';

/** Klaviyo's filters take strings in double quotes. https://developers.klaviyo.com/en/docs/filtering_ */
export const quoted = (value: string): string =>
	`"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/**
 * @param values as many as you like; asked for a hundred at a time
 * @returns the profiles found, in no order; an id or number that no profile has is left out
 */
export async function profilesBy(
	klaviyo: Klaviyo,
	identifier: Identifier,
	values: readonly string[],
): Promise<Profile[]> {
	const wanted = [...new Set(values)];
	const found: Profile[] = [];
	for (let start = 0; start < wanted.length; start += PROFILES_PER_REQUEST) {
		const some = wanted.slice(start, start + PROFILES_PER_REQUEST).map(quoted);
		const { data } = await readAll(
			klaviyo,
			'Profiles could not be read',
			profileResource,
			'/api/profiles',
			{
				filter: `any(${identifier},[${some.join(',')}])`,
				'additional-fields[profile]': 'subscriptions',
				'page[size]': PROFILES_PER_REQUEST,
			},
		);
		found.push(...data.map(profileOf));
	}
	return found;
}

/**
 * Profile, consent and conversation in one call. The number finds the profile, never a stored id: profiles are
 * merged, and then their id goes.
 *
 * @returns undefined when no profile has the number
 */
export async function profileByPhone(
	klaviyo: Klaviyo,
	phone: string,
): Promise<ConversationProfile | undefined> {
	const { data, included } = await readAll(
		klaviyo,
		'The profile could not be read',
		profileResource,
		'/api/profiles',
		{
			filter: `equals(phone_number,${quoted(phone)})`,
			'additional-fields[profile]': 'subscriptions',
			include: 'conversations',
		},
	);
	const profiles = data.map((resource) => ({
		...profileOf(resource),
		conversationId: smsConversationOf(resource, included),
	}));
	return profiles.find(({ conversationId }) => conversationId !== null) ?? profiles[0];
}

/** When the last of the consents that are gone was taken away. */
function endOf(consents: ReadonlyArray<ConsentEnd | null | undefined>): number | undefined {
	const ends = consents
		.filter((one) => one?.consent === 'UNSUBSCRIBED')
		.flatMap((one) => [one?.consent_timestamp, one?.last_updated])
		.map((time) => Date.parse(time ?? ''))
		.filter((time) => !Number.isNaN(time));
	return ends.length > 0 ? Math.max(...ends) : undefined;
}

function profileOf({ id, attributes }: ProfileResource): Profile {
	const sms = attributes.subscriptions?.sms;
	return {
		id,
		email: attributes.email ?? null,
		phone: toE164(attributes.phone_number) ?? attributes.phone_number ?? null,
		firstName: attributes.first_name ?? null,
		lastName: attributes.last_name ?? null,
		consent: {
			canReceiveMarketing: sms?.marketing?.can_receive_sms_marketing ?? false,
			canReceiveTransactional: sms?.transactional?.can_receive_sms_transactional ?? false,
			endedAt: endOf([sms?.marketing, sms?.transactional]),
		},
	};
}

/** A profile has one conversation a channel; older revisions give a single one without saying which channel. */
export function smsConversationOf(
	{ relationships }: ProfileResource,
	included: readonly unknown[],
): string | null {
	const related = relationships?.conversations?.data ?? relationships?.conversation?.data ?? [];
	const ids = [related].flat().map(({ id }) => id);
	const conversations = included.flatMap((resource) => {
		const parsed = conversationResource.safeParse(resource);
		return parsed.success && ids.includes(parsed.data.id) ? [parsed.data] : [];
	});
	const sms = conversations.find(({ attributes }) => (attributes?.channel ?? 'sms') === 'sms');
	if (sms) return sms.id;
	return conversations.length === 0 ? (ids[0] ?? null) : null;
}
