/** Turns a Klaviyo event into the item that the nodes pass on. A webhook and the Events API give the same item. */
import type { Channel } from '../../../domain/channel';
import type { MessageEvent } from '../../../domain/items';
import { toE164 } from '../../../domain/phone';
import { isShallowEnough } from '../../shared/nesting';
import { eventTime } from './eventTime';
import type { MessageMetric } from './messageMetrics';
import { eventResource } from './wire';

/**
 * @param raw what Klaviyo sent, kept on the item
 * @param metric the event's metric, which tells its direction: the event itself does not
 * @returns undefined if it is not an event with an id and a time, or is nested too deeply to be kept
 */
export function messageEventOf(
	raw: unknown,
	metric: MessageMetric,
	catchUp: boolean,
): MessageEvent | undefined {
	const parsed = eventResource.safeParse(raw);
	if (!parsed.success || !isShallowEnough(raw)) return undefined;
	const { id, attributes, relationships } = parsed.data;
	const sentAt = eventTime(attributes.datetime, attributes.timestamp);
	if (sentAt === undefined) return undefined;
	return {
		...messageFieldsFrom(attributes.event_properties, metric, sentAt),
		profileId: relationships?.profile?.data?.id ?? null,
		eventId: id,
		key: `message:${id}`,
		catchUp,
		raw,
	};
}

/** The id of the event's metric, if Klaviyo says it. */
export const metricIdOf = (raw: unknown): string | undefined =>
	eventResource.safeParse(raw).data?.relationships?.metric?.data?.id;

/** Klaviyo's id of the sent message: the same in its "delivered" event and in its "failed" event. */
export function sendingIdOf(raw: unknown): string | null {
	const properties = caseless(eventResource.safeParse(raw).data?.attributes.event_properties);
	return textOf(properties.get('message id')) ?? textOf(properties.get('message_id'));
}

/** What has sent a message, and under which name Klaviyo shows it. */
export function sendingOf(eventProperties: Record<string, unknown>): {
	kind: MessageEvent['kind'];
	name: string | null;
} {
	const properties = caseless(eventProperties);
	const of = (name: string): string | null => textOf(properties.get(name));
	const name = of('campaign name') ?? of('message name') ?? of('subject');
	return { kind: kindOf(properties, of('$flow'), of('$message'), of('campaign name')), name };
}

/** The message's fields, from the properties of its event, however they arrived. */
export function messageFieldsFrom(
	eventProperties: Record<string, unknown> | null | undefined,
	metric: MessageMetric,
	sentAt: string,
): Omit<MessageEvent, 'key' | 'flowKey' | 'eventId' | 'profileId' | 'catchUp' | 'raw'> {
	const properties = caseless(eventProperties);
	const flow = textOf(properties.get('$flow'));
	const message = textOf(properties.get('$message'));
	// Klaviyo misspelled it on failed messages.
	const campaign =
		textOf(properties.get('campaign name')) ?? textOf(properties.get('campagin name'));
	return {
		from: numberOf(properties, 'from'),
		body: textOf(properties.get('message body')) ?? '',
		sentAt,
		to: numberOf(properties, 'to'),
		event: metric.event,
		direction: metric.direction,
		kind: metric.kind ?? kindOf(properties, flow, message, campaign),
		channel: channelOf(metric, properties),
		...(metric.channel === 'whatsapp'
			? { displayName: textOf(properties.get('whatsapp display name')) }
			: {}),
		mediaUrls: mediaUrlsIn(eventProperties),
		campaign: campaign || (message && !flow) ? { name: campaign, messageId: message } : null,
		flow: flow ? { id: flow, messageId: message } : null,
		delivery: deliveryOf(metric, properties),
	};
}

/** Klaviyo records RCS in the metrics of SMS. */
const channelOf = ({ channel }: MessageMetric, properties: Properties): Channel =>
	channel === 'sms' && textOf(properties.get('message format'))?.toLowerCase() === 'rcs'
		? 'rcs'
		: channel;

type Properties = Map<string, unknown>;

/** Properties by lower-case name, the event's own first, then those in `$extra`: the body is in one or the other. */
function caseless(properties: Record<string, unknown> | null | undefined): Properties {
	const found: Properties = new Map();
	const add = (record: object): void => {
		for (const [name, value] of Object.entries(record)) {
			const key = name.toLowerCase();
			if (!found.has(key) || isEmpty(found.get(key))) found.set(key, value);
		}
	};
	add(properties ?? {});
	const extra = found.get('$extra');
	if (typeof extra === 'object' && extra !== null) add(extra);
	return found;
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const textOf = (value: unknown): string | null => {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value !== '' ? value : null;
};

function numberOf(properties: Properties, side: 'from' | 'to'): string | null {
	const written = textOf(properties.get(`${side} number`));
	const region = textOf(properties.get(`${side} phone region`)) ?? undefined;
	return written === null ? null : (toE164(written, region) ?? written.trim());
}

/** What `Message Type` says, if there is one. */
const TYPES: ReadonlyArray<readonly [RegExp, MessageEvent['kind']]> = [
	[/flow/, 'flow'],
	[/campaign/, 'campaign'],
	[/auto/, 'autoResponse'],
	[/conversation|inbox|reply|one.?to.?one/, 'conversation'],
];

/**
 * A flow's message has `$flow`, a campaign's only `$message`; a message with neither was written in a conversation. A
 * campaign counts as one even if its name cannot be read.
 */
function kindOf(
	properties: Properties,
	flow: string | null,
	message: string | null,
	campaign: string | null,
): MessageEvent['kind'] {
	if (flow) return 'flow';
	const type = textOf(properties.get('message type'))?.toLowerCase() ?? '';
	const stated = TYPES.find(([words]) => words.test(type))?.[1];
	return stated ?? (message || campaign ? 'campaign' : 'conversation');
}

function deliveryOf(metric: MessageMetric, properties: Properties): MessageEvent['delivery'] {
	if (metric.direction === 'inbound') return null;
	const failureType = textOf(properties.get('failure type'));
	const failureSource = textOf(properties.get('failure source'));
	const vendorCode = textOf(properties.get('vendor error code'));
	return {
		// Ignores the carrier's status on failed messages: Klaviyo records "Delivered" there too.
		status:
			metric.event === 'failed'
				? 'failed'
				: (textOf(properties.get('carrier delivery status'))?.toLowerCase() ?? 'delivered'),
		reason: [failureType, failureSource, vendorCode].filter(Boolean).join(', ') || null,
		failureType,
		failureSource,
		vendorCode,
	};
}

const IMAGE_URL = /^https?:\/\/\S+$/i;
const IMAGE_ENDING = /\.(?:jpe?g|png|gif|webp|heic|bmp|mp4|3gp|vcf|pdf)(?:[?#]|$)/i;

/**
 * Klaviyo documents no property for pictures. So any link to a picture counts, and any link under a name that
 * contains "media" or "image". A link that the customer typed is part of the body and does not count.
 */
function mediaUrlsIn(properties: Record<string, unknown> | null | undefined): string[] {
	const found = new Set<string>();
	const look = (value: unknown, name: string): void => {
		if (typeof value === 'string') {
			if (
				IMAGE_URL.test(value) &&
				name !== 'message body' &&
				(IMAGE_ENDING.test(value) || /media|image/.test(name))
			)
				found.add(value);
			return;
		}
		if (typeof value !== 'object' || value === null) return;
		for (const [key, inner] of Object.entries(value))
			look(inner, Array.isArray(value) ? name : key.toLowerCase());
	};
	look(properties, '');
	return [...found];
}
