/**
 * The identity of a message that came by a flow webhook. The builder writes the flow's JSON, and Klaviyo has no variable
 * for an event's id, so a fingerprint of what both the flow and the event log know takes its place.
 */
import { createHash } from 'node:crypto';
import { conversationChannelOf } from './channel';
import type { MessageEvent } from './items';
import { normalised } from './normalise';

export type FingerprintedMessage = Pick<
	MessageEvent,
	'event' | 'channel' | 'direction' | 'from' | 'to' | 'body' | 'sentAt'
>;

/**
 * The same key from a flow webhook and from catch-up: a hash of the event's name, the conversation's channel, the
 * customer's phone number, the words and the second. Not of the profile, which a merge may replace in between, nor of the
 * brand's number, which a flow's JSON may lack and which would not distinguish messages of one second.
 */
export function flowKeyOf({
	event,
	channel,
	direction,
	from,
	to,
	body,
	sentAt,
}: FingerprintedMessage): string {
	const customer = direction === 'inbound' ? from : to;
	const second = Math.floor(Date.parse(sentAt) / 1000);
	const fingerprint = createHash('sha256')
		.update(
			[event, conversationChannelOf(channel), customer ?? '', folded(body), second].join('\n'),
		)
		.digest('hex');
	return `message:flow:${fingerprint.slice(0, 32)}`;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(?:x([0-9a-f]{1,4})|(\d{1,5})));/gi;

const plainHtml = (text: string): string =>
	text.replace(ENTITY, (_, name?: string, hex?: string, decimal?: string) =>
		name
			? (NAMED[name.toLowerCase()] ?? '')
			: String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(decimal)),
	);

const SHORT_ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const plainJson = (text: string): string =>
	text.replace(/\\(?:u([0-9a-f]{4})|(["\\/bfnrt]))/gi, (_, code?: string, letter = '') =>
		code ? String.fromCharCode(Number.parseInt(code, 16)) : (SHORT_ESCAPES[letter] ?? letter),
	);

/** Rounds of unescaping: one for each side's template, and a few for escapes that somebody typed. A hostile text may hold 20,000. */
const ROUNDS = 8;

/**
 * The words without what a template may do to them: JSON and HTML escapes are undone, and white space becomes one space.
 * Both sides are unescaped as far as possible, so it does not matter which side was escaped, or whether somebody typed
 * an escape.
 */
function folded(body: string): string {
	let words = body;
	for (let round = 0; round < ROUNDS; round++) {
		const plain = plainJson(plainHtml(words));
		if (plain === words) break;
		words = plain;
	}
	return normalised(words, 'NFC')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
}

/**
 * @param rendered a message as a template rendered it
 * @returns the message as it was typed, if everything that HTML must escape is escaped
 */
export function asTyped(rendered: string): string {
	const rest = rendered.replace(ENTITY, '');
	return rest === rendered || /[<>"'&]/.test(rest) ? rendered : plainHtml(rendered);
}
