/**
 * What a ticket event becomes in Klaviyo: a metric with the properties that Klaviyo's own Zendesk integration gives
 * (https://help.klaviyo.com/hc/en-us/articles/115005253728), and Solved and Reopened, which that one has not.
 */
import { z } from 'zod';
import { fromExternalId } from './conversation/externalId';
import { type ProfileIdentifier, profilesOf } from './customerProfiles';
import { isoTime, ticketEvent, type TicketEventName } from './items';
import type { MetricEvent } from './tracking/event';
import { zendeskAccountOf } from './zendeskAccount';

const person = z.object({
	id: z.string(),
	name: z.string().nullable(),
	email: z.string().nullable(),
});
const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable();
export type FieldValue = z.infer<typeof fieldValue>;

/** A ticket event with what *Ticket: Get* adds from the ticket. `status` stays the one that the event led to. */
export const ticketFacts = ticketEvent.extend({
	subject: z.string().nullable(),
	/** The first message's text. */
	description: z.string().nullable(),
	priority: z.string().nullable(),
	type: z.string().nullable(),
	via: z.string().nullable(),
	/** Where an agent opens the ticket. */
	zendeskUrl: z.string(),
	assignee: person.nullable(),
	group: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
	requester: person.extend({ phone: z.string().nullable() }).nullable(),
	/** Custom fields by title. */
	fields: z.record(fieldValue),
	createdAt: isoTime,
	updatedAt: isoTime,
});
export type TicketFacts = z.infer<typeof ticketFacts>;

export interface TicketMetric extends MetricEvent {
	/** A ticket event is one event, even where two items name its person in two ways. */
	isUniqueForAll: true;
	profile: ProfileIdentifier;
	otherwise?: ProfileIdentifier;
	properties: Record<string, string | string[] | Record<string, FieldValue>>;
}

/** Why an event becomes no metric. */
export interface NoMetric {
	refusal: 'noKey' | 'noMetric' | 'noProfile';
	explanation: string;
}

const METRIC_OF: Partial<Record<TicketEventName, string>> = {
	opened: 'Opened Ticket',
	// As Klaviyo's own: at closing, not at solving.
	closed: 'Resolved Ticket',
	solved: 'Solved Ticket',
	reopened: 'Reopened Ticket',
};
export const ticketMetricNames: string[] = Object.values(METRIC_OF);

/** The status that an event leads to by its own meaning, whatever has happened to the ticket since. */
const LEADS_TO: Partial<Record<TicketEventName, string>> = { solved: 'solved', closed: 'closed' };

/**
 * @returns the metric, or why there is none: an event without a key (*Ticket: Get* finds it) or metric (an agent's
 * reply), or a ticket whose requester has neither email address nor number
 */
export function ticketMetric(facts: TicketFacts): TicketMetric | NoMetric {
	const name = METRIC_OF[facts.event];
	if (name === undefined)
		return { refusal: 'noMetric', explanation: `'${facts.event}' is not counted as a metric.` };
	if (facts.key === null)
		return {
			refusal: 'noKey',
			explanation:
				"The event has no key. Put a Zendesk Sync node with 'Ticket: Get' before this one.",
		};
	const [profile, otherwise] = profilesOf(facts.externalId, facts.requester);
	if (profile === undefined)
		return {
			refusal: 'noProfile',
			explanation: `The requester of ticket ${facts.ticketId} has neither an email address nor a phone number that Klaviyo could know.`,
		};
	return {
		name,
		uniqueId: `${facts.key}:${zendeskAccountOf(facts.zendeskUrl)}`,
		isUniqueForAll: true,
		time: facts.occurredAt,
		profile,
		...(otherwise ? { otherwise } : {}),
		properties: propertiesOf(facts),
	};
}

/**
 * The fourteen properties. Klaviyo takes 0, null and "" in an event's properties for "never set", so what a ticket
 * lacks is written as a word: then every event has all of them, and a segment can ask for "priority is none".
 * https://developers.klaviyo.com/en/reference/events_api_overview
 */
function propertiesOf(facts: TicketFacts): TicketMetric['properties'] {
	const fields = Object.entries(facts.fields).map(([title, value]) => [title, fieldOf(value)]);
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

const word = (value: string | null | undefined, missing: string): string =>
	cut(value?.trim() ? value : missing);

const fieldOf = (value: FieldValue): FieldValue => {
	if (Array.isArray(value)) return value.length > 0 ? value.map(cut) : 'none';
	if (typeof value === 'boolean') return value;
	return word(value === null ? null : String(value), 'none');
};

/** Longest string in an event, in bytes of UTF-8. https://developers.klaviyo.com/en/reference/events_api_overview */
const LONGEST = 100_000;

function cut(text: string): string {
	if (text.length * 3 <= LONGEST || Buffer.byteLength(text) <= LONGEST) return text;
	let bytes = Buffer.byteLength('…');
	let end = 0;
	for (const character of text) {
		bytes += Buffer.byteLength(character);
		if (bytes > LONGEST) break;
		end += character.length;
	}
	return `${text.slice(0, end)}…`;
}
