/**
 * Klaviyo's SMS metrics and which way each goes. The names mislead: `Sent SMS` is what a customer sent.
 * https://help.klaviyo.com/hc/en-us/articles/360035345572
 */
import type { TextEvent, TextEventName } from '../../../domain/items';

export interface TextMetric {
	event: TextEventName;
	/** Name of the metric, under Klaviyo's own integration. */
	name: string;
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
		topic: 'event:klaviyo.sent_sms',
		direction: 'inbound',
		kind: 'customer',
	},
	delivered: {
		event: 'delivered',
		name: 'Received SMS',
		topic: 'event:klaviyo.received_sms',
		direction: 'outbound',
		kind: null,
	},
	failed: {
		event: 'failed',
		name: 'Failed to Deliver SMS',
		topic: 'event:klaviyo.failed_to_deliver_sms',
		direction: 'outbound',
		kind: null,
	},
	autoResponse: {
		event: 'autoResponse',
		name: 'Received Automated Response SMS',
		topic: 'event:klaviyo.received_automated_response_sms',
		direction: 'outbound',
		kind: 'autoResponse',
	},
} as const satisfies Record<string, TextMetric>;

export type TextMetricName = keyof typeof textMetrics;
