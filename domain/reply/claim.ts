/**
 * Claiming an agent's reply on its ticket, so that of any number of runs only one sends it. Klaviyo takes no
 * idempotency key and n8n has no lock; a ticket's `safe_update` on a settled stamp is one.
 */
import { fromExternalId, isOfScope } from '../conversation/externalId';
import type { TicketStatus } from '../items';
import type { ReplyAudit } from './audit';
import { isSigned, wordsOf } from './claimedWords';
import {
	type Claim,
	type ClaimedReply,
	type Refusal,
	refusals,
	refusedNoteKey,
	heldNoteKey,
	replyKey,
} from './items';
import { notAReply, sameWordsEarlier } from './earlier';
import { sendLimits } from './limits';

const SECOND = 1000;

export const claimLimits = {
	/** Age at which a ticket's one-second stamp is a lock. */
	stampSettles: 4 * SECOND,
	/** How long a claim is somebody's. */
	settleTime: sendLimits.settleTime,
	attempts: 2,
	/** Replies that are claimed together: more could not be sent within the time that their claims are good for. */
	together: 25,
	retryForMs: 30 * SECOND,
	auditReads: 8,
} as const;

export interface ReplyTicket {
	status: TicketStatus;
	updatedAt: number;
	externalId: string | null;
	/** Whether its requester was changed, to another person than the one of the number. */
	isOthers?: boolean;
	/** Oldest first. */
	audits: ReplyAudit[];
	/** The server's clock when it answered. */
	serverTime: number;
}

export type ReplyNote =
	| {
			kind: 'claim';
			attempt: number;
			run: string;
			keepsSignature: boolean;
			/** Whether links to attachments go with it. */
			hasAttachments: boolean;
	  }
	| { kind: 'gaveUp' };

export interface ReplyStore {
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	/** Undefined when there was no usable answer, 'gone' when it does not exist. */
	readTicket(): Promise<ReplyTicket | 'gone' | undefined>;
	/** Writes an internal note with a marker, under the ticket's stamp. */
	writeNote(
		ticket: ReplyTicket,
		note: ReplyNote,
	): Promise<'written' | 'conflict' | 'closed' | 'unknown'>;
}

export interface ReplyToClaim {
	ticketId: string;
	commentId: string;
	/** Unlike any other run's: by it a claim whose answer was lost is known as this run's own. */
	run: string;
	/** Whether Klaviyo's log was found not to have the text of an earlier claim. */
	isMissing: boolean;
	/** Of the conversations in which replies are claimed; '' for any. */
	scope?: string;
	/** Whether it is sent with the agent's signature, unless an earlier claim of it says otherwise. */
	keepSignature?: boolean;
	/** About when it was written, milliseconds since 1970: its ticket is not settled before, so it is not read. */
	writtenAt?: number;
}

/** What a test may take out, to show what it is there for. */
export const claimRules = {
	untilSettled: (ticket: ReplyTicket): number =>
		Math.max(0, ticket.updatedAt + claimLimits.stampSettles - ticket.serverTime),
	areCurrent: (ticket: ReplyTicket): boolean =>
		ticket.audits.some((audit) => audit.at >= ticket.updatedAt),
	isClaimActive: (claimedAt: number, ticket: ReplyTicket): boolean =>
		ticket.serverTime - claimedAt < claimLimits.settleTime,
	attempts: claimLimits.attempts as number,
	/** Whether a note with the key is on the ticket. */
	isTold: (ticket: ReplyTicket, key: string): boolean =>
		ticket.audits.some(({ marker }) => marker?.key === key),
};
export type ClaimRules = typeof claimRules;

/**
 * Claims one reply, or says why not. A claim too old to be somebody's gives `unclear`: whether its message went out is
 * for Klaviyo's log to say, and only for a message that is missing there is a second claim made.
 *
 * @throws what the desk throws: a fault that waiting cannot fix
 */
