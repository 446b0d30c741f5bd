/** Agents' public replies: each is on the customer's phone once, by its ticket's channel, and nothing else of ours is on any phone. */
import { isLoggedAs } from '../../domain/reply/words';
import { consentOf } from './consent';
import { compare, type Found, type Need, noFault, type Verdict, type Wanted } from './effects';
import { conversationOf, numberOf } from './messages';
import type { Truth, TruthTicket } from './truth';
import { windowOf } from './window';

interface Reply {
	id: string;
	phone: string;
	/** The external id of its conversation, without a scope. */
	where: string;
	body: string;
	need: Need;
	/** Whether a note tells the agent that the reply was given up, or may not have been sent. */
	isHeld: boolean;
	/** Whether a note tells the agent that it was not sent. */
	isRefused: boolean;
	/** Whether it was claimed: the claim's note says that it is being sent. */
	isClaimed: boolean;
	/** Whether its ticket takes no more notes. */
	isClosed: boolean;
}

const closedAt = ({ audits }: TruthTicket): number =>
	Math.min(
		...audits
			.filter(({ status }) => status === 'closed')
			.map(({ createdAt }) => Date.parse(createdAt)),
	);

const LETTERS: Record<string, string> = { lt: '<', gt: '>', nbsp: ' ', amp: '&' };

/** What the agent typed. Read independently of the nodes, so that their faults show. */
const typedIn = (htmlBody: string): string =>
	(htmlBody.split('<span class="collapse-signature">')[0] ?? '')
		.replace(/<br>|<[^>]*>/g, (tag) => (tag === '<br>' ? '\n' : ''))
		.replace(/&(lt|gt|nbsp|amp);/g, (_entity, name: string) => LETTERS[name] ?? '')
		.trim();

/** What agents wrote to customers in the agent workspace: no notes, no merge notices, nothing from this integration. */
export function repliesOf(truth: Truth): Reply[] {
	const staff = new Set(truth.users.filter(({ role }) => role !== 'end-user').map(({ id }) => id));
	const consentAt = consentOf(truth);
	const windowAt = windowOf(truth);
	return truth.tickets.flatMap((ticket) => {
		const phone = numberOf(ticket.externalId);
		if (phone === undefined) return [];
		const conversation = ticket.externalId?.startsWith('klaviyo:whatsapp:') ? 'whatsapp' : 'sms';
		const permissionAt = conversation === 'whatsapp' ? windowAt : consentAt;
		const notes = new Set(
			ticket.audits.map(({ custom }) => String(custom.gaveUp ?? custom.key ?? '')),
		);
		return ticket.audits.flatMap(({ commentId, channel, merge }) => {
			const comment = ticket.comments.find(({ id }) => id === commentId);
			if (!comment?.public || channel !== 'web' || merge || !staff.has(comment.authorId)) return [];
			const at = Date.parse(comment.createdAt);
			const permission = permissionAt(phone, at);
			const key = `reply:${comment.id}`;
			const isHeld = notes.has(key) || notes.has(`${key}:notSent`);
			// If the ticket is closed soon after, it may be too late for a claim.
			const isClosedSoon = closedAt(ticket) - at < truth.seenWithin;
			const isEither = isHeld || permission === 'unclear' || isClosedSoon;
			const need = isEither ? 'either' : permission === 'yes' ? 'once' : 'never';
			return [
				{
					id: comment.id,
					phone,
					where: conversationOf(phone, conversation),
					body: typedIn(comment.htmlBody),
					need,
					isHeld,
					isRefused: notes.has(`${key}:refused`),
					isClaimed: ticket.audits.some(({ custom }) => custom.claim === key),
					isClosed: ticket.status === 'closed',
				} as const,
			];
		});
	});
}

/** What was sent. A message does not say which reply it is: among several with the same text, the first belongs to the first. */
function sentOf(truth: Truth, replies: readonly Reply[]): Found[] {
	const waiting = [...replies].sort(
		(one, other) => Number(one.need !== 'once') - Number(other.need !== 'once'),
	);
	const found: Found[] = [];
	for (const [phone, messages] of Object.entries(truth.phones))
		for (const { kind, body, channel } of messages) {
			if (kind !== 'api') continue;
			const where = conversationOf(phone, channel);
			const isThis = (reply: Reply): boolean =>
				reply.phone === phone && isLoggedAs(body, reply.body);
			const isHere = (reply: Reply): boolean => reply.where === where && isThis(reply);
			// If it is no reply of this channel, it is one that left by the wrong channel. If there are more messages than
			// replies with the same text, one was sent twice.
			const reply =
				waiting.find(isHere) ??
				waiting.find(isThis) ??
				replies.findLast(isHere) ??
				replies.findLast(isThis);
			if (reply && waiting.includes(reply)) waiting.splice(waiting.indexOf(reply), 1);
			found.push({ key: reply ? `reply:${reply.id}` : `no reply '${body}'`, where });
		}
	return found;
}

export function judgeReplies(truth: Truth): Verdict {
	const replies = repliesOf(truth);
	const wanted = replies.map(({ id, where, need }): Wanted => ({
		key: `reply:${id}`,
		need,
		where,
	}));
	return compare(wanted, sentOf(truth, replies));
}

/** What notes tell agents about their replies. */
export function judgeWords(truth: Truth): Verdict {
	const replies = repliesOf(truth);
	const sent = new Set(sentOf(truth, replies).map(({ key }) => key));
	const untrue = replies.flatMap((reply) => {
		const { need, isRefused, isClaimed, isHeld, isClosed } = reply;
		const key = `reply:${reply.id}`;
		if (sent.has(key)) return isRefused ? `${key}: said not to be sent, and was` : [];
		if (isHeld || isRefused || isClosed) return [];
		if (isClaimed) return `${key}: said to be on its way, and was not sent`;
		return need === 'once' ? [] : `${key}: not sent, and nobody was told`;
	});
	return { ...noFault(), untrue };
}

/** Only replies may be claimed: a claim on a note, a merge notice or a comment of ours would become a loop. */
export function judgeClaims(truth: Truth): Verdict {
	const known = new Set(repliesOf(truth).map(({ id }) => `reply:${id}`));
	const claims = truth.tickets.flatMap(({ audits }) =>
		audits.flatMap(({ custom }) => (custom.claim === undefined ? [] : String(custom.claim))),
	);
	return {
		...noFault(),
		misdirected: claims
			.filter((claim) => !known.has(claim))
			.map((claim) => `${claim}: claimed, but no reply of an agent's`),
	};
}
