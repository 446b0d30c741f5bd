/** Earlier replies with the same words, which Klaviyo's log may show in place of this one. */
import type { ReplyAudit } from './audit';
import { formOf, textOfComment, type WantedForm } from './claimedWords';
import { heldNoteKey, type Refusal, refusedNoteKey, replyKey } from './items';
import { sendLimits } from './limits';
import { claimsOf } from './waiting';
import { isLoggedAs } from './words';

/** Why an entry of a ticket's history is not a reply to send, whatever its ticket is; undefined if it is one. */
export const notAReply = (audit: ReplyAudit | undefined): Refusal | undefined => {
	if (!audit?.comment) return 'commentNotFound';
	if (!audit.comment.public) return 'notPublic';
	if (audit.marker) return 'ownComment';
	if (audit.comment.unwritten) return audit.comment.unwritten;
	if (!['agent', 'admin'].includes(audit.comment.author?.role ?? '')) return 'notAgent';
	const empty = audit.comment.body.trim() === '' && audit.comment.attachments.length === 0;
	return empty ? 'emptyBody' : undefined;
};

/**
 * Whether it is certain that no message went out: no run claimed the reply, or the only run that did was refused and
 * noted so while its claim was active. If there was a second run, its refusal says nothing about the first.
 */
const isUnsent = (audits: ReplyAudit[], { comment }: ReplyAudit): boolean => {
	const id = comment?.id ?? '';
	const [claim, ...more] = claimsOf(audits, id).standing;
	const refusedNote = audits.find(({ marker }) => marker?.key === refusedNoteKey(id));
	if (refusedNote === undefined || more.length > 0) return false;
	return claim === undefined || refusedNote.at - claim.at < sendLimits.settleTime;
};

/**
 * Whether a note had already told the agent, when they wrote again, that the earlier reply may not have been sent.
 * Somebody who then writes the same words has looked, and wants them sent.
 */
const wasLeftToAgent = (audits: ReplyAudit[], { comment }: ReplyAudit, own: ReplyAudit): boolean =>
	audits.some(
		({ at, marker }) =>
			at <= own.at &&
			(marker?.key === heldNoteKey(comment?.id ?? '') ||
				marker?.gaveUp === replyKey(comment?.id ?? '')),
	);

/**
 * Earlier replies whose message in Klaviyo's log may be taken for this reply's, claimed or not, except those that were
 * certainly not sent or were left to their agent. The log cannot tell them apart, so its first message counts as the first reply's, and so on.
 * Attachments are links in the message, so they count as words.
 */
export const sameWordsEarlier = (
	audits: ReplyAudit[],
	index: number,
	wanted: WantedForm,
): ReplyAudit[] => {
	const textIn = ({ comment }: ReplyAudit): string =>
		comment ? textOfComment(comment, formOf(audits, comment, wanted)) : '';
	const own = audits[index];
	if (!own) return [];
	const text = textIn(own);
	return audits
		.slice(0, index)
		.filter(
			(audit) =>
				!notAReply(audit) &&
				isLoggedAs(textIn(audit), text) &&
				!isUnsent(audits, audit) &&
				!wasLeftToAgent(audits, audit, own),
		);
};
