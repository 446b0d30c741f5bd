/**
 * Klaviyo's flow webhooks. Every plan has them, but they are not signed, their JSON is what the flow's builder
 * pasted, and how Klaviyo escapes the values is not documented.
 * https://developers.klaviyo.com/en/docs/how_to_add_a_webhook_action_to_a_flow
 */
import { jsonParse } from 'n8n-workflow';
import { z } from 'zod';
import { conversationChannelOf, conversationChannels } from '../../../domain/channel';
import { asTyped, flowKeyOf } from '../../../domain/flowMessage';
import { type MessageEvent, messageEventName, messageEventNames } from '../../../domain/items';
import { isShallowEnough } from '../../shared/nesting';
import { eventTime } from './eventTime';
import { PROPERTIES } from './flowTemplate';
import { messageFieldsFrom } from './messageEvent';
import { metricOf, type MessageMetric } from './messageMetrics';

type Posted = Record<string, unknown>;

const conversationChannel = z.enum(conversationChannels);

/** What a flow would post for a message, for testing a trigger by hand. */
export function flowPostOf(message: MessageEvent): string {
	const { event, kind, profileId, from, to, flow, campaign, sentAt: time, body } = message;
	const channel = conversationChannelOf(message.channel);
	const messageId = flow?.messageId ?? campaign?.messageId;
	const origin = { flowId: flow?.id, campaign: campaign?.name, messageId };
	return JSON.stringify({ event, channel, kind, profileId, from, to, ...origin, time, body });
}

const parseObject = (text: string): Posted | undefined => {
	const parsed = jsonParse<unknown>(text, { fallbackValue: null });
	return isObject(parsed) ? parsed : undefined;
};

const isObject = (value: unknown): value is Posted =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const BODY_NAME = /"body"\s*:\s*/;

/** The quoted text before the closing brace. Without a regular expression: bodies may have megabytes. */
function lastString(rest: string): string | undefined {
	const whole = rest.trimEnd();
	if (!whole.endsWith('}')) return undefined;
	const quoted = whole.slice(0, -1).trimEnd();
	return quoted.length > 1 && quoted.startsWith('"') && quoted.endsWith('"')
		? quoted.slice(1, -1)
		: undefined;
}

/** Whether it is valid between two quotes as it is. */
const isOneString = (inner: string): boolean => !/["\\]/.test(inner.replace(/\\./gs, ''));

/**
 * Klaviyo may insert a customer's text unescaped, so a quote or a line break in it breaks the JSON, or adds fields to
 * it. So all other fields are read from what is before the text, which no customer can change, and the text is
 * everything that follows.
 */
function readPost(sent: string): Posted | undefined {
	const start = BODY_NAME.exec(sent);
	if (start === null) return parseObject(sent);
	const before = parseObject(`${sent.slice(0, start.index)}"body":""}`);
	const body = wordsIn(sent.slice(start.index + start[0].length), sent);
	return before && body !== undefined ? { ...before, body } : undefined;
}

/** @returns undefined if fields follow that come from the builder, not from a customer */
function wordsIn(rest: string, sent: string): string | undefined {
	const inner = lastString(rest);
	// Not a string (such as `null`), or the end is missing.
	if (inner === undefined) return parseObject(sent) ? '' : undefined;
	if (!isOneString(inner)) return parseObject(sent) ? undefined : inner;
	const escaped = parseObject(`{"body":"${inner}"}`);
	return typeof escaped?.body === 'string' ? escaped.body : inner;
}

/** A value as Klaviyo rendered it; '' if there was none. Not for the text: a customer may write "None". */
const rendered = (value: unknown): string => {
	const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
	const bare = text.trim();
	return ['None', 'null'].includes(bare) || bare.startsWith('{{') || bare === '' ? '' : text;
};

/**
 * @param sent the body of the request
 * @returns the message and its metric, or what is wrong with the post, in words for the flow's builder
 */
export function flowMessageOf(
	sent: string,
): { message: MessageEvent; metric: MessageMetric } | string {
	const posted = readPost(sent);
	if (!posted)
		return 'The body is not a JSON object with "body" as its last field. Paste the JSON that the node shows.';
	if (!isShallowEnough(posted))
		return 'The JSON is nested too deeply. Paste the JSON that the node shows.';
	const name = messageEventName.safeParse(rendered(posted.event).trim());
	const channel = conversationChannel.safeParse(rendered(posted.channel).trim()).data;
	if (channel === undefined) return `"channel" must be one of ${conversationChannels.join(', ')}.`;
	const { kind } = posted;
	const metric = name.success ? metricOf(name.data, { kind, channel }) : undefined;
	if (!metric) return `"event" must be one of ${messageEventNames.join(', ')}.`;
	const sentAt = eventTime(...[posted.time, posted.datetime].map(numericOrText));
	if (sentAt === undefined)
		return 'Neither "time" nor "datetime" is a valid time, such as 2026-11-22T10:00:00+00:00 or seconds since 1970. Choose a variable with the time of the event.';
	const facts = messageFieldsFrom(propertiesOf(posted), metric, sentAt);
	const side = metric.direction === 'inbound' ? 'from' : 'to';
	if (facts[side] === null) return `"${side}" is empty. It must be the customer's phone number.`;
	const flowKey = flowKeyOf(facts);
	const message: MessageEvent = {
		...facts,
		profileId: rendered(posted.profileId) || null,
		eventId: null,
		// Not an id from the post: anybody with the secret could use it to hide another message.
		key: flowKey,
		flowKey,
		catchUp: false,
		raw: posted,
	};
	return { message, metric };
}

const numericOrText = (value: unknown): unknown =>
	typeof value === 'number' ? value : rendered(value);

const propertiesOf = (posted: Posted): Posted => ({
	...Object.fromEntries(
		PROPERTIES.map(([name, property]) => [
			property,
			Array.isArray(posted[name]) ? posted[name] : rendered(posted[name]),
		]),
	),
	'Message Body': typeof posted.body === 'string' ? asTyped(posted.body) : '',
});
