/** A profile, simplified. */
import type { IDataObject } from 'n8n-workflow';
import type { Profile } from '../../api/profile';
import { OPEN_TICKET_COUNT } from '../../api/profiles';

/** The fields that each response about a profile has. */
export function simpleProfile(profile: Profile): IDataObject {
	const { id, email, phone, externalId, firstName, lastName, properties } = profile;
	const count = Number(properties[OPEN_TICKET_COUNT] ?? NaN);
	const openTicketCount = Number.isFinite(count) ? count : null;
	return { profileId: id, email, phone, externalId, firstName, lastName, openTicketCount };
}

/** Whether the customer can receive SMS. Klaviyo returns it only on request. */
export const smsConsent = ({ consent }: Profile): IDataObject => ({
	canReceiveSmsMarketing: consent.canReceiveMarketing,
	canReceiveSmsTransactional: consent.canReceiveTransactional,
});

/** The names of the fields of `simpleProfile`. */
export const simpleProfileNames: readonly string[] = [
	'profileId',
	'email',
	'phone',
	'externalId',
	'firstName',
	'lastName',
	'openTicketCount',
];
