/** The parts of Klaviyo's answers (JSON:API) that this package reads. Tolerant: only what is needed must be there. */
import { z } from 'zod';

/** Klaviyo writes an object without members as an empty list. */
const members = <T extends z.ZodRawShape>(shape: T) =>
	z.preprocess(
		(value) => (Array.isArray(value) && value.length === 0 ? {} : value),
		z.object(shape),
	);

const related = z
	.object({ data: z.object({ id: z.string() }).nullish().catch(undefined) })
	.nullish()
	.catch(undefined);

const relatedMany = z
	.object({
		data: z.union([z.array(z.object({ id: z.string() })), z.object({ id: z.string() })]).nullish(),
	})
	.nullish()
	.catch(undefined);

export const eventResource = z.object({
	id: z.string(),
	attributes: members({
		/** Seconds since 1970. */
		timestamp: z.number().nullish().catch(undefined),
		/** ISO 8601, in webhooks with a space instead of the `T`. */
		datetime: z.string().nullish().catch(undefined),
		event_properties: z.record(z.unknown()).nullish().catch(undefined),
	}),
	relationships: z.object({ profile: related, metric: related }).nullish().catch(undefined),
});
export type EventResource = z.infer<typeof eventResource>;

const optionalWord = z.string().nullish().catch(null);
/**
 * When consent last changed, and to what. `NEVER_SUBSCRIBED` has not ended. Recorded answers have a time only in the
 * first field; Klaviyo documents both.
 */
const consentEnd = z.object({
	consent: optionalWord,
	consent_timestamp: optionalWord,
	last_updated: optionalWord,
});
export type ConsentEnd = z.infer<typeof consentEnd>;

const smsConsent = z
	.object({
		marketing: consentEnd
			.extend({ can_receive_sms_marketing: z.boolean().nullish() })
			.nullish()
			.catch(undefined),
		transactional: consentEnd
			.extend({ can_receive_sms_transactional: z.boolean().nullish() })
			.nullish()
			.catch(undefined),
	})
	.nullish()
	.catch(undefined);

const whatsAppPermission = z
	.object({ can_receive: z.boolean().nullish().catch(null) })
	.nullish()
	.catch(undefined);

/** Null on a profile that was never on WhatsApp. */
const whatsAppConsent = z
	.object({
		marketing: whatsAppPermission,
		transactional: whatsAppPermission,
		conversational: z
			.object({
				can_receive: z.boolean().nullish().catch(null),
				valid_until: optionalWord,
				phone_number: optionalWord,
			})
			.nullish()
			.catch(undefined),
	})
	.nullish()
	.catch(undefined);

export const profileResource = z.object({
	id: z.string(),
	attributes: members({
		email: z.string().nullish(),
		phone_number: z.string().nullish(),
		external_id: z.string().nullish(),
		first_name: z.string().nullish(),
		last_name: z.string().nullish(),
		/** Custom properties. */
		properties: z.record(z.unknown()).nullish().catch(undefined),
		subscriptions: z
			.object({ sms: smsConsent, whatsapp: whatsAppConsent })
			.nullish()
			.catch(undefined),
	}),
	/** A list since revision 2026-07-15, one or null before. */
	relationships: z
		.object({ conversations: relatedMany, conversation: relatedMany })
		.nullish()
		.catch(undefined),
});
export type ProfileResource = z.infer<typeof profileResource>;

export const conversationResource = z.object({
	type: z.literal('conversation'),
	id: z.string(),
	attributes: members({ channel: z.string().nullish() }).nullish(),
});

export const metricResource = z.object({
	id: z.string(),
	attributes: z.object({
		name: z.string(),
		integration: z
			.object({ name: z.string().nullish(), key: z.string().nullish().catch(undefined) })
			.nullish()
			.catch(undefined),
	}),
});

export const webhookResource = z.object({
	id: z.string(),
	attributes: members({
		name: z.string().nullish(),
		enabled: z.boolean().nullish(),
	}),
});
export type WebhookResource = z.infer<typeof webhookResource>;

export const segmentResource = z.object({
	id: z.string(),
	attributes: members({ name: z.string().nullish() }).nullish(),
});

/** A number that the account sends from. https://developers.klaviyo.com/en/reference/get_text_messaging_senders */
export const senderResource = z.object({
	id: z.string(),
	attributes: members({
		sender_identifier: optionalWord,
		sender_type: optionalWord,
		sender_details: z.object({ country: optionalWord }).nullish().catch(undefined),
	}),
});

export const accountResource = z.object({
	id: z.string(),
	attributes: members({
		timezone: z.string().nullish(),
		contact_information: members({ organization_name: z.string().nullish() }).nullish(),
	}),
});

export const metricPropertyResource = z.object({
	attributes: members({ property: z.string().nullish(), label: z.string().nullish() }),
});

const list = <T extends z.ZodTypeAny>(item: T) => z.array(item);

export const page = <T extends z.ZodTypeAny>(item: T) =>
	z.object({
		data: list(item),
		included: z.array(z.unknown()).nullish(),
		links: z.object({ next: z.string().nullish() }).nullish().catch(undefined),
	});

export const single = <T extends z.ZodTypeAny>(item: T) => z.object({ data: item });

// Accepts anything: an error about an error would hide what happened.
const errorWords = z.string().nullish().catch(undefined);

/** Any answer, and what may be text in it. `source`, `links` and `meta` may be empty lists. */
export const errorAnswer = z
	.object({
		errors: z
			.array(
				z
					.object({
						title: errorWords,
						detail: errorWords,
						code: errorWords,
						source: z
							.object({ pointer: errorWords, parameter: errorWords })
							.nullish()
							.catch(undefined),
						meta: z.record(z.unknown()).nullish().catch(undefined),
					})
					.catch({}),
			)
			.nullish()
			.catch(undefined),
		message: errorWords,
		error: errorWords,
		error_description: errorWords,
	})
	.catch({});
