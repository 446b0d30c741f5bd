/** A profile, simplified. */
import type { IDataObject } from 'n8n-workflow';
import { toE164 } from '../../../../domain/phone';
import { OPEN_TICKET_COUNT } from '../../api/openTicketCount';
import type { ProfileResource } from '../../api/wire';

/** The fields that each response about a profile has. */
export function simpleProfile({ id, attributes }: ProfileResource): IDataObject {
	const count = Number(attributes.properties?.[OPEN_TICKET_COUNT] ?? NaN);
	return {
		profileId: id,
		email: attributes.email ?? null,
		phone: toE164(attributes.phone_number) ?? attributes.phone_number ?? null,
		externalId: attributes.external_id ?? null,
		firstName: attributes.first_name ?? null,
		lastName: attributes.last_name ?? null,
		openTicketCount: Number.isFinite(count) ? count : null,
	};
}

/** Whether the customer can receive SMS. Klaviyo returns it only on request. */
export function smsConsent({ attributes }: ProfileResource): IDataObject {
	const sms = attributes.subscriptions?.sms;
	return {
		canReceiveSmsMarketing: sms?.marketing?.can_receive_sms_marketing ?? false,
		canReceiveSmsTransactional: sms?.transactional?.can_receive_sms_transactional ?? false,
	};
}
