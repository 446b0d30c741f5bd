/**
 * Klaviyo's metrics about messages: their direction and their names. The names mislead: `Sent Text Message` is what a
 * customer sent. https://help.klaviyo.com/hc/en-us/articles/360035345572
 *
 * Klaviyo renamed them in 2023, and on 2026-07-01 (`Sent SMS` became `Sent Text Message`), and an account may list
 * topics with both spellings. So a metric is recognized by a pattern, not by one name.
 */
import type { MessageEvent, MessageEventName } from '../../../domain/items';

export interface MessageMetric {
	event: MessageEventName;
	direction: MessageEvent['direction'];
	/** Null if only the event's properties tell. */
	kind: MessageEvent['kind'] | null;
	/** Klaviyo's present name. For people, and where no account can be asked. */
	name: string;
	/** What all of its names have in common, as `normalizedName` spells them. */
	pattern: RegExp;
}

/** The message in metrics' names. Some name its consent too. */
const TEXT =
	'(?:(?:marketing|transactional) )?(?:sms|mms|rcs|text)(?: messag(?:e|es|ing))?(?: (?:marketing|transactional))?';
const named = (start: string): RegExp => new RegExp(`^${start} ${TEXT}$`);

export const messageMetrics = {
	customerMessaged: {
		event: 'customerMessaged',
		direction: 'inbound',
		kind: 'customer',
		name: 'Sent Text Message',
		pattern: named('sent'),
	},
	delivered: {
		event: 'delivered',
		direction: 'outbound',
		kind: null,
		name: 'Received Text Message',
		pattern: named('received'),
	},
	failed: {
		event: 'failed',
		direction: 'outbound',
		kind: null,
		name: 'Failed to Deliver Text Message',
		pattern: named('failed to deliver'),
	},
	autoResponse: {
		event: 'autoResponse',
		direction: 'outbound',
		kind: 'autoResponse',
		name: 'Received Automated Response Text Message',
		pattern: named('received automated response'),
	},
	autoResponseFailed: {
		event: 'failed',
		direction: 'outbound',
		kind: 'autoResponse',
		name: 'Failed to Deliver Automated Response Text Message',
		pattern: named('failed to deliver automated response'),
	},
	subscribed: {
		event: 'subscribed',
		direction: 'inbound',
		kind: 'customer',
		name: 'Subscribed to Text Messaging Marketing',
		pattern: named('(?:subscribed to|consented to receive)'),
	},
	unsubscribed: {
		event: 'unsubscribed',
		direction: 'inbound',
		kind: 'customer',
		name: 'Unsubscribed from Text Messaging Marketing',
		pattern: named('unsubscribed from'),
	},
} as const satisfies Record<string, MessageMetric>;

const ALL: readonly MessageMetric[] = Object.values(messageMetrics);

/** Whether the event that a builder chooses brings this metric: an automatic response may also fail. */
const brings = (event: MessageEventName, metric: MessageMetric): boolean =>
	metric.kind === 'autoResponse' ? event === 'autoResponse' : event === metric.event;

/** @param events as chosen in the node; unknown ones are left out */
export const metricsOf = (events: readonly MessageEventName[]): MessageMetric[] =>
	ALL.filter((metric) => events.some((event) => brings(event, metric)));

/** The metric of an event with this name and kind. */
export const metricOf = (event: MessageEventName, kind?: unknown): MessageMetric | undefined =>
	ALL.find(
		(metric) =>
			metric.event === event && (metric.kind === 'autoResponse') === (kind === 'autoResponse'),
	) ?? ALL.find((metric) => metric.event === event);

/** Lower case, with single spaces: the spelling has changed over the years. */
const normalizedName = (name: string): string =>
	name
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, ' ')
		.trim();

/** @param name as the account lists it, of Klaviyo's own integration */
export const isNameOf = ({ pattern }: MessageMetric, name: string): boolean =>
	pattern.test(normalizedName(name));

/**
 * Topics of Klaviyo's own metrics. `event:api.sent_sms` would be a metric that somebody else tracked under that name.
 */
const KLAVIYO_TOPIC = /^event:klaviyo[^.]*\.([^.]+)$/;

/** @param topic of a system webhook. https://developers.klaviyo.com/en/docs/working_with_system_webhooks */
export function isTopicOf(metric: MessageMetric, topic: string): boolean {
	const [, slug] = KLAVIYO_TOPIC.exec(topic.toLowerCase()) ?? [];
	return slug !== undefined && isNameOf(metric, slug);
}

/** The topic by the metric's present name, for when the account's own list cannot be read. */
export const topicOf = ({ name }: MessageMetric): string =>
	`event:klaviyo.${normalizedName(name).replaceAll(' ', '_')}`;
