/** The words that a claim is about: with the agent's signature, or without. */
import type { ReplyAudit } from './audit';
import { replyKey } from './items';
import { textOf } from './send';

type Comment = NonNullable<ReplyAudit['comment']>;

/** Of a claim. */
export const keepsSignature = ({ marker }: ReplyAudit): boolean => marker?.signature === 'kept';

/**
 * Whether a reply is sent with the agent's signature: as its first claim has it, since that message may be in Klaviyo's
 * log. The option may have been changed in between.
 *
 * @param otherwise for a reply that was not claimed yet
 */
export function isSigned(audits: ReplyAudit[], commentId: string, otherwise = false): boolean {
	const claim = audits.find(({ marker }) => marker?.claim === replyKey(commentId));
	return claim ? keepsSignature(claim) : otherwise;
}

export const wordsOf = ({ body, signedBody }: Comment, signed: boolean): string =>
	signed ? (signedBody ?? body) : body;

/** A comment as it is sent. */
export const textOfComment = (comment: Comment, signed: boolean): string =>
	textOf({ body: wordsOf(comment, signed), attachments: comment.attachments });
