/**
 * Judges whether the guarantees were kept: compares what had to happen, according to the sandbox's own records (messages
 * on phones, comments and status changes on tickets, consent), with what did. It does not rely on the integration's words.
 */
import { noFault, together, type Verdict } from './effects';
import { judgeMetrics } from './metrics';
import { judgeOutbound } from './outbound';
import { judgeClaims, judgeReplies, judgeWords } from './replies';
import { judgeMessages, numberOf } from './messages';
import type { Truth, TruthTicket } from './truth';
import { judgeUsers } from './users';

export type { Verdict } from './effects';
export { repliesOf } from './replies';
export { messagesOf } from './messages';
export { SEEN_WITHIN, truthOf, type Truth, type TruthTicket } from './truth';

export interface JudgeOptions {
	/** Whether ticket metrics go to Klaviyo. True by default. */
	metrics?: boolean;
	/** Whether messages from elsewhere are noted on tickets. True by default. */
	outbound?: boolean;
}

/** @returns empty lists if the guarantees were kept */
export function judge(
	truth: Truth,
	{ metrics = true, outbound = true }: JudgeOptions = {},
): Verdict {
	return together([
		judgeMessages(truth),
		judgeReplies(truth),
		judgeClaims(truth),
		judgeWords(truth),
		judgeUsers(truth),
		...(metrics ? [judgeMetrics(truth)] : []),
		...(outbound ? [judgeOutbound(truth)] : []),
		{ ...noFault(), openTicketsOverOne: openTicketsOverOne(truth) },
	]);
}

/** When a ticket was created and closed, in milliseconds since 1970. */
const lifeOf = ({ createdAt, audits }: TruthTicket): [number, number] => {
	const closed = audits.find(({ status }) => status === 'closed');
	return [Date.parse(createdAt), closed ? Date.parse(closed.createdAt) : Infinity];
};

function openTicketsOverOne({ tickets }: Truth): string[] {
	const ofConversations = tickets.filter(({ externalId }) => numberOf(externalId) !== undefined);
	return ofConversations.flatMap((ticket, index) =>
		ofConversations.slice(index + 1).flatMap((other) => {
			if (other.externalId !== ticket.externalId) return [];
			const [from, until] = lifeOf(ticket);
			const [otherFrom, otherUntil] = lifeOf(other);
			const isTogether = from < otherUntil && otherFrom < until;
			return isTogether ? [`${ticket.externalId}: tickets ${ticket.id} and ${other.id}`] : [];
		}),
	);
}
