/** Whether a Zendesk user is the customer of a conversation. */
import { isPhoneOf } from '../phone';
import { externalIdsOf, fromExternalId, standInIdOf, userIdOf } from './externalId';

/** A Zendesk user. */
export interface ZendeskPerson {
	phone: string | null;
	externalId: string | null;
	email: string | null;
	/** Agents count as anybody's customer, so that they can try things out. */
	isStaff: boolean;
}

/**
 * @param externalId the conversation's
 * @param trustedEmail the e-mail address on the phone number's profile, if the builder trusts it to be the customer's
 */
export function isCustomerOf(
	externalId: string | null,
	{ phone, externalId: own, email, isStaff }: ZendeskPerson,
	trustedEmail: string | null = null,
): boolean {
	const conversation = fromExternalId(externalId);
	if (!conversation) return true;
	const { phone: dialled } = conversation;
	const ids = externalIdsOf(userIdOf(dialled));
	const isOwnId = ids.some((id) => own === id || own === standInIdOf(id));
	const hasAddress =
		trustedEmail !== null && email?.toLowerCase() === trustedEmail.trim().toLowerCase();
	return isStaff || isOwnId || hasAddress || isPhoneOf(phone, dialled);
}
