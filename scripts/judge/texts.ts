/** Customers' texts: each that screening lets through in one ticket of its conversation, once, word for word. */
import { defaultKeywords } from '../../domain/keywords';
import { screen } from '../../domain/screening';
import { compare, type Found, type Need, type Verdict, type Wanted } from './effects';
import { consentOf } from './consent';
import type { Truth } from './truth';

const rules = {
	keywords: defaultKeywords,
	match: 'containsWord',
	openOnOptOutInMessage: false,
} as const;
const consented = { canReceiveMarketing: true, canReceiveTransactional: true };

export const conversationOf = (number: string): string => `klaviyo:sms:${number}`;
export const numberOf = (externalId: string | null): string | undefined =>
	/^klaviyo:sms:(\+\d+)/.exec(externalId ?? '')?.[1];

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

export function judgeTexts(truth: Truth): Verdict {
	const consentAt = consentOf(truth);
	const bodies = new Map<string, string>();
	const wanted: Wanted[] = [];
	for (const messages of Object.values(truth.phones))
		for (const { direction, eventId, body, from, to, at } of messages) {
			if (direction !== 'in') continue;
			const key = `text:${eventId}`;
			const opens = screen({ body, from, to, direction: 'inbound' }, consented, rules).opensTicket;
			const consent = consentAt(from, Date.parse(at));
			const need: Need = consent === 'unclear' ? 'either' : consent === 'yes' ? 'once' : 'never';
			wanted.push({ key, need: opens ? need : 'never', where: conversationOf(from) });
			bodies.set(key, body);
		}
	const verdict = compare(wanted, filed(truth));
	for (const { key, body } of comments(truth)) {
		const said = bodies.get(key);
		if (said !== undefined && !squeezed(body).includes(squeezed(said)))
			verdict.misdirected.push(`${key}: says '${body}' in place of '${said}'`);
	}
	return verdict;
}

/** What customers say on tickets by this integration, with the text's key; a later piece of a long text is none. */
function comments({ tickets, users }: Truth) {
	const staff = new Set(users.filter(({ role }) => role !== 'end-user').map(({ id }) => id));
	return tickets.flatMap((ticket) =>
		ticket.audits.flatMap(({ custom, commentId, channel }) => {
			const comment = ticket.comments.find(({ id }) => id === commentId);
			if (!comment?.public || channel !== 'api' || staff.has(comment.authorId)) return [];
			const key = String(custom.key ?? 'unmarked');
			if (key.includes('/')) return [];
			return [{ key, body: comment.body, externalId: ticket.externalId ?? '' }];
		}),
	);
}

const filed = (truth: Truth): Found[] =>
	comments(truth).map(({ key, externalId }) => ({ key, where: externalId }));
