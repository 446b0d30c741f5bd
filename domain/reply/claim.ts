/**
 * Claims an agent's reply on its ticket, so that only one of any number of runs sends it. Klaviyo takes no idempotency
 * key and n8n has no lock; a ticket's `safe_update` on a settled stamp serves as one.
 */
import { fromExternalId, isOfScope } from '../conversation/externalId';
import { stampLimits, stampRules } from '../conversation/stamp';
import type { TicketStatus } from '../items';
import type { ReplyAudit } from './audit';
import type { ReplyForm, WantedForm } from './claimedWords';
import { describe, hasAttachments, indexOfComment, replyForm, wordsOf } from './describe';
import { notAReply } from './earlier';
import { type Claim, type Refusal, refusals, refusedNoteKey, heldNoteKey, replyKey } from './items';
import { sendLimits } from './limits';
import { quoting } from './outcome';
import { claimsOf, isAnswered, newestMessageIn, type ReplyClaims, type Waiting } from './waiting';

export const claimLimits = {
	/** How long a claim stays active: until then no other run may act on the reply. */
	settleTime: sendLimits.settleTime,
	attempts: 2,
	/** Replies that are claimed together: more could not be sent before their claims run out. */
	together: 25,
} as const;

export interface ReplyTicket {
	status: TicketStatus;
	updatedAt: number;
	externalId: string | null;
	/** Whether the requester was changed to somebody who does not have the conversation's phone number. */
	isOthers?: boolean;
	/** Oldest first. */
	audits: ReplyAudit[];
	/** The server's clock when it answered. */
	serverTime: number;
}

export type ReplyNote =
	| ({
			kind: 'claim';
			attempt: number;
			run: string;
			/** Whether the reply is sent with links to attachments. */
			hasAttachments: boolean;
	  } & ReplyForm)
	| {
			kind: 'gaveUp';
			/** The reply's words. */
			body: string;
	  };

export interface ReplyStore {
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	/** Undefined if there was no usable answer, 'gone' if the ticket does not exist. */
	readTicket(): Promise<ReplyTicket | 'gone' | undefined>;
	/** Writes an internal note with a marker, if the ticket's stamp is unchanged. */
	writeNote(
		ticket: ReplyTicket,
		note: ReplyNote,
	): Promise<'written' | 'conflict' | 'closed' | 'unknown' | RefusedNote>;
}

/** Zendesk accepts no update of the ticket as it is, such as of a solved one that lacks a field; in Zendesk's words. */
export interface RefusedNote {
	refused: string;
}

/** In what form it is sent, unless an earlier claim of it says otherwise, and which one it is. */
export interface ReplyToClaim extends WantedForm {
	ticketId: string;
	commentId: string;
	/** Unique to this run and the same in all of its tries: it recognizes its own claim by it after a response was lost. */
	run: string;
	/** The execution of n8n that claims it. */
	executionId?: string;
	/** Whether Klaviyo's log was read and does not show the message of an earlier claim. */
	isMissing: boolean;
	/** When the customer wrote the message because of which a waiting reply is claimed; milliseconds since 1970. */
	answeredAt?: number;
	/** Replies are claimed only in conversations with this scope; '' for any. */
	scope?: string;
	/** About when it was written, milliseconds since 1970. The ticket is not read before its stamp can have settled. */
	writtenAt?: number;
}

/** The guards. A test takes each out in turn, to show what it is for. */
export const claimRules = {
	...stampRules,
	isClaimActive: (claimedAt: number, ticket: ReplyTicket): boolean =>
		ticket.serverTime - claimedAt < claimLimits.settleTime,
	attempts: claimLimits.attempts as number,
	/**
	 * When a claim was made, by this machine's clock and never too late: an earlier try of this run may have made it. Both
	 * of Zendesk's times are whole seconds.
	 */
	madeAt: (claimedAt: number, ticket: ReplyTicket, readAt: number): number =>
		readAt - (ticket.serverTime - claimedAt) - 1000,
	/** Claims that a closed window refused are over; those that came later are not. */
	claimsOf,
	isAnswered,
	mayBeSent: ({ whenAnswered }: Waiting): boolean => whenAnswered === 'send',
	/** Whether a note with the key is on the ticket. */
	hasNote: (ticket: ReplyTicket, key: string): boolean =>
		ticket.audits.some(({ marker }) => marker?.key === key),
};
export type ClaimRules = typeof claimRules;

/**
 * Claims one reply, or says why not. An expired claim gives `unclear`: Klaviyo's log then has to show whether the
 * message went out, and only if it is missing there is the reply claimed a second time.
 *
 * @throws what the store throws: an error that waiting cannot fix
 */
