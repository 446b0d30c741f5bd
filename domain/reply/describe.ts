/** A claimed reply as its ticket shows it. */
import { fromExternalId } from '../conversation/externalId';
import type { ReplyAudit } from './audit';
import { bodyOf, formOf, type ReplyForm, type WantedForm } from './claimedWords';
import { sameWordsEarlier } from './earlier';
import { type ClaimedReply, replyKey } from './items';
import type { ReplyClaims } from './waiting';

interface Ticket {
	externalId: string | null;
	/** Oldest first. */
	audits: ReplyAudit[];
}

interface Claimant extends WantedForm {
	ticketId: string;
	commentId: string;
	run: string;
	executionId?: string;
}

/** Index of the entry that holds the comment; -1 if there is none. */
export const indexOfComment = ({ audits }: Ticket, commentId: string): number =>
	audits.findIndex(({ comment }) => comment?.id === commentId);

const commentIn = (ticket: Ticket, commentId: string): ReplyAudit['comment'] =>
	ticket.audits[indexOfComment(ticket, commentId)]?.comment;

export const wordsOf = (ticket: Ticket, { commentId }: { commentId: string }): string =>
	commentIn(ticket, commentId)?.body ?? '';

/** @param wanted of a reply that was not claimed yet */
export const replyForm = (
	ticket: Ticket,
	{ commentId, ...wanted }: WantedForm & { commentId: string },
): ReplyForm =>
	formOf(
		ticket.audits,
		commentIn(ticket, commentId) ?? { id: commentId, author: undefined },
		wanted,
	);

export const hasAttachments = (ticket: Ticket, commentId: string): boolean =>
	(commentIn(ticket, commentId)?.attachments ?? []).length > 0;

/**
 * @param claims the reply's, the described one included
 * @param claimedAt of the described one, milliseconds since 1970
 */
export function describe(
	claimant: Claimant,
	ticket: Ticket,
	{ all, standing }: ReplyClaims,
	claimedAt: number,
): ClaimedReply {
	const { ticketId, commentId, run, executionId } = claimant;
	const { audits, externalId } = ticket;
	const index = indexOfComment(ticket, commentId);
	const { at: writtenAt = 0, comment } = audits[index] ?? {};
	const earlier = sameWordsEarlier(audits, index, claimant);
	const form = replyForm(ticket, claimant);
	const earlierClaim = standing.findLast(({ marker }) => marker?.run !== run);
	return {
		ticketId,
		body: comment ? bodyOf(comment, form) : '',
		phone: fromExternalId(externalId)?.phone ?? '',
		agentName: comment?.author?.name ?? null,
		agentEmail: comment?.author?.email ?? null,
		attachments: comment?.attachments ?? [],
		ending: comment ? form.ending : '',
		commentId,
		profileId: audits.findLast(({ marker }) => marker?.profileId)?.marker?.profileId ?? null,
		externalId: externalId ?? '',
		key: replyKey(commentId),
		executionId: executionId ?? null,
		attempt: standing.length,
		claimNumber: all.length,
		claimedAt: new Date(claimedAt).toISOString(),
		claimedBefore: earlierClaim ? new Date(earlierClaim.at).toISOString() : null,
		writtenAt: new Date(writtenAt).toISOString(),
		sameWordsBefore: earlier.length,
		sameWordsSince: new Date(earlier[0]?.at ?? writtenAt).toISOString(),
	};
}
