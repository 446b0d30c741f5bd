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

/** What customers texted. */
export function textsOf(truth: Truth): Array<Wanted & { body: string }> {
	const consentAt = consentOf(truth);
	return Object.values(truth.phones)
		.flat()
		.filter(({ direction }) => direction === 'in')
		.map(({ eventId, body, from, to, at }) => {
			const opens = screen({ body, from, to, direction: 'inbound' }, consented, rules).opensTicket;
			const consent = consentAt(from, Date.parse(at));
			const need: Need = consent === 'unclear' ? 'either' : consent === 'yes' ? 'once' : 'never';
			const where = conversationOf(from);
			return { key: `text:${eventId}`, need: opens ? need : 'never', where, body };
		});
}

export function judgeTexts(truth: Truth): Verdict {
	const texts = textsOf(truth);
	const bodies = new Map(texts.map(({ key, body }) => [key, body]));
	const verdict = compare(texts, filed(truth));
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
