/** Whether a person in Zendesk is the customer who messages from a conversation's number. */
import { isPhoneOf } from '../phone';
import { externalIdsOf, fromExternalId, standInIdOf, toExternalId } from './externalId';

/** As Zendesk has a user. */
export interface Who {
	phone: string | null;
	externalId: string | null;
	email: string | null;
	/** An agent who plays the customer, to try things out. */
	isStaff: boolean;
}

/**
 * @param externalId of the conversation
 * @param trusted the e-mail address of the number's profile, where the builder takes it for the customer's own
 */
export function isCustomerOf(
	externalId: string | null,
	{ phone, externalId: own, email, isStaff }: Who,
	trusted: string | null = null,
): boolean {
	const conversation = fromExternalId(externalId);
	if (!conversation) return true;
	const { channel, phone: dialled } = conversation;
	const ids = externalIdsOf(toExternalId({ channel, phone: dialled }));
	const isOwnId = ids.some((id) => own === id || own === standInIdOf(id));
	const hasAddress = trusted !== null && email?.toLowerCase() === trusted.trim().toLowerCase();
	return isStaff || isOwnId || hasAddress || isPhoneOf(phone, dialled);
}
