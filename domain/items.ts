/**
 * The items that the nodes pass to each other: the contract of the package. Their fields are in this order: n8n shows the
 * first ones, so what a builder looks for comes before what only nodes need.
 * Whatever the vendor sent, ids are strings, times ISO 8601 in UTC, enums lower camel case, phone numbers E.164.
 */
import { z } from 'zod';
import { channels } from './channel';
import { ticketRating } from './rating';

/** A time in an item: ISO 8601 in UTC, `2026-11-22T10:00:00.000Z`. */
export const isoTime = z.string().datetime();

export const ticketStatuses = ['new', 'open', 'pending', 'hold', 'solved', 'closed'] as const;
export const ticketStatus = z.enum(ticketStatuses);
export type TicketStatus = z.infer<typeof ticketStatus>;

export const messageEventNames = [
	'customerMessaged',
	'delivered',
	'failed',
	'autoResponse',
	'subscribed',
	'unsubscribed',
] as const;
export const messageEventName = z.enum(messageEventNames);
export type MessageEventName = z.infer<typeof messageEventName>;

/** One message in either direction, as Klaviyo Trigger and Message: Get Many output it. */
export const messageEvent = z.object({
	/** E.164, or as the vendor wrote it if it is not a phone number (a branded sender). */
	from: z.string().nullable(),
	body: z.string(),
	sentAt: isoTime,
	to: z.string().nullable(),
	/** What happened. `subscribed` and `unsubscribed` are not messages, although a message may have caused them. */
	event: messageEventName,
	direction: z.enum(['inbound', 'outbound']),
	kind: z.enum(['customer', 'campaign', 'flow', 'conversation', 'autoResponse']),
	channel: z.enum(channels),
	/** On WhatsApp: the name that a customer gave themselves there. Null if Klaviyo does not say. */
	displayName: z.string().nullish(),
	mediaUrls: z.array(z.string()),
	campaign: z.object({ name: z.string().nullable(), messageId: z.string().nullable() }).nullish(),
	flow: z.object({ id: z.string(), messageId: z.string().nullable() }).nullish(),
	delivery: z
		.object({
			status: z.string().nullable(),
			/** What the next three say, separated by commas. Null if none of them says anything. */
			reason: z.string().nullable(),
			failureType: z.string().nullable(),
			failureSource: z.string().nullable(),
			vendorCode: z.string().nullable(),
		})
		.nullish(),
	profileId: z.string().nullable(),
	eventId: z.string().nullable(),
	/** `message:<eventId>`, or `message:flow:<fingerprint>` where a flow webhook carries no event id. */
	key: z.string().min(1),
	/**
	 * The key that a flow webhook without an event id gives the same message, so that the two are recognized as one.
	 * Absent if no flow webhook can have brought it.
	 */
	flowKey: z.string().min(1).optional(),
	/** Whether polling found it, not a webhook. */
	catchUp: z.boolean(),
	/** The vendor's own event, unchanged. A trigger leaves it out unless it was asked for. */
	raw: z.unknown(),
});
export type MessageEvent = z.infer<typeof messageEvent>;

/** An event of any metric, as Klaviyo Trigger outputs it. */
export const metricEvent = z.object({
	/** Its name as it is now: a metric may be renamed, its id stays. */
	metric: z.object({ id: z.string(), name: z.string() }),
	occurredAt: isoTime,
	/** Who it happened to. Null if Klaviyo does not say. */
	profile: z
		.object({
			id: z.string(),
			email: z.string().nullable(),
			/** E.164, or as the vendor has it. */
			phone: z.string().nullable(),
			externalId: z.string().nullable(),
			firstName: z.string().nullable(),
			lastName: z.string().nullable(),
		})
		.nullable(),
	/** The monetary value. Null if the event has none. */
	value: z.number().nullable(),
	/** As they were tracked. Klaviyo's own begin with `$`. */
	properties: z.record(z.unknown()),
	event: z.literal('otherMetric'),
	profileId: z.string().nullable(),
	eventId: z.string(),
	/** `metric:<eventId>` */
	key: z.string().min(1),
	catchUp: z.boolean(),
	/** As a message's. */
	raw: z.unknown(),
});
export type MetricEvent = z.infer<typeof metricEvent>;

export const ticketEventNames = [
	'opened',
	'solved',
	'reopened',
	'closed',
	'agentReplied',
	'deleted',
	'restored',
	'requesterChanged',
	'merged',
	'rated',
] as const;
export const ticketEventName = z.enum(ticketEventNames);
export type TicketEventName = z.infer<typeof ticketEventName>;

/** Something that happened to a ticket, as Zendesk Sync Trigger outputs it. */
export const ticketEvent = z.object({
	event: ticketEventName,
	ticketId: z.string(),
	status: ticketStatus.nullable(),
	previousStatus: ticketStatus.nullable(),
	comment: z
		.object({
			id: z.string(),
			body: z.string(),
			authorId: z.string().nullable(),
			authorName: z.string().nullable(),
		})
		.nullish(),
	/** Null until the trigger's execution has read what a webhook did not say. */
	rating: ticketRating.nullish(),
	occurredAt: isoTime,
	/** The requester before a change of requester. */
	previousRequesterId: z.string().nullish(),
	/** Of a ticket that was merged away: the one that it was merged into, null if nothing names it. */
	mergedInto: z.string().nullish(),
	/** Whether a merge closed the ticket. */
	closedByMerge: z.boolean().optional(),
	channel: z.string().nullable(),
	tags: z.array(z.string()),
	requesterId: z.string().nullable(),
	brandId: z.string().nullable(),
	externalId: z.string().nullable(),
	/**
	 * `opened|closed|merged:<ticketId>`, `reply:<commentId>`, `solved|reopened|requesterChanged:<ticketId>:<auditId>`,
	 * `deleted|restored:<ticketId>:<seconds since 1970>`, `rated:<ticketId>:<id of the rating>:<seconds since 1970>`.
	 * Null if it needs an audit id and came by webhook, which has none: Ticket: Get finds it for solved and reopened.
	 */
	key: z.string().min(1).nullable(),
	catchUp: z.boolean(),
	/**
	 * For a reply: whether it will be brought once more, so that what cannot be decided now may wait. Absent where it will
	 * be: a webhook brought it, and its trigger does not deliver each event once.
	 */
	comesAgain: z.boolean().optional(),
	/** As a message's. */
	raw: z.unknown(),
});
export type TicketEvent = z.infer<typeof ticketEvent>;
