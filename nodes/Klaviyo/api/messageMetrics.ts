/**
 * Klaviyo's metrics about messages: their direction and their names. The names mislead: `Sent Text Message` is what a
 * customer sent. https://help.klaviyo.com/hc/en-us/articles/360035345572
 *
 * Klaviyo renamed them in 2023, and on 2026-07-01 (`Sent SMS` became `Sent Text Message`), and an account may list
 * topics with both spellings. So a metric is recognized by a pattern, not by one name.
 */
import { type ConversationChannel, conversationChannels } from '../../../domain/channel';
import type { MessageEvent, MessageEventName } from '../../../domain/items';

export interface MessageMetric {
	event: MessageEventName;
	/** RCS messages are in the metrics of SMS. */
	channel: ConversationChannel;
	direction: MessageEvent['direction'];
	/** Null if only the event's properties tell. */
	kind: MessageEvent['kind'] | null;
	/** Klaviyo's present name. For people, and where no account can be asked. */
	name: string;
	/** What all of its names have in common, as `normalizedName` spells them. */
	pattern: RegExp;
}

/** How names say what kind of message it is, and how they end. Some name its consent too. */
const WORDS = {
	sms: {
		name: 'Text Message',
		consent: 'Text Messaging Marketing',
		pattern: '(?:sms|mms|rcs|text)',
	},
	whatsapp: { name: 'WhatsApp', consent: 'WhatsApp Marketing', pattern: 'whats ?app' },
} as const;
const CONSENT = '(?:marketing|transactional)';

function metricsOn(channel: ConversationChannel) {
	const { name, consent, pattern } = WORDS[channel];
	const metric = (
		event: MessageEventName,
		direction: MessageEvent['direction'],
		kind: MessageEvent['kind'] | null,
		names: { name: string; start: string },
	): MessageMetric => ({
		event,
		channel,
		direction,
		kind,
		name: names.name,
		pattern: new RegExp(
			`^${names.start} (?:${CONSENT} )?${pattern}(?: messag(?:e|es|ing))?(?: ${CONSENT})?$`,
		),
	});
	return {
		customerMessaged: metric('customerMessaged', 'inbound', 'customer', {
			name: `Sent ${name}`,
			start: 'sent',
		}),
		delivered: metric('delivered', 'outbound', null, {
			name: `Received ${name}`,
			start: 'received',
		}),
		failed: metric('failed', 'outbound', null, {
			name: `Failed to Deliver ${name}`,
			start: 'failed to deliver',
		}),
		autoResponse: metric('autoResponse', 'outbound', 'autoResponse', {
			name: `Received Automated Response ${name}`,
			start: 'received automated response',
		}),
		autoResponseFailed: metric('failed', 'outbound', 'autoResponse', {
			name: `Failed to Deliver Automated Response ${name}`,
			start: 'failed to deliver automated response',
		}),
		subscribed: metric('subscribed', 'inbound', 'customer', {
			name: `Subscribed to ${consent}`,
			start: '(?:subscribed to|consented to receive)',
		}),
		unsubscribed: metric('unsubscribed', 'inbound', 'customer', {
			name: `Unsubscribed from ${consent}`,
			start: 'unsubscribed from',
		}),
	};
}

/** WhatsApp's were not renamed, and an account has each of them from its first event on. */
export const messageMetrics = { sms: metricsOn('sms'), whatsapp: metricsOn('whatsapp') };

export const allMessageMetrics: readonly MessageMetric[] = conversationChannels.flatMap((channel) =>
	Object.values(messageMetrics[channel]),
);

/** Whether the event that a builder chooses brings this metric: an automatic response may also fail. */
const brings = (event: MessageEventName, metric: MessageMetric): boolean =>
	metric.kind === 'autoResponse' ? event === 'autoResponse' : event === metric.event;

/**
 * @param events as chosen in the node; unknown ones are left out
 * @param channels of conversations
 */
export const metricsOf = (
	events: readonly MessageEventName[],
	channels: readonly ConversationChannel[] = conversationChannels,
): MessageMetric[] =>
	allMessageMetrics.filter(
		(metric) => channels.includes(metric.channel) && events.some((event) => brings(event, metric)),
	);

/** The metric of an event with this name and kind. */
export function metricOf(
	event: MessageEventName,
	{ kind, channel }: { kind?: unknown; channel: ConversationChannel },
): MessageMetric | undefined {
	const all = Object.values(messageMetrics[channel]).filter((metric) => metric.event === event);
	return all.find((one) => (one.kind === 'autoResponse') === (kind === 'autoResponse')) ?? all[0];
}

/** Lower case, with single spaces: the spelling has changed over the years. */
export const normalizedName = (name: string): string =>
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
