import type { Core } from '../core';
import type { Consent, Profile } from './model';
import type { Store } from './store';
import { invalid, refuse } from './wording';

/** What a client may write to a profile; null clears a value, leaving it out keeps it. */
export interface ProfileWrite {
	email?: string | null | undefined;
	phone_number?: string | null | undefined;
	external_id?: string | null | undefined;
	location?: Record<string, unknown> | null | undefined;
	properties?: Record<string, unknown> | null | undefined;
	[name: string]: unknown;
}

const names = ['first_name', 'last_name', 'organization', 'locale', 'title', 'image'];
const never: Consent = { state: 'NEVER_SUBSCRIBED', at: null, detail: null };

export const isE164 = (phone: string): boolean => /^\+[1-9]\d{6,14}$/.test(phone);

/** The profile with the identifiers: by id, then external id, e-mail, phone. */
export function findProfile(
	store: Store,
	wanted: ProfileWrite,
	id?: string | null,
): Profile | undefined {
	if (id) return store.profiles.get(id);
	const { external_id: externalId, email, phone_number: phone } = wanted;
	return (
		(externalId ? store.profiles.with('external_id', externalId) : undefined) ??
		(email ? store.profiles.with('email', email.toLowerCase()) : undefined) ??
		(phone ? store.profiles.with('phone_number', phone) : undefined)
	);
}

export function makeProfile(core: Core, store: Store, wanted: ProfileWrite): Profile {
	const now = core.clock.now();
	const profile: Profile = {
		id: store.ulid(),
		place: store.nextPlace(),
		email: null,
		phone: null,
		externalId: null,
		names: {},
		location: {},
		properties: {},
		marketing: never,
		transactional: never,
		whatsApp: { marketing: never, lastMessage: undefined },
		emailMarketing: never,
		predictions: undefined,
		createdAt: now,
		updatedAt: now,
	};
	writeProfile(core, store, profile, wanted);
	store.profiles.set(profile.id, profile);
	return profile;
}

/** Writes what was given. Throws 409 if another profile has an identifier, 400 for an invalid phone number. */
export function writeProfile(
	core: Core,
	store: Store,
	profile: Profile,
	wanted: ProfileWrite,
): Profile {
	if (wanted.phone_number && !isE164(wanted.phone_number))
		throw invalid('Invalid phone number format (Example of a valid format: +12345678901)', {
			pointer: '/data/attributes/phone_number',
		});
	const identifiers: ProfileWrite[] = [
		{ email: wanted.email },
		{ phone_number: wanted.phone_number },
		{ external_id: wanted.external_id },
	];
	for (const identifier of identifiers) {
		const owner = findProfile(store, identifier);
		if (owner !== undefined && owner.id !== profile.id)
			throw refuse(
				409,
				'duplicate_profile',
				'Conflict.',
				'A profile already exists with one of these identifiers.',
				{
					pointer: '/data/attributes',
				},
			);
	}
	if (wanted.email !== undefined) profile.email = wanted.email?.toLowerCase() ?? null;
	if (wanted.phone_number !== undefined) profile.phone = wanted.phone_number;
	if (wanted.external_id !== undefined) profile.externalId = wanted.external_id;
	for (const name of names) {
		const value = wanted[name];
		if (value !== undefined)
			profile.names = { ...profile.names, [name]: value === null ? null : String(value) };
	}
	if (wanted.location !== undefined) profile.location = { ...profile.location, ...wanted.location };
	if (wanted.properties !== undefined)
		profile.properties = { ...profile.properties, ...wanted.properties };
	profile.updatedAt = core.clock.now();
	store.profiles.note(profile);
	core.changes.announce();
	return profile;
}

/** `meta.patch_properties`: unset, append and unappend custom properties. */
export function patchProperties(
	profile: Profile,
	patch: {
		append?: Record<string, unknown> | null;
		unappend?: Record<string, unknown> | null;
		unset?: string | string[];
	},
): void {
	const unset = [patch.unset ?? []].flat();
	const properties = Object.fromEntries(
		Object.entries(profile.properties).filter(([name]) => !unset.includes(name)),
	);
	const listOf = (value: unknown): unknown[] =>
		value === undefined ? [] : Array.isArray(value) ? value : [value];
	for (const [name, value] of Object.entries(patch.append ?? {}))
		properties[name] = [...new Set([...listOf(properties[name]), ...listOf(value)])];
	for (const [name, value] of Object.entries(patch.unappend ?? {}))
		properties[name] = listOf(properties[name]).filter((item) => !listOf(value).includes(item));
	profile.properties = properties;
}

const DAY = 24 * 60 * 60_000;

/** The time up to which the customer can be answered on WhatsApp; undefined if they have never written there. */
export const windowEnd = ({ whatsApp }: Profile): number | undefined =>
	whatsApp.lastMessage && whatsApp.lastMessage.at + DAY;

export function setWhatsAppConsent(
	core: Core,
	profile: Profile,
	isGiven: boolean,
	detail: string,
): void {
	const state = isGiven ? 'SUBSCRIBED' : 'UNSUBSCRIBED';
	profile.whatsApp.marketing = { state, at: core.clock.now(), detail };
	core.changes.announce();
}

export function subscribe(core: Core, profile: Profile, detail: string): void {
	profile.marketing = { state: 'SUBSCRIBED', at: core.clock.now(), detail };
	profile.transactional = { state: 'SUBSCRIBED', at: core.clock.now(), detail };
	core.changes.announce();
}

export function unsubscribe(core: Core, profile: Profile, detail: string): void {
	profile.marketing = { state: 'UNSUBSCRIBED', at: core.clock.now(), detail };
	profile.transactional = { state: 'UNSUBSCRIBED', at: core.clock.now(), detail };
	core.changes.announce();
}
