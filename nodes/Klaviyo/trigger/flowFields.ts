/** What the node shows to who builds a flow in Klaviyo: where it posts, with which header, and the JSON to paste. */
import type { INodeProperties } from 'n8n-workflow';
import { FLOW_SECRET_HEADER, flowTemplate } from '../api/flowTemplate';
import { metricOf } from '../api/messageMetrics';
import { eventOptions } from './events';

/** n8n leaves `a`, `ul` and `li` in a notice, and takes every other tag out. */
const STEPS = [
	"Make a flow that the event of your choice starts: the metric 'Sent Text Message' (in older accounts 'Sent SMS') for customers who message in. No filters, no delays, and let people enter it every time.",
	'Add a Webhook action. Destination URL: the Production URL of this node (open "Webhook URLs" above). It is called with POST.',
	`Headers: ${FLOW_SECRET_HEADER}, and as its value the 'Webhook Secret' of this node's credential; Content-Type, with application/json.`,
	'JSON body: the message below, as it is. Look at it in Klaviyo\'s preview: "from" and "time" (or "datetime") must not be empty, and "body" stays last.',
	'Publish this workflow, then set the flow live. Each event that you chose needs a flow of its own.',
];

/** One for each event, shown when it is chosen. Changing it here changes nothing: it is there to be copied. */
const jsonFields: INodeProperties[] = eventOptions.flatMap(({ name, value }) => {
	const metric = metricOf(value);
	return metric
		? [
				{
					displayName: `JSON for '${name}'`,
					name: `flowJson${value[0]?.toUpperCase()}${value.slice(1)}`,
					type: 'string' as const,
					typeOptions: { rows: 12, copyButton: true, editorIsReadOnly: true },
					noDataExpression: true,
					default: flowTemplate(metric),
					description: `To paste into the webhook action of a flow that Klaviyo's metric '${metric.name}' starts`,
					displayOptions: { show: { source: ['flowWebhook'], events: [value] } },
				},
			]
		: [];
});

export const flowFields: INodeProperties[] = [
	{
		displayName: `In Klaviyo:<ul>${STEPS.map((step) => `<li>${step}</li>`).join('')}</ul>`,
		name: 'flowNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { source: ['flowWebhook'] } },
	},
	...jsonFields,
];
