/**
 * Claiming an agent's reply on its ticket, so that of any number of runs only one sends it. Klaviyo takes no
 * idempotency key and n8n has no lock; a ticket's `safe_update` on a settled stamp is one.
 */
import { fromExternalId } from '../conversation/externalId';
import type { TicketStatus } from '../items';
import { type Claim, type Refusal, refusals, replyKey } from './items';
import { sameWords } from './words';

const SECOND = 1000;

export const claimLimits = {
	/** Age at which a ticket's one-second stamp is a lock. */
	stampSettles: 4 * SECOND,
	/**
	 * How long a claim is somebody's: a minute and a half for a send to end, five minutes for Klaviyo's log to show
	 * it, and a margin.
	 */
	settleTime: 400 * SECOND,
	attempts: 2,
	patience: 30 * SECOND,
	auditReads: 8,
} as const;

export interface ReplyAudit {
	/** Milliseconds since 1970, whole seconds, by Zendesk's clock. */
	at: number;
	comment?: {
		id: string;
		public: boolean;
		body: string;
		attachments: Array<{ fileName: string; url: string }>;
		author: { role: string; name: string | null; email: string | null } | undefined;
	};
	/** Whether the entry came from merging tickets. */
	merge: boolean;
	/** What this integration wrote into the entry's metadata. */
	marker?: { key?: string; claim?: string; run?: string; gaveUp?: string; profileId?: string };
}

export interface ReplyTicket {
	status: TicketStatus;
	updatedAt: number;
	externalId: string | null;
	/** Oldest first. */
	audits: ReplyAudit[];
	/** The server's clock when it answered. */
	serverTime: number;
}

export interface ReplyDesk {
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	/** Undefined when there was no usable answer, 'gone' when it does not exist. */
	readTicket(): Promise<ReplyTicket | 'gone' | undefined>;
	/** Writes an internal note with a marker under the ticket's stamp. True when it was written, false on 409. */
	writeNote(
		ticket: ReplyTicket,
		note: { kind: 'claim'; attempt: number; run: string } | { kind: 'gaveUp' },
	): Promise<'written' | 'conflict' | 'closed' | 'unknown'>;
	/** Whether some run noted that Klaviyo took this reply. A hint that may be lost, but is never wrong. */
	wasSent(): Promise<boolean>;
}

const refuse = (reason: Refusal): Claim => ({
	outcome: 'refused',
	reason,
	message: refusals[reason],
});

/** Why an entry of a ticket's history is not a reply to text, whoever may see it. */
const notAReply = (audit: ReplyAudit | undefined): Refusal | undefined => {
	if (!audit?.comment) return 'commentNotFound';
	if (!audit.comment.public) return 'notPublic';
	if (audit.marker) return 'ownComment';
	if (audit.merge) return 'mergeNotice';
	if (!['agent', 'admin'].includes(audit.comment.author?.role ?? '')) return 'notAgent';
	const empty = audit.comment.body.trim() === '' && audit.comment.attachments.length === 0;
	return empty ? 'emptyBody' : undefined;
};

const refusalOf = (ticket: ReplyTicket, audit: ReplyAudit | undefined): Refusal | undefined => {
	if (!fromExternalId(ticket.externalId)) return 'noConversation';
	return notAReply(audit) ?? (ticket.status === 'closed' ? 'ticketClosed' : undefined);
};

/**
 * Earlier replies with the same words, claimed or not: Klaviyo's log cannot tell which of them a text was, so the
 * first text in it is the first reply's, and so on.
 */
const sameWordsEarlier = (audits: ReplyAudit[], index: number, body: string): ReplyAudit[] =>
	audits
		.slice(0, index)
		.filter((audit) => !notAReply(audit) && sameWords(audit.comment?.body ?? '', body));

