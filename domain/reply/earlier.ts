/** Replies before a reply: which of them have the same words, and may be in Klaviyo's log. */
import type { ReplyAudit } from './audit';
import { isSigned, textOfComment } from './claimedWords';
import { heldNoteKey, type Refusal, refusedNoteKey, replyKey } from './items';
import { sendLimits } from './limits';
import { sameWords } from './words';

/** Why an entry of a ticket's history is not a reply to text, whatever the ticket is. */
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
 * Whether it is certain that no message went out: nobody could claim it, or the one run that did was refused, and said so
 * while nobody else could have had its turn. A second run may be refused although the first has sent it.
 */
const isUnsent = (audits: ReplyAudit[], { comment }: ReplyAudit): boolean => {
	const id = comment?.id ?? '';
	const [claim, ...more] = audits.filter(({ marker }) => marker?.claim === replyKey(id));
	const told = audits.find(({ marker }) => marker?.key === refusedNoteKey(id));
	if (told === undefined || more.length > 0) return false;
	return claim === undefined || told.at - claim.at < sendLimits.settleTime;
};

/**
 * Whether its agent knew, when writing again, that the earlier reply may not be out and is left to them: whoever writes
 * the same words once more then has looked, and wants them sent.
 */
const wasLeftToAgent = (audits: ReplyAudit[], { comment }: ReplyAudit, own: ReplyAudit): boolean =>
	audits.some(
		({ at, marker }) =>
			at <= own.at &&
			(marker?.key === heldNoteKey(comment?.id ?? '') ||
				marker?.gaveUp === replyKey(comment?.id ?? '')),
	);

/**
 * Earlier replies with the same words, claimed or not, but for those that were certainly not sent or left to their
 * agent: Klaviyo's log cannot tell which of them a message was, so the first message in it is the first reply's, and so on.
 * Attachments are links in the message, so they count.
 */
export const sameWordsEarlier = (
	audits: ReplyAudit[],
	index: number,
	keepSignature: boolean | undefined,
): ReplyAudit[] => {
	const messageAt = ({ comment }: ReplyAudit): string =>
		comment ? textOfComment(comment, isSigned(audits, comment.id, keepSignature)) : '';
	const own = audits[index];
	if (!own) return [];
	const text = messageAt(own);
	return audits
		.slice(0, index)
		.filter(
			(audit) =>
				!notAReply(audit) &&
				sameWords(messageAt(audit), text) &&
				!isUnsent(audits, audit) &&
				!wasLeftToAgent(audits, audit, own),
		);
};
