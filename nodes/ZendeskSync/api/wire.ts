/** The parts of Zendesk's answers that this package reads. Tolerant: unknown fields pass, ids may be numbers or strings. */
import { z } from 'zod';
import type { ZendeskPerson } from '../../../domain/conversation/conversationCustomer';
import { isoTime, ticketStatus } from '../../../domain/items';
import { isMoment } from '../../shared/time';

export const wireId = z.union([z.number(), z.string()]).transform(String);
/** As Zendesk writes it, checked to be a valid time. */
const wireTime = z.string().refine((time) => isMoment(Date.parse(time)), 'is no time');
const optionalId = wireId.nullish().transform((id) => id ?? null);
const optionalText = z
	.string()
	.nullish()
	.transform((text) => text ?? null);

/** Upper case in webhooks, lower case in the REST API; undefined for others, such as DELETED. */
export const wireStatus = z
	.string()
	.transform((status) => ticketStatus.safeParse(status.toLowerCase()).data);

export const pageMeta = z.object({
	meta: z.object({ has_more: z.boolean(), after_cursor: z.string().nullish() }).nullish(),
});

export const wireUser = z.object({
	id: wireId,
	name: optionalText,
	/** What customers see in place of an agent's name; empty if there is none. */
	alias: z.string().nullish().catch(null),
	email: optionalText,
	phone: optionalText,
	/** Whether another user had the number first. */
	shared_phone_number: z.boolean().nullish().catch(null),
	role: z.string().nullish(),
	external_id: optionalText,
	suspended: z.boolean().nullish(),
});
export type WireUser = z.infer<typeof wireUser>;
/** A user as the rules see it. */
export const whoIs = ({
	phone,
	external_id: externalId,
	email,
	role,
}: WireUser): ZendeskPerson => ({
	phone,
	externalId,
	email,
	isStaff: role === 'agent' || role === 'admin',
});
export const userPage = z.object({ users: z.array(wireUser) });
export const oneUser = z.object({ user: wireUser });

const minutes = z
	.object({
		calendar: z.number().nullish().catch(null),
		business: z.number().nullish().catch(null),
	})
	.nullish()
	.catch(null);
/** What `include=metric_sets` adds, inside each ticket or in a list beside them. */
const wireMetricSet = z.object({
	ticket_id: wireId.nullish().catch(null),
	reply_time_in_minutes: minutes,
	full_resolution_time_in_minutes: minutes,
	replies: z.number().nullish().catch(null),
	reopens: z.number().nullish().catch(null),
	solved_at: wireTime.nullish().catch(null),
});
export type WireMetricSet = z.infer<typeof wireMetricSet>;

export const wireTicket = z.object({
	id: wireId,
	status: wireStatus,
	external_id: optionalText,
	subject: optionalText,
	description: optionalText,
	priority: optionalText,
	type: optionalText,
	tags: z.array(z.string()).nullish(),
	requester_id: optionalId,
	/** Who opened it, and wrote its first comment. */
	submitter_id: optionalId,
	assignee_id: optionalId,
	group_id: optionalId,
	brand_id: optionalId,
	created_at: wireTime,
	updated_at: wireTime,
	via: z
		.object({
			channel: z.union([z.string(), z.number()]).nullish(),
			source: z
				.object({ rel: z.string().nullish().catch(null) })
				.nullish()
				.catch(null),
		})
		.nullish(),
	custom_fields: z.array(z.object({ id: wireId, value: z.unknown() })).nullish(),
	metric_set: wireMetricSet.nullish().catch(null),
});
export type WireTicket = z.infer<typeof wireTicket>;
export const ticketPage = z.object({ tickets: z.array(wireTicket) });
/** An answer of the search. */
export const foundPage = z.object({ results: z.array(wireTicket) });

const wireGroup = z.object({ id: wireId, name: optionalText });
export const commentPage = z.object({
	comments: z.array(
		z.object({
			id: wireId,
			public: z.boolean().nullish(),
			author_id: optionalId,
			body: optionalText,
			html_body: optionalText,
			plain_body: optionalText,
			created_at: wireTime,
		}),
	),
	users: z.array(wireUser).nullish(),
});

const wireAttachment = z.object({ file_name: z.string(), content_url: z.string() });

/** What did something: a person, a program, one of the account's rules, a merge. */
const wireVia = z
	.object({
		channel: z.union([z.string(), z.number()]).nullish().catch(null),
		source: z
			.object({ rel: z.string().nullish().catch(null) })
			.nullish()
			.catch(null),
	})
	.nullish()
	.catch(null);

