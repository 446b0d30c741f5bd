/** Messages that the brand sent from elsewhere: each is noted once, on the ticket that was open then; our own replies never are. */
import type { TicketStatus } from '../../domain/items';
import { compare, type Found, type Need, type Verdict, type Wanted } from './effects';
import { conversationOf } from './messages';
import type { Truth, TruthTicket } from './truth';

const isOpen = (status: TicketStatus | undefined): boolean =>
	status !== undefined && status !== 'solved' && status !== 'closed';

/** Statuses that a ticket had between two times. */
const statusesBetween = ({ audits }: TruthTicket, from: number, until: number) => {
	const at = audits.findLast(({ createdAt }) => Date.parse(createdAt) <= from)?.status;
	const during = audits
		.filter(({ createdAt }) => Date.parse(createdAt) > from && Date.parse(createdAt) <= until)
		.map(({ status }) => status);
	return [at, ...during];
};

export function judgeOutbound({ tickets, phones, seenWithin }: Truth): Verdict {
	const wanted = Object.entries(phones).flatMap(([phone, messages]): Wanted[] => {
		return messages
			.filter(({ direction }) => direction === 'out')
			.map(({ kind, eventId, at, channel }) => {
				const where = conversationOf(phone, channel);
				const own = tickets.filter(({ externalId }) => externalId === where);
				const time = Date.parse(at);
				// Whether a ticket is open is decided when the note is written.
				const histories = own.map((one) => statusesBetween(one, time, time + seenWithin));
				const isSure = histories.some((statuses) => statuses.every(isOpen));
				// Catch-up may bring it to a ticket that was opened later.
				const need: Need = kind === 'api' ? 'never' : isSure ? 'once' : 'either';
				return { key: `note:${eventId}`, need, where };
			});
	});
	const found = tickets.flatMap(({ audits, comments, externalId }): Found[] =>
		audits.flatMap(({ custom, commentId }) => {
			const comment = comments.find(({ id }) => id === commentId);
			const key = String(custom.key ?? '');
			if (!key.startsWith('message:') || key.includes('/') || comment?.public !== false) return [];
			return [{ key: key.replace('message:', 'note:'), where: externalId ?? '' }];
		}),
	);
	return compare(wanted, found);
}
