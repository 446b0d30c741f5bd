/** The events that can start Klaviyo Trigger. */
import type { INodePropertyOptions } from 'n8n-workflow';
import type { MessageEventName } from '../../../domain/items';
import { nodeParameter } from '../../shared/parameters';
import type { VendorContext } from '../../shared/send';
import { metricsOf, type MessageMetric } from '../api/messageMetrics';

export const eventOptions = [
	{
		name: 'Automatic Response',
		value: 'autoResponse',
		description: 'Klaviyo answered a keyword automatically, or tried to',
	},
	{
		name: 'Customer Messaged',
		value: 'customerMessaged',
		description:
			"A customer sent a message to your number (Klaviyo's metric 'Sent Text Message', before July 2026 'Sent SMS')",
	},
	{
		name: 'Subscribed',
		value: 'subscribed',
		description: 'A customer subscribed to SMS marketing. Never opens a ticket.',
	},
	{
		name: 'Message Delivered',
		value: 'delivered',
		description:
			"A message from you reached a customer: from a campaign, a flow, the Inbox or a help desk (Klaviyo's metric 'Received Text Message', before July 2026 'Received SMS')",
	},
	{
		name: 'Message Failed',
		value: 'failed',
		description: 'A message from you could not be delivered to a customer',
	},
	{
		name: 'Unsubscribed',
		value: 'unsubscribed',
		description: 'A customer unsubscribed from SMS marketing. Never opens a ticket.',
	},
] as const satisfies INodePropertyOptions[];

export type TriggerSource = 'systemWebhook' | 'flowWebhook' | 'polling';

export function chosenMetrics(context: VendorContext): MessageMetric[] {
	const events = nodeParameter(context, 'events');
	return Array.isArray(events) ? metricsOf(events as MessageEventName[]) : [];
}

export const sourceOf = (context: VendorContext): TriggerSource =>
	nodeParameter(context, 'source') as TriggerSource;
