/**
 * The Klaviyo metric of a ticket event: those of Klaviyo's own Zendesk integration, with the same properties
 * (https://help.klaviyo.com/hc/en-us/articles/115005253728), and Solved and Reopened, which it does not have.
 */
import { z } from 'zod';
import { fromExternalId } from './conversation/externalId';
import { type ProfileIdentifier, profilesFor } from './customerProfiles';
import { isoTime, ticketEvent, type TicketEventName, ticketStatus } from './items';
import { supportTimes, timeProperties } from './supportTimes';
import type { MetricEvent } from './tracking/event';
import { zendeskAccountOf } from './zendeskAccount';

const person = z.object({
	id: z.string(),
	name: z.string().nullable(),
	email: z.string().nullable(),
});
const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable();
export type FieldValue = z.infer<typeof fieldValue>;

export const currentTicket = z.object({
	status: ticketStatus.nullable(),
	requesterId: z.string().nullable(),
});

/** A ticket event with the ticket's fields that *Ticket: Get* adds. `status` stays the one that the event led to. */
export const ticketFacts = ticketEvent.extend({
	subject: z.string().nullable(),
	/** The text of the first comment. */
	description: z.string().nullable(),
	priority: z.string().nullable(),
	type: z.string().nullable(),
	via: z.string().nullable(),
	/** The ticket's address for agents. */
	zendeskUrl: z.string(),
	assignee: person.nullable(),
	group: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
	requester: person
		.extend({ phone: z.string().nullable(), externalId: z.string().nullish() })
		.nullable(),
	/** Custom fields by title. */
	fields: z.record(fieldValue),
	createdAt: isoTime,
	updatedAt: isoTime,
	/** Null if Zendesk did not say. */
	times: supportTimes.nullish(),
	/** What the ticket was when it was read: the fields beside it are the event's. */
	current: currentTicket.nullish(),
});
export type TicketFacts = z.infer<typeof ticketFacts>;

export interface TicketMetric extends MetricEvent {
	/** A ticket event is one event, even if two items identify its customer in different ways. */
	isUniqueForAll: true;
	profile: ProfileIdentifier;
	fallbackProfile?: ProfileIdentifier;
	properties: Record<string, string | number | string[] | Record<string, FieldValue>>;
}

/** Why an event has no metric. */
export interface NoMetric {
	refusal: 'noKey' | 'noMetric' | 'noProfile' | 'noRating';
	explanation: string;
}

const METRIC_OF: Partial<Record<TicketEventName, string>> = {
	opened: 'Opened Ticket',
	// Like Klaviyo's own integration: when it is closed, not when it is solved.
	closed: 'Resolved Ticket',
	solved: 'Solved Ticket',
	reopened: 'Reopened Ticket',
	rated: 'Rated Ticket',
};
export const ticketMetricNames: string[] = Object.values(METRIC_OF);

/** The status that an event means, whatever has happened to the ticket since. */
const LEADS_TO: Partial<Record<TicketEventName, string>> = { solved: 'solved', closed: 'closed' };

/**
 * @returns the metric, or why there is none: the event has no key (*Ticket: Get* finds it) or no metric (an agent's
 * reply), or the requester has neither an e-mail address nor a phone number
 */
export function ticketMetric(facts: TicketFacts): TicketMetric | NoMetric {
	const name = METRIC_OF[facts.event];
	if (name === undefined)
		return { refusal: 'noMetric', explanation: `There is no metric for '${facts.event}'.` };
	if (facts.key === null)
		return {
			refusal: 'noKey',
			explanation:
				"The event has no key. Add a Zendesk Sync node with the operation 'Ticket: Get' before this one.",
		};
	if (facts.event === 'rated' && !facts.rating)
		return { refusal: 'noRating', explanation: 'The event does not say how the ticket was rated.' };
	const [profile, fallbackProfile] = profilesFor(facts.externalId, facts.requester);
	if (profile === undefined)
		return {
			refusal: 'noProfile',
			explanation: noProfile(facts),
		};
	return {
		name,
		uniqueId: `${facts.key}:${zendeskAccountOf(facts.zendeskUrl)}`,
		isUniqueForAll: true,
		time: facts.occurredAt,
		profile,
		...(fallbackProfile ? { fallbackProfile: fallbackProfile } : {}),
		properties: {
			...metricProperties(facts),
			...timeProperties(facts.event, facts.occurredAt, facts.times),
			...ratingProperties(facts),
		},
	};
}

function noProfile({ ticketId, requester }: TicketFacts): string {
	const phone = requester?.phone?.trim();
	return phone
		? `The requester of ticket ${ticketId} has no email address for a Klaviyo profile, and their phone number '${phone}' does not say its country. Write it in Zendesk with the country code, such as +12125550123.`
		: `The requester of ticket ${ticketId} has neither an email address nor a phone number for a Klaviyo profile.`;
}

/**
 * The fourteen properties. Klaviyo treats 0, null and "" in an event's properties as "never set", so a word stands for
 * what a ticket lacks: every event has all properties, and a segment can ask for "priority is none".
 * https://developers.klaviyo.com/en/reference/events_api_overview
 */
function metricProperties(facts: TicketFacts): TicketMetric['properties'] {
	const fields = Object.entries(facts.fields).map(([title, value]) => [
		title,
		fieldProperty(value),
	]);
	return {
		assignee_email: word(facts.assignee?.email, 'unassigned'),
		assignee_name: word(facts.assignee?.name, 'Unassigned'),
		channel: word(fromExternalId(facts.externalId)?.channel ?? facts.channel, 'unknown'),
		description: word(facts.description, 'none'),
		fields: fields.length > 0 ? (Object.fromEntries(fields) as Record<string, FieldValue>) : 'none',
		group_name: word(facts.group?.name, 'Unassigned'),
		priority: word(facts.priority, 'none'),
		status: word(LEADS_TO[facts.event] ?? facts.status, 'unknown'),
		subject: word(facts.subject, 'none'),
		tags: facts.tags.length > 0 ? facts.tags : ['none'],
		ticket_id: facts.ticketId,
		type: word(facts.type, 'none'),
		via: word(facts.via, 'unknown'),
		zendesk_url: word(facts.zendeskUrl, 'unknown'),
	};
}

function ratingProperties({
	event,
	rating,
	assignee,
}: TicketFacts): Record<string, string | number> {
	if (event !== 'rated' || !rating) return {};
	return {
		score: rating.score,
		stars: rating.stars ?? 'none',
		comment: word(rating.comment, 'none'),
		reason: word(rating.reason, 'none'),
		agent: word(rating.agentName ?? assignee?.name, 'Unassigned'),
	};
}

const word = (value: string | null | undefined, missing: string): string =>
	truncated(value?.trim() ? value : missing);

const fieldProperty = (value: FieldValue): FieldValue => {
	if (Array.isArray(value)) return value.length > 0 ? value.map(truncated) : 'none';
	if (typeof value === 'boolean') return value;
	return word(value === null ? null : String(value), 'none');
};

/** Klaviyo's limit for a string in an event, in bytes of UTF-8. https://developers.klaviyo.com/en/reference/events_api_overview */
const MAX_STRING_BYTES = 100_000;

function truncated(text: string): string {
	if (text.length * 3 <= MAX_STRING_BYTES || Buffer.byteLength(text) <= MAX_STRING_BYTES)
		return text;
	let bytes = Buffer.byteLength('…');
	let end = 0;
	for (const character of text) {
		bytes += Buffer.byteLength(character);
		if (bytes > MAX_STRING_BYTES) break;
		end += character.length;
	}
	return `${text.slice(0, end)}…`;
}
