/**
 * The JSON that a flow of Klaviyo's posts, as its builder pastes it.
 * https://developers.klaviyo.com/en/docs/how_to_add_a_webhook_action_to_a_flow
 */
import type { MessageMetric } from './messageMetrics';

/** Carries the secret, since nothing is signed. */
export const FLOW_SECRET_HEADER = 'X-Klaviyo-Sync-Secret';

/** A name in the JSON, and the event property that it stands for. */
export const PROPERTIES: ReadonlyArray<readonly [name: string, property: string]> = [
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
/** `$flow` and `$message` of a customer's text only say what it may have answered. */
const OF_CUSTOMERS = ['from', 'fromRegion', 'to', 'toRegion'];

const variable = (path: string): string => `{{ ${path}|default:'' }}`;

/** The JSON to paste into a flow that the event starts. The words come last: see `readPost`. */
export function flowTemplate(event: MessageMetric): string {
	const isInbound = event.direction === 'inbound';
	const fields = PROPERTIES.filter(
		([name]) => OF_CUSTOMERS.includes(name) || (!isInbound && name !== 'media'),
	);
	const lines = [
		['event', event.event],
		['profileId', variable('person.KlaviyoID')],
		...fields.map(([name, property]) => [name, variable(`event|lookup:'${property}'`)]),
		// Either will do. Without one, Klaviyo's preview shows it empty, and n8n refuses.
		['time', variable('event.timestamp')],
		['datetime', variable('event.datetime')],
		['body', variable(`${isInbound ? 'event' : 'event.extra'}|lookup:'Message Body'`)],
	];
	return `{\n${lines.map(([name, value]) => `  "${name}": "${value}"`).join(',\n')}\n}`;
}