/** An unreadable field must not make the event unreadable, nor an unreadable event the page: it counts as missing. */
const oddText = z.string().nullish().catch(null);
export const auditEvent = z.object({
	id: wireId.nullish().catch(null),
	type: oddText,
	field_name: oddText,
	value: z.unknown(),
	previous_value: z.unknown(),
	public: z.boolean().nullish().catch(null),
	author_id: wireId.nullish().catch(null),
	body: oddText,
	html_body: oddText,
	plain_body: oddText,
	attachments: z.array(wireAttachment).nullish().catch(null),
	via: wireVia,
});
export type WireAuditEvent = z.infer<typeof auditEvent>;
export const wireAudit = z.object({
	id: wireId,
	ticket_id: wireId.nullish().catch(null),
	created_at: wireTime,
	author_id: optionalId,
	events: z
		.array(z.unknown())
		.transform((events) => events.flatMap((event) => auditEvent.safeParse(event).data ?? [])),
	metadata: z
		.object({ custom: z.record(z.unknown()).nullish().catch(null) })
		.nullish()
		.catch(null),
	via: wireVia,
});
export type WireAudit = z.infer<typeof wireAudit>;
export const auditPage = z.object({
	audits: z.array(wireAudit),
	users: z.array(wireUser).nullish(),
});

/** What `include` adds beside tickets. */
const sideloads = {
	users: z.array(wireUser).nullish(),
	groups: z.array(wireGroup).nullish(),
	metric_sets: z.array(wireMetricSet).nullish().catch(null),
	last_audits: z.array(wireAudit).nullish().catch(null),
};
export type Sideloads = z.infer<z.ZodObject<typeof sideloads>>;
export const ticketWithPeople = z.object({ ticket: wireTicket, ...sideloads });
export const ticketsWithPeople = ticketPage.extend(sideloads);

export const fieldPage = z.object({
	ticket_fields: z.array(z.object({ id: wireId, title: z.string(), type: z.string() })),
});
export const ticketFieldPage = z.object({
	ticket_fields: z.array(
		z.object({
			id: wireId,
			title: z.string(),
			active: z.boolean().nullish(),
			removable: z.boolean().nullish(),
		}),
	),
});
export const ticketFormPage = z.object({
	ticket_forms: z.array(z.object({ id: wireId, name: z.string(), active: z.boolean().nullish() })),
});
export const oneUpload = z.object({ upload: z.object({ token: z.string().min(1) }) });
export const groupPage = z.object({ groups: z.array(wireGroup) });
export const brandPage = z.object({ brands: z.array(z.object({ id: wireId, name: z.string() })) });

export const wireWebhook = z.object({
	id: wireId,
	name: z.string(),
	status: z.string().nullish(),
	endpoint: z.string().nullish(),
	subscriptions: z.array(z.string()).nullish(),
});
export type WireWebhook = z.infer<typeof wireWebhook>;
export const webhookPage = z.object({ webhooks: z.array(wireWebhook) });
export const oneWebhook = z.object({ webhook: wireWebhook });
export const signingSecret = z.object({ signing_secret: z.object({ secret: z.string().min(1) }) });

/** What this package writes into `metadata`, which the audit keeps as `metadata.custom`. */
export const marker = z.object({
	key: z.string().optional(),
	flowKey: z.string().optional(),
	sentAt: z.string().optional(),
	profileId: z.string().optional(),
	claim: z.string().optional(),
	run: z.string().optional(),
	/** `kept` if the reply was claimed with the agent's signature. */
	signature: z.string().optional(),
	/** What the reply was claimed with at its end. */
	ending: z.string().optional(),
	gaveUp: z.string().optional(),
	/** On a message that answers a request to rate the ticket: the score, 1 to 5 or '', and the customer's words. */
	rating: z.string().optional(),
	stars: z.string().optional(),
	said: z.string().optional(),
});
export type Marker = z.infer<typeof marker>;

/** How the values begin that this package writes: other programs use `metadata` too. */
const OURS = /^(?:message|reply|note)(?::|$)/;

/** A message's key is the builder's choice, so it may be anything. Its time is always beside it. */
const isMessage = ({ key, sentAt }: Marker): boolean =>
	Boolean(key) && isoTime.safeParse(sentAt).success;

/** @returns undefined if this package did not write the audit */
export function markerOf(audit: WireAudit): Marker | undefined {
	const custom = audit.metadata?.custom;
	const { success, data } = marker.safeParse(custom ?? {});
	if (!custom || !success) return undefined;
	const isOurs = OURS.test(data.key ?? data.claim ?? data.gaveUp ?? '') || isMessage(data);
	return isOurs ? data : undefined;
}

/** The key of a note. The builder chooses it, so it may be anything. */
export const noteKeyOf = (audit: WireAudit): string | undefined =>
	marker.safeParse(audit.metadata?.custom ?? {}).data?.key;