export async function claimReply(
	reply: ReplyToClaim,
	store: ReplyStore,
	rules: ClaimRules = claimRules,
): Promise<Claim> {
	const unsettledFor = (reply.writtenAt ?? 0) + claimLimits.stampSettles - store.now();
	// No longer than that: a clock that is ahead must not hold a reply back.
	if (unsettledFor > 0) await store.sleep(Math.min(unsettledFor, claimLimits.stampSettles));
	const began = store.now();
	let auditsBehind = 0;
	/** Before the claim of this run was asked for, should it turn out to be there. */
	let askedAt = began;
	while (store.now() - began <= claimLimits.retryForMs) {
		const ticket = await store.readTicket();
		if (ticket === 'gone') return refuse('ticketGone');
		if (!ticket) {
			await store.sleep(500);
			continue;
		}
		if (!rules.areCurrent(ticket) && auditsBehind++ < claimLimits.auditReads) {
			await store.sleep(1000);
			continue;
		}
		const reason = refusalOf(ticket, reply, rules);
		if (reason) return refuse(reason);
		const claims = ticket.audits.filter(
			({ marker }) => marker?.claim === replyKey(reply.commentId),
		);
		if (claims.at(-1)?.marker?.run === reply.run)
			return { outcome: 'claimed', ...describe(reply, ticket, claims.length, askedAt) };
		const verdict = judge(reply, ticket, claims, rules);
		if (verdict) return verdict;
		// Not before: what was claimed while it was open may have been sent.
		if (ticket.status === 'closed') return refuse('ticketClosed');
		if (ticket.isOthers) return refuse('otherRequester');
		const unsettled = rules.untilSettled(ticket);
		if (unsettled > 0) {
			await store.sleep(unsettled);
			continue;
		}
		const attempt = claims.length + 1;
		askedAt = store.now();
		const note: ReplyNote =
			attempt > rules.attempts
				? { kind: 'gaveUp' }
				: {
						kind: 'claim',
						attempt,
						run: reply.run,
						keepsSignature: isSigned(ticket.audits, reply.commentId, reply.keepSignature),
						hasAttachments: hasAttachments(ticket, reply.commentId),
					};
		const written = await store.writeNote(ticket, note);
		if (written === 'closed') return refuse('ticketClosed');
		if (written === 'written' && note.kind === 'gaveUp') return gaveUp;
		if (written === 'written')
			return { outcome: 'claimed', ...describe(reply, ticket, attempt, askedAt) };
		await store.sleep(500);
	}
	return notNow('notClaimed', 'Zendesk did not let the reply be claimed in time');
}

const refuse = (reason: Refusal): Claim => ({
	outcome: 'refused',
	reason,
	message: refusals[reason],
	...(reason === 'otherRequester' ? { notifyAgent: true } : {}),
});
const notNow = (reason: 'taken' | 'notClaimed', message: string): Claim => ({
	outcome: 'notNow',
	reason,
	message,
});
const gaveUp: Claim = {
	outcome: 'gaveUp',
	message:
		'It was claimed twice, and Klaviyo does not show the message: nothing more is sent, and the agent was told',
};

/** What earlier claims of the reply mean; undefined when this run may claim it. */
function judge(
	reply: ReplyToClaim,
	ticket: ReplyTicket,
	claims: ReplyAudit[],
	rules: ClaimRules,
): Claim | undefined {
	const last = claims.at(-1);
	if (!last) return undefined;
	if (rules.isClaimActive(last.at, ticket))
		return notNow('taken', 'Another run has claimed this reply within the last seven minutes');
	if (ticket.audits.some(({ marker }) => marker?.gaveUp === replyKey(reply.commentId)))
		return gaveUp;
	if (reply.isMissing) return undefined;
	return { outcome: 'unclear', ...describe(reply, ticket, claims.length, last.at) };
}

const refusalOf = (
	ticket: ReplyTicket,
	{ commentId, scope = '' }: ReplyToClaim,
	rules: ClaimRules,
): Refusal | undefined => {
	if (!fromExternalId(ticket.externalId)) return 'noConversation';
	if (!isOfScope(ticket.externalId, scope)) return 'otherScope';
	const audit = ticket.audits[placeOf(ticket, commentId)];
	if (rules.isTold(ticket, refusedNoteKey(commentId))) return 'refusedBefore';
	if (rules.isTold(ticket, heldNoteKey(commentId))) return 'heldBefore';
	return notAReply(audit);
};

/** Of the entry that has the comment; -1 when none has. */
const placeOf = ({ audits }: ReplyTicket, commentId: string): number =>
	audits.findIndex(({ comment }) => comment?.id === commentId);

const hasAttachments = (ticket: ReplyTicket, commentId: string): boolean =>
	(ticket.audits[placeOf(ticket, commentId)]?.comment?.attachments ?? []).length > 0;

function describe(
	{ ticketId, commentId, run, keepSignature }: ReplyToClaim,
	ticket: ReplyTicket,
	attempt: number,
	claimedAt: number,
): ClaimedReply {
	const { audits, externalId } = ticket;
	const index = placeOf(ticket, commentId);
	const { at: writtenAt = 0, comment } = audits[index] ?? {};
	const earlier = sameWordsEarlier(audits, index, keepSignature);
	const earlierClaim = audits.findLast(
		({ marker }) => marker?.claim === replyKey(commentId) && marker.run !== run,
	);
	return {
		key: replyKey(commentId),
		ticketId,
		commentId,
		externalId: externalId ?? '',
		phone: fromExternalId(externalId)?.phone ?? '',
		profileId: audits.findLast(({ marker }) => marker?.profileId)?.marker?.profileId ?? null,
		body: comment ? wordsOf(comment, isSigned(audits, commentId, keepSignature)) : '',
		attachments: comment?.attachments ?? [],
		agentEmail: comment?.author?.email ?? null,
		agentName: comment?.author?.name ?? null,
		attempt,
		claimedAt: new Date(claimedAt).toISOString(),
		claimedBefore: earlierClaim ? new Date(earlierClaim.at).toISOString() : null,
		writtenAt: new Date(writtenAt).toISOString(),
		sameWordsBefore: earlier.length,
		sameWordsSince: new Date(earlier[0]?.at ?? writtenAt).toISOString(),
	};
}
