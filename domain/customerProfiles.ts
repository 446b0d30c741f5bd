/** The e-mail addresses and phone numbers under which Klaviyo may know a Zendesk user. */
import { fromExternalId } from './conversation/externalId';
import { countryOf, toE164 } from './phone';

/** What identifies a profile to Klaviyo: only one identifier, since several could merge two people. */
export type ProfileIdentifier = { phone_number: string } | { email: string };

export interface Person {
	email?: string | null | undefined;
	phone?: string | null | undefined;
	/** Of the person, not of a ticket: who has written by SMS bears the conversation's. */
	externalId?: string | null | undefined;
}

/** Klaviyo's placeholder for people without an e-mail address. https://help.klaviyo.com/hc/en-us/articles/4408023789083 */
const PLACEHOLDER_EMAIL = /^sms-integrations\+kl.*@klaviyo\.com$/i;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** @returns null for what is not an e-mail address, and for Klaviyo's placeholders */
export function addressOf(written: string | null | undefined): string | null {
	const email = written?.trim() ?? '';
	return ADDRESS.test(email) && !PLACEHOLDER_EMAIL.test(email) ? email : null;
}

const conversationPhones = (externalIds: ReadonlyArray<string | null | undefined>): string[] =>
	externalIds.flatMap((externalId) => fromExternalId(externalId)?.phone ?? []);

/**
 * Reads phone numbers of one person. A national spelling such as `(212) 555-0123` is of the country that their
 * conversations are from; without one, or with several, nobody knows which number it is.
 */
function phonesOf(
	written: ReadonlyArray<string | null | undefined>,
	conversations: readonly string[],
): string[] {
	const countries = new Set(conversations.flatMap((phone) => countryOf(phone) ?? []));
	const [home, another] = countries;
	return written.flatMap((phone) => toE164(phone, another ? undefined : home) ?? []);
}

/** The customer of a ticket, surest first: the conversation's phone number, or else the requester's address and number. */
export function profilesFor(
	externalId: string | null,
	requester: Person | null | undefined,
): ProfileIdentifier[] {
	const conversation = fromExternalId(externalId);
	if (conversation) return [{ phone_number: conversation.phone }];
	const email = addressOf(requester?.email);
	const own = conversationPhones([requester?.externalId]);
	const [phone] = [...phonesOf([requester?.phone], own), ...own];
	return [
		...(email === null ? [] : [{ email }]),
		...(phone === undefined ? [] : [{ phone_number: phone }]),
	];
}

/** Everything that identifies a user, and the conversations that they have. */
export interface UserNames {
	emails: ReadonlyArray<string | null>;
	phones: ReadonlyArray<string | null>;
	externalIds: ReadonlyArray<string | null>;
}

/** All addresses and numbers of a user that may have a profile. Klaviyo may keep them as several profiles. */
export function profileNamesOf({ emails, phones, externalIds }: UserNames): string[] {
	const addresses = emails.flatMap((email) => addressOf(email)?.toLowerCase() ?? []);
	const conversations = conversationPhones(externalIds);
	return [...new Set([...addresses, ...phonesOf(phones, conversations), ...conversations])];
}

export const asIdentifier = (name: string): ProfileIdentifier =>
	name.includes('@') ? { email: name } : { phone_number: name };
