/** Customers' messages: each one that passes screening is in one ticket of its channel's conversation, once, word for word. */
import { defaultKeywordsOn } from '../../domain/keywords';
import { screenMessage } from '../../domain/screening';
import type { SandboxChannel } from '../../sandbox/types';
import { compare, type Found, type Need, type Verdict, type Wanted } from './effects';
import { consentOf } from './consent';
import type { Truth } from './truth';

const rules = {
	match: 'containsWord',
	openOnOptOutInMessage: false,
} as const;
const consented = { canReceiveMarketing: true, canReceiveTransactional: true };

/** RCS is in the conversation of SMS. */
export const conversationOf = (phone: string, channel: SandboxChannel): string =>
	`klaviyo:${channel === 'whatsapp' ? 'whatsapp' : 'sms'}:${phone}`;
/** The customer's number, if it is a conversation's external id. */
export const numberOf = (externalId: string | null): string | undefined =>
	/^klaviyo:(?:sms|whatsapp):(\+\d+)/.exec(externalId ?? '')?.[1];

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What customers sent. */
export function messagesOf(truth: Truth): Array<Wanted & { body: string }> {
	const consentAt = consentOf(truth);
	return Object.values(truth.phones)
		.flat()
		.filter(({ direction }) => direction === 'in')
		.map(({ eventId, body, from, to, at, channel }) => {
			const opens = screenMessage({ body, from, to, channel, direction: 'inbound' }, consented, {
				...rules,
				keywords: defaultKeywordsOn(channel),
			}).opensTicket;
			// On WhatsApp whoever writes can be answered.
			const consent = channel === 'whatsapp' ? 'yes' : consentAt(from, Date.parse(at));
			const need: Need = consent === 'unclear' ? 'either' : consent === 'yes' ? 'once' : 'never';
			const where = conversationOf(from, channel);
			return { key: `message:${eventId}`, need: opens ? need : 'never', where, body };
		});
}

export function judgeMessages(truth: Truth): Verdict {
	const messages = messagesOf(truth);
	const bodies = new Map(messages.map(({ key, body }) => [key, body]));
	const verdict = compare(messages, added(truth));
	for (const { key, body } of comments(truth)) {
		const said = bodies.get(key);
		if (said !== undefined && !squeezed(body).includes(squeezed(said)))
			verdict.misdirected.push(`${key}: says '${body}' in place of '${said}'`);
	}
	return verdict;
}

/** Customers' comments that this integration wrote, with the message's key; later pieces of a long message do not count. */
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

const added = (truth: Truth): Found[] =>
	comments(truth).map(({ key, externalId }) => ({ key, where: externalId }));
