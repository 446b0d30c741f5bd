/**
 * Klaviyo's SMS metrics and which way each goes. The names mislead: `Sent SMS` is what a customer sent.
 * https://help.klaviyo.com/hc/en-us/articles/360035345572
 */
import type { TextEvent, TextEventName } from '../../../domain/items';

export interface TextMetric {
	event: TextEventName;
	/** Name of the metric, under Klaviyo's own integration. */
	name: string;
	/** Names that Klaviyo had for it before, and that an account may still have. */
	olderNames: readonly string[];
	/** Webhook topic. https://developers.klaviyo.com/en/docs/working_with_system_webhooks */
	topic: string;
	direction: TextEvent['direction'];
	/** Null: told by the event's properties. */
	kind: TextEvent['kind'] | null;
}

export const textMetrics = {
	textedIn: {
		event: 'textedIn',
		name: 'Sent SMS',
		olderNames: [],
		topic: 'event:klaviyo.sent_sms',
		direction: 'inbound',
		kind: 'customer',
	},
	delivered: {
		event: 'delivered',
		name: 'Received SMS',
		olderNames: [],
		topic: 'event:klaviyo.received_sms',
		direction: 'outbound',
		kind: null,
	},
	failed: {
		event: 'failed',
		name: 'Failed to Deliver SMS',
		olderNames: [],
		topic: 'event:klaviyo.failed_to_deliver_sms',
		direction: 'outbound',
		kind: null,
	},
	autoResponse: {
		event: 'autoResponse',
		name: 'Received Automated Response SMS',
		olderNames: [],
		topic: 'event:klaviyo.received_automated_response_sms',
		direction: 'outbound',
		kind: 'autoResponse',
	},
	autoResponseFailed: {
		event: 'failed',
		name: 'Failed to Deliver Automated Response SMS',
		// Spelled with a small d once, which is no matter here.
		olderNames: [],
		topic: 'event:klaviyo.failed_to_deliver_automated_response_sms',
		direction: 'outbound',
		kind: 'autoResponse',
	},
	subscribed: {
		event: 'subscribed',
		name: 'Subscribed to SMS Marketing',
		olderNames: ['Subscribed to SMS', 'Consented to Receive SMS'],
		topic: 'event:klaviyo.subscribed_to_sms_marketing',
		direction: 'inbound',
		kind: 'customer',
	},
	unsubscribed: {
		event: 'unsubscribed',
		name: 'Unsubscribed from SMS Marketing',
		olderNames: ['Unsubscribed from SMS'],
		topic: 'event:klaviyo.unsubscribed_from_sms_marketing',
		direction: 'inbound',
		kind: 'customer',
	},
} as const satisfies Record<string, TextMetric>;

export type TextMetricName = keyof typeof textMetrics;

const ALL: readonly TextMetric[] = Object.values(textMetrics);

/** Whether the event that a builder chooses brings this metric: an automatic response may also fail. */
const brings = (event: TextEventName, metric: TextMetric): boolean =>
	metric.kind === 'autoResponse' ? event === 'autoResponse' : event === metric.event;

/** @param events as chosen in the node; what this version does not know is left out */
export const metricsOf = (events: readonly TextEventName[]): TextMetric[] =>
	ALL.filter((metric) => events.some((event) => brings(event, metric)));

/** The metric that an event of this name and kind is of. */
export const metricOf = (event: TextEventName, kind?: unknown): TextMetric | undefined =>
	ALL.find(
		(metric) =>
			metric.event === event && (metric.kind === 'autoResponse') === (kind === 'autoResponse'),
	) ?? ALL.find((metric) => metric.event === event);

/** Klaviyo's own metrics' topics; `event:api.sent_sms` would be somebody's own metric of that name. */
const KLAVIYO_TOPIC = /^event:klaviyo[^.]*\.([^.]+)$/;

const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '_');

/** Current spelling first. */
const slugsOf = ({ topic, olderNames }: TextMetric): string[] => [
	topic.replace(KLAVIYO_TOPIC, '$1'),
	...olderNames.map(slugOf),
];

/** @returns how old a name of the metric's the topic bears, 0 for the current one; -1 when it is another's */
export function ageOfTopic(metric: TextMetric, topic: string): number {
	const [, slug] = KLAVIYO_TOPIC.exec(topic.toLowerCase()) ?? [];
	return slug === undefined ? -1 : slugsOf(metric).indexOf(slug);
}

export const isTopicOf = (metric: TextMetric, topic: string): boolean =>
	ageOfTopic(metric, topic) >= 0;
