/**
 * The identity of a message that came by a flow webhook. A flow's JSON is what its builder wrote, and Klaviyo has no
 * variable for an event's id; so a fingerprint of what the flow and the event log both know stands in for it.
 */
import { createHash } from 'node:crypto';
import type { MessageEvent } from './items';
import { normalised } from './normalise';

export type FingerprintedMessage = Pick<
	MessageEvent,
	'event' | 'direction' | 'from' | 'to' | 'body' | 'sentAt'
>;

/**
 * The same from a flow webhook and from catch-up. Over the event's name, the customer's number, the words, and the
 * second. Not over the profile, which a merge replaces between the two; not over the brand's number, which a flow's
 * JSON may lack, and which tells no two messages of one second apart.
 */
export function flowKeyOf({
	event,
	direction,
	from,
	to,
	body,
	sentAt,
}: FingerprintedMessage): string {
	const customer = direction === 'inbound' ? from : to;
	const second = Math.floor(Date.parse(sentAt) / 1000);
	const fingerprint = createHash('sha256')
		.update([event, customer ?? '', folded(body), second].join('\n'))
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

/** Rounds of unescaping: one for each side's template and a few that somebody typed. A hostile message may have 20,000. */
const ROUNDS = 8;

/**
 * Words without what a template may do to them on their way: escapes of JSON and of HTML, one kind of white space.
 * Taken from both sides as far as they go, so that it does not matter which side was escaped, or whether somebody
 * typed one.
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
 * @param rendered what a template made of a message
 * @returns the message as it was typed, when all of it that HTML has to escape is escaped
 */
export function asTyped(rendered: string): string {
	const rest = rendered.replace(ENTITY, '');
	return rest === rendered || /[<>"'&]/.test(rest) ? rendered : plainHtml(rendered);
}
