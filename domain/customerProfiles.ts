/** By which addresses and numbers Klaviyo may know a Zendesk user. */
import { fromExternalId } from './conversation/externalId';
import { toE164 } from './phone';

/** How a profile is named to Klaviyo: by one identifier only, since several could merge two people. */
export type ProfileIdentifier = { phone_number: string } | { email: string };

export interface Person {
	email?: string | null | undefined;
	phone?: string | null | undefined;
}

/** Klaviyo's invention for people without an email address. https://help.klaviyo.com/hc/en-us/articles/4408023789083 */
const PLACEHOLDER_EMAIL = /^sms-integrations\+kl.*@klaviyo\.com$/i;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** @returns null for what is no address, and for one that Klaviyo has made up */
export function addressOf(written: string | null | undefined): string | null {
	const email = written?.trim() ?? '';
	return ADDRESS.test(email) && !PLACEHOLDER_EMAIL.test(email) ? email : null;
}

/** Whom a ticket is of, the surest first: by the conversation's number, else by address and number of the requester. */
export function profilesOf(
	externalId: string | null,
	requester: Person | null | undefined,
): ProfileIdentifier[] {
	const conversation = fromExternalId(externalId);
	if (conversation) return [{ phone_number: conversation.phone }];
	const email = addressOf(requester?.email);
	const phone = toE164(requester?.phone);
	return [
		...(email === null ? [] : [{ email }]),
		...(phone === null ? [] : [{ phone_number: phone }]),
	];
}

/** Everything that names a user, and their conversations. */
export interface Names {
	emails: ReadonlyArray<string | null>;
	phones: ReadonlyArray<string | null>;
	externalIds: ReadonlyArray<string | null>;
}

/** Each address and number of a user by which there may be a profile: more than one profile, where Klaviyo has them apart. */
export function profileNames({ emails, phones, externalIds }: Names): string[] {
	const addresses = emails.flatMap((email) => addressOf(email)?.toLowerCase() ?? []);
	const dialled = [
		...phones.flatMap((phone) => toE164(phone) ?? []),
		...externalIds.flatMap((externalId) => fromExternalId(externalId)?.phone ?? []),
	];
	return [...new Set([...addresses, ...dialled])];
}

export const asIdentifier = (name: string): ProfileIdentifier =>
	name.includes('@') ? { email: name } : { phone_number: name };