export async function claimReply(
	reply: ReplyToClaim,
	store: ReplyStore,
	rules: ClaimRules = claimRules,
): Promise<Claim> {
	const unsettledFor = (reply.writtenAt ?? 0) + stampLimits.settles - store.now();
	// Never longer than that: a clock that is ahead must not hold a reply back.
	if (unsettledFor > 0) await store.sleep(Math.min(unsettledFor, stampLimits.settles));
	const began = store.now();
	let auditsBehind = 0;
	/** When this run last asked for its claim: the claim's time, if the next read finds it written. */
	let askedAt = began;
	let isRefused = false;
	while (store.now() - began <= stampLimits.retryForMs) {
		const readAt = store.now();
		const ticket = await store.readTicket();
		if (ticket === 'gone') return refuse('ticketGone');
		if (!ticket) {
			await store.sleep(500);
			continue;
		}
		if (!rules.areCurrent(ticket.audits, ticket) && auditsBehind++ < stampLimits.auditReads) {
			await store.sleep(1000);
			continue;
		}
		const reason = refusalOf(ticket, reply, rules);
		if (reason) return refuse(reason);
		const claims = rules.claimsOf(ticket.audits, reply.commentId);
		const last = claims.all.at(-1);
		if (last?.marker?.run === reply.run) {
			const madeAt = Math.min(askedAt, rules.madeAt(last.at, ticket, readAt));
			return { outcome: 'claimed', ...describe(reply, ticket, claims, madeAt) };
		}
		const verdict = outcomeOfEarlierClaims(reply, ticket, claims, rules);
		if (verdict) return verdict;
		// Only now: a reply that was claimed while the ticket was open may have been sent.
		if (ticket.status === 'closed') return refuse('ticketClosed');
		if (ticket.isOthers)
			return {
				...refuse('otherRequester'),
				message: quoting(refusals.otherRequester, wordsOf(ticket, reply)),
				notifyAgent: true,
			};
		const unsettled = rules.untilSettled([ticket], ticket.serverTime);
		if (unsettled > 0) {
			await store.sleep(unsettled);
			continue;
		}
		const attempt = claims.standing.length + 1;
		askedAt = store.now();
		const note: ReplyNote =
			attempt > rules.attempts
				? { kind: 'gaveUp', body: wordsOf(ticket, reply) }
				: {
						kind: 'claim',
						attempt,
						run: reply.run,
						...replyForm(ticket, reply),
						hasAttachments: hasAttachments(ticket, reply.commentId),
					};
		const written = await store.writeNote(ticket, note);
		if (written === 'closed') return refuse('ticketClosed');
		if (written === 'written' && note.kind === 'gaveUp') return gaveUp;
		if (written === 'written')
			return {
				outcome: 'claimed',
				...describe(reply, ticket, withOwn(claims, reply, askedAt), askedAt),
			};
		if (typeof written === 'object') {
			if (isRefused) return ticketRefuses(written, attempt, wordsOf(ticket, reply));
			// The first refusal may mean "closed", in any language: the next read shows it.
			isRefused = true;
		}
		await store.sleep(500);
	}
	return notNow('notClaimed', 'The reply could not be claimed on its Zendesk ticket in time');
}

const refuse = (reason: Refusal): Extract<Claim, { outcome: 'refused' }> => ({
	outcome: 'refused',
	reason,
	message: refusals[reason],
});

/** After an earlier claim it is for Klaviyo's log to say whether the message went out. */
function ticketRefuses({ refused }: RefusedNote, attempt: number, body: string): Claim {
	const words = `${refusals.ticketRefuses}. Zendesk says: ${refused}`;
	if (attempt > 1) return notNow('notClaimed', words);
	const message = `This reply was not sent: ${lowerFirst(words)}. Fix that, and then write the reply again.`;
	return {
		...refuse('ticketRefuses'),
		message: quoting(message, body),
		notifyAgent: true,
	};
}

const lowerFirst = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

const notNow = (reason: 'taken' | 'notClaimed', message: string): Claim => ({
	outcome: 'notNow',
	reason,
	message,
});
const gaveUp: Claim = {
	outcome: 'gaveUp',
	message:
		'The reply was claimed twice and Klaviyo shows no such message: nothing more is sent, and a note tells the agent',
};

/** The claims with the one that was just written. */
function withOwn(
	{ all, standing }: ReplyClaims,
	{ commentId, run }: ReplyToClaim,
	at: number,
): ReplyClaims {
	const own: ReplyAudit = { at, marker: { claim: replyKey(commentId), run } };
	return { all: [...all, own], standing: [...standing, own] };
}

/** Its agent was told that it waits, and what happens when the customer writes. That may have been before the note. */
function outcomeOfWaiting(
	waiting: Waiting,
	{ answeredAt = 0 }: ReplyToClaim,
	{ audits }: ReplyTicket,
	rules: ClaimRules,
): Claim | undefined {
	if (!rules.mayBeSent(waiting)) return refuse('leftToAgent');
	const newest = Math.max(answeredAt, newestMessageIn(audits));
	return rules.isAnswered(waiting, newest) ? undefined : refuse('waitsForCustomer');
}

/** The outcome that earlier claims of the reply lead to; undefined if this run may claim it. */
function outcomeOfEarlierClaims(
	reply: ReplyToClaim,
	ticket: ReplyTicket,
	claims: ReplyClaims,
	rules: ClaimRules,
): Claim | undefined {
	if (claims.waiting) return outcomeOfWaiting(claims.waiting, reply, ticket, rules);
	const last = claims.standing.at(-1);
	if (!last) return undefined;
	if (rules.isClaimActive(last.at, ticket))
		return notNow('taken', 'Another execution claimed this reply less than seven minutes ago');
	if (ticket.audits.some(({ marker }) => marker?.gaveUp === replyKey(reply.commentId)))
		return gaveUp;
	if (reply.isMissing) return undefined;
	return { outcome: 'unclear', ...describe(reply, ticket, claims, last.at) };
}

const refusalOf = (
	ticket: ReplyTicket,
	{ commentId, scope = '' }: ReplyToClaim,
	rules: ClaimRules,
): Refusal | undefined => {
	if (!fromExternalId(ticket.externalId)) return 'noConversation';
	if (!isOfScope(ticket.externalId, scope)) return 'otherScope';
	const audit = ticket.audits[indexOfComment(ticket, commentId)];
	if (rules.hasNote(ticket, refusedNoteKey(commentId))) return 'refusedBefore';
	if (rules.hasNote(ticket, heldNoteKey(commentId))) return 'heldBefore';
	return notAReply(audit);
};
