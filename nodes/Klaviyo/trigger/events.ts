/** The events that can start Klaviyo Trigger. */
import { type INodeProperties, type INodePropertyOptions, NodeOperationError } from 'n8n-workflow';
import { conversationChannels } from '../../../domain/channel';
import type { MessageEvent, MessageEventName, MetricEvent } from '../../../domain/items';
import { channelOptions } from '../../shared/channel';
import { idIn, isLocatorValue, valueIn } from '../../shared/locator';
import { nodeParameter } from '../../shared/parameters';
import type { VendorContext } from '../../shared/send';
import { metricLocator } from '../actions/locators';
import { metricsOf, type MessageMetric } from '../api/messageMetrics';

export const messageEventOptions = [
	{
		name: 'Customer Messaged',
		value: 'customerMessaged',
		description:
			"A customer sent a message to your number (Klaviyo's metric 'Sent Text Message', before July 2026 'Sent SMS', or 'Sent WhatsApp')",
	},
	{
		name: 'Message Delivered',
		value: 'delivered',
		description:
			"A message from you reached a customer: from a campaign, a flow, the Inbox or a help desk (Klaviyo's metric 'Received Text Message', before July 2026 'Received SMS', or 'Received WhatsApp')",
	},
	{
		name: 'Message Failed',
		value: 'failed',
		description: 'A message from you could not be delivered to a customer',
	},
	{
		name: 'Automatic Response',
		value: 'autoResponse',
		description: 'Klaviyo answered a keyword automatically, or tried to',
	},
	{
		name: 'Subscribed',
		value: 'subscribed',
		description: 'A customer subscribed to marketing by SMS or WhatsApp. Never opens a ticket.',
	},
	{
		name: 'Unsubscribed',
		value: 'unsubscribed',
		description: 'A customer unsubscribed from marketing by SMS or WhatsApp. Never opens a ticket.',
	},
] as const satisfies INodePropertyOptions[];

const OTHER_METRIC = 'otherMetric';

export const eventOptions: INodePropertyOptions[] = [
	...messageEventOptions,
	{
		name: 'Other Metric',
		value: OTHER_METRIC,
		description:
			'An event of any metric that you choose, such as a review or a refund. Always comes by polling.',
	},
];

/** Shows a field only if one of the events is 'Other Metric'. */
export const ifOtherMetric = { show: { events: [OTHER_METRIC] } };

/** Hides a field if 'Other Metric' is the only event. */
export const unlessOnlyOtherMetric = { hide: { events: [{ _cnd: { eq: OTHER_METRIC } }] } };

/** Shows a field only if there is a webhook. */
export const ifWebhook = {
	show: { source: ['systemWebhook', 'flowWebhook'] },
	...unlessOnlyOtherMetric,
};

/** An item of the trigger. */
export type KlaviyoEvent = MessageEvent | MetricEvent;

/** Milliseconds since 1970. */
export const happenedAt = (event: KlaviyoEvent): number =>
	Date.parse(event.event === OTHER_METRIC ? event.occurredAt : event.sentAt);

export type TriggerSource = 'systemWebhook' | 'flowWebhook' | 'polling';

const chosenEvents = (context: VendorContext): unknown[] => {
	const events = nodeParameter(context, 'events');
	return Array.isArray(events) ? events : [];
};

export const channelsField: INodeProperties = {
	displayName: 'Channels',
	name: 'channels',
	type: 'multiOptions',
	noDataExpression: true,
	required: true,
	displayOptions: unlessOnlyOtherMetric,
	options: [...channelOptions],
	default: [...conversationChannels],
	description:
		'The channels whose messages start the workflow. One that your account does not have is ignored until it has.',
};

export const chosenMetrics = (context: VendorContext): MessageMetric[] => {
	const channels = nodeParameter(context, 'channels');
	const chosen = conversationChannels.filter((one) => [channels].flat().includes(one));
	return metricsOf(chosenEvents(context) as MessageEventName[], chosen);
};

/** By a name it is looked for while the workflow runs. */
export type ChosenMetric = { id: string } | { name: string };

/**
 * @returns undefined if 'Other Metric' is not one of the events
 * @throws NodeOperationError if no metric is chosen for it
 */
export function otherMetricOf(context: VendorContext): ChosenMetric | undefined {
	if (!chosenEvents(context).includes(OTHER_METRIC)) return undefined;
	const chosen = nodeParameter(context, 'metricId');
	const typed = String(valueIn(chosen) ?? '').trim();
	const isName = isLocatorValue(chosen) && chosen.mode === 'name';
	if (typed !== '') return isName ? { name: typed } : { id: idIn(metricLocator, typed) };
	throw new NodeOperationError(context.getNode(), 'No metric is chosen', {
		description: "Choose one in 'Metric', or remove 'Other Metric' from 'Events'.",
	});
}

/** Nothing but messages comes by webhook. */
export const sourceOf = (context: VendorContext): TriggerSource =>
	chosenMetrics(context).length > 0
		? (nodeParameter(context, 'source') as TriggerSource)
		: 'polling';

/** Whether the source is polling, in an expression of the node's description. */
export const IS_POLLED = `$parameter["source"] === "polling" || $parameter["events"].join() === "${OTHER_METRIC}"`;
