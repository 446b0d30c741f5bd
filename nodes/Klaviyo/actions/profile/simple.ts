/** A profile in few words. */
import type { IDataObject } from 'n8n-workflow';
import { toE164 } from '../../../../domain/phone';
import { OPEN_TICKET_COUNT } from '../../api/openTicketCount';
import type { ProfileResource } from '../../api/wire';

/** What every answer about a profile says. */
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

/** Whether the customer can be sent. Klaviyo tells only who asks for it. */
export function smsConsent({ attributes }: ProfileResource): IDataObject {
	const sms = attributes.subscriptions?.sms;
	return {
		canReceiveSmsMarketing: sms?.marketing?.can_receive_sms_marketing ?? false,
		canReceiveSmsTransactional: sms?.transactional?.can_receive_sms_transactional ?? false,
	};
}
