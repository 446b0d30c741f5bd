/**
 * The JSON that a Klaviyo flow posts, as the flow's builder pastes it.
 * https://developers.klaviyo.com/en/docs/how_to_add_a_webhook_action_to_a_flow
 */
import type { ConversationChannel } from '../../../domain/channel';
import type { MessageMetric } from './messageMetrics';

/** Holds the secret, because flow webhooks are not signed. */
export const FLOW_SECRET_HEADER = 'X-Klaviyo-Sync-Secret';

/** A name in the JSON, and the event property that it stands for. */
export const PROPERTIES: ReadonlyArray<readonly [name: string, property: string]> = [
	['format', 'Message Format'],
	['displayName', 'WhatsApp Display Name'],
	['from', 'From Number'],
	['fromRegion', 'From Phone Region'],
	['to', 'To Number'],
	['toRegion', 'To Phone Region'],
	['flowId', '$flow'],
	['messageId', '$message'],
	['campaign', 'Campaign Name'],
	['status', 'Carrier Delivery Status'],
	['failureType', 'Failure Type'],
	['failureSource', 'Failure Source'],
	['vendorCode', 'Vendor Error Code'],
	['media', 'Media URL'],
];
/** `$flow` and `$message` of a customer's message only say what it may be an answer to. */
const OF_CUSTOMERS = ['from', 'fromRegion', 'to', 'toRegion'];
/** By which it was sent, where the channel's metrics do not tell; and what only one channel has. */
const OF_CHANNEL: Readonly<Record<ConversationChannel, string>> = {
	sms: 'format',
	whatsapp: 'displayName',
};

const variable = (path: string): string => `{{ ${path}|default:'' }}`;

/** The JSON to paste into a flow that starts with the event. The text comes last: see `readPost`. */
export function flowTemplate(event: MessageMetric): string {
	const isInbound = event.direction === 'inbound';
	const fields = PROPERTIES.filter(
		([name]) =>
			OF_CUSTOMERS.includes(name) ||
			name === OF_CHANNEL[event.channel] ||
			(!isInbound && name !== 'media' && !Object.values(OF_CHANNEL).includes(name)),
	);
	const lines = [
		['event', event.event],
		['channel', event.channel],
		['profileId', variable('person.KlaviyoID')],
		...fields.map(([name, property]) => [name, variable(`event|lookup:'${property}'`)]),
		// One of them is enough. If Klaviyo's preview has neither, it shows an empty time, and n8n refuses the post.
		['time', variable('event.timestamp')],
		['datetime', variable('event.datetime')],
		['body', variable(`${isInbound ? 'event' : 'event.extra'}|lookup:'Message Body'`)],
	];
	return `{\n${lines.map(([name, value]) => `  "${name}": "${value}"`).join(',\n')}\n}`;
}
