/** The words that a claim covers: with or without the agent's signature. */
import type { ReplyAudit } from './audit';
import { replyKey } from './items';
import { textOf } from './send';

type Comment = NonNullable<ReplyAudit['comment']>;

/** @param audit a claim */
export const keepsSignature = ({ marker }: ReplyAudit): boolean => marker?.signature === 'kept';

/**
 * Whether a reply is sent with the agent's signature. Its first claim decides, since that message may be in Klaviyo's
 * log, even if the option was changed since.
 *
 * @param otherwise for a reply that has not been claimed yet
 */
export function isSigned(audits: ReplyAudit[], commentId: string, otherwise = false): boolean {
	const claim = audits.find(({ marker }) => marker?.claim === replyKey(commentId));
	return claim ? keepsSignature(claim) : otherwise;
}

export const bodyOf = ({ body, signedBody }: Comment, signed: boolean): string =>
	signed ? (signedBody ?? body) : body;

/** The text that is sent for a comment. */
export const textOfComment = (comment: Comment, signed: boolean): string =>
	textOf({ body: bodyOf(comment, signed), attachments: comment.attachments });
