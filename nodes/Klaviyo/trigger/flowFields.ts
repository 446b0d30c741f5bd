/** Instructions for building the flow in Klaviyo: the URL, the header, and the JSON to paste. */
import type { INodeProperties } from 'n8n-workflow';
import { type ConversationChannel, conversationChannels } from '../../../domain/channel';
import type { MessageEventName } from '../../../domain/items';
import { FLOW_SECRET_HEADER, flowTemplate } from '../api/flowTemplate';
import { metricOf } from '../api/messageMetrics';
import { messageEventOptions, unlessOnlyOtherMetric } from './events';

/** n8n allows `a`, `ul` and `li` in a notice, and removes all other tags. */
const STEPS = [
	"Create a flow that is triggered by the event you chose: the metric 'Sent Text Message' ('Sent SMS' in older accounts), or 'Sent WhatsApp', for messages from customers. Add no filters and no delays, and let people enter the flow every time.",
	'Add a Webhook action. Destination URL: the Production URL of this node (open "Webhook URLs" above). The method is POST.',
	`Headers: ${FLOW_SECRET_HEADER} with the 'Webhook Secret' of this node's credential as its value, and Content-Type with application/json.`,
	'JSON body: paste the JSON below, unchanged. Check it in Klaviyo\'s preview: "from" and "time" (or "datetime") must not be empty, and "body" has to stay last.',
	'Publish this workflow, then set the flow live. Each event that you chose needs a flow of its own, on each channel.',
];

/** One field for each event, shown when the event is chosen. It is there to be copied; changing it has no effect. */
const jsonFields: INodeProperties[] = conversationChannels.flatMap((channel) =>
	messageEventOptions.flatMap(({ name, value }) => jsonField(name, value, channel)),
);

function jsonField(
	name: string,
	value: MessageEventName,
	channel: ConversationChannel,
): INodeProperties[] {
	const metric = metricOf(value, { channel });
	const isWhatsApp = channel === 'whatsapp';
	return metric
		? [
				{
					displayName: `JSON for '${name}'${isWhatsApp ? ' on WhatsApp' : ''}`,
					name: `flowJson${isWhatsApp ? 'WhatsApp' : ''}${value[0]?.toUpperCase()}${value.slice(1)}`,
					type: 'string' as const,
					typeOptions: { rows: 12, copyButton: true, editorIsReadOnly: true },
					noDataExpression: true,
					default: flowTemplate(metric),
					description: `Paste this into the webhook action of a flow that is triggered by Klaviyo's metric '${metric.name}'`,
					displayOptions: {
						show: { source: ['flowWebhook'], events: [value], channels: [channel] },
					},
				},
			]
		: [];
}

export const flowFields: INodeProperties[] = [
	{
		displayName: `In Klaviyo:<ul>${STEPS.map((step) => `<li>${step}</li>`).join('')}</ul>`,
		name: 'flowNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { source: ['flowWebhook'] }, ...unlessOnlyOtherMetric },
	},
	...jsonFields,
];