/** What a test may take out, to show what it is there for. */
export const claimRules = {
	untilSettled: (ticket: ReplyTicket): number =>
		Math.max(0, ticket.updatedAt + claimLimits.stampSettles - ticket.serverTime),
	areCurrent: (ticket: ReplyTicket): boolean =>
		ticket.audits.some((audit) => audit.at >= ticket.updatedAt),
	isSomebodys: (claimedAt: number, ticket: ReplyTicket): boolean =>
		ticket.serverTime - claimedAt < claimLimits.settleTime,
	attempts: claimLimits.attempts as number,
};
export type ClaimRules = typeof claimRules;

/**
 * Claims one reply, or says why not.
 *
 * @param run unlike any other run's: by it a claim whose answer was lost is known as this run's own
 * @throws what the desk throws: a fault that waiting cannot mend
 */
export async function claimReply(
	reply: { ticketId: string; commentId: string; run: string },
	desk: ReplyDesk,
	rules: ClaimRules = claimRules,
): Promise<Claim> {
	const key = replyKey(reply.commentId);
	const began = desk.now();
	let askedAt = began;
	let auditsBehind = 0;
	while (desk.now() - began <= claimLimits.patience) {
		const ticket = await desk.readTicket();
		if (ticket === 'gone') return refuse('ticketGone');
		if (!ticket) {
			await desk.sleep(500);
			continue;
		}
		if (!rules.areCurrent(ticket) && auditsBehind++ < claimLimits.auditReads) {
			await desk.sleep(1000);
			continue;
		}
		const index = ticket.audits.findIndex(({ comment }) => comment?.id === reply.commentId);
		const audit = ticket.audits[index];
		const reason = refusalOf(ticket, audit);
		if (reason) return refuse(reason);
		const conversation = fromExternalId(ticket.externalId);
		if (!audit?.comment || !conversation) return refuse('commentNotFound');

		const claims = ticket.audits.filter(({ marker }) => marker?.claim === key);
		const last = claims.at(-1);
		const mine = last?.marker?.run === reply.run;
		if (last && !mine) {
			if (rules.isSomebodys(last.at, ticket)) {
				return {
					outcome: 'notNow',
					message: 'Another run is texting this reply, or has just done so',
				};
			}
			if (await desk.wasSent()) return { outcome: 'alreadySent' };
			if (ticket.audits.some(({ marker }) => marker?.gaveUp === key)) {
				return { outcome: 'gaveUp', message: 'The agent was told before' };
			}
		}
		const unsettled = rules.untilSettled(ticket);
		if (unsettled > 0 && !mine) {
			await desk.sleep(unsettled);
			continue;
		}
		if (claims.length >= rules.attempts && !mine) {
			if ((await desk.writeNote(ticket, { kind: 'gaveUp' })) === 'written') {
				return { outcome: 'gaveUp', message: 'It could not be confirmed that the text went out' };
			}
			await desk.sleep(500);
			continue;
		}
		if (!mine) {
			askedAt = desk.now();
			const note = { kind: 'claim', attempt: claims.length + 1, run: reply.run } as const;
			const written = await desk.writeNote(ticket, note);
			if (written === 'closed') return refuse('ticketClosed');
			if (written !== 'written') {
				await desk.sleep(500);
				continue;
			}
		}
		const earlier = sameWordsEarlier(ticket.audits, index, audit.comment.body);
		const { author, body, attachments } = audit.comment;
		return {
			outcome: 'claimed',
			key,
			ticketId: reply.ticketId,
			commentId: reply.commentId,
			externalId: ticket.externalId ?? '',
			number: conversation.number,
			profileId:
				ticket.audits.findLast(({ marker }) => marker?.profileId)?.marker?.profileId ?? null,
			body,
			attachments,
			agentEmail: author?.email ?? null,
			agentName: author?.name ?? null,
			attempt: mine ? claims.length : claims.length + 1,
			claimedAt: new Date(askedAt).toISOString(),
			writtenAt: new Date(audit.at).toISOString(),
			sameWordsBefore: earlier.length,
			sameWordsSince: new Date(earlier[0]?.at ?? audit.at).toISOString(),
		};
	}
	return {
		outcome: 'notNow',
		message: 'Zendesk did not let the reply be claimed in time; catch-up brings it again',
	};
}
