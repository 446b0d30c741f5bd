/** The words that a claim covers: with or without the agent's signature, and with what stands at the end. */
import type { ReplyAudit } from './audit';
import { endingOf } from './ending';
import { replyKey } from './items';
import { textOf } from './send';

type Comment = NonNullable<ReplyAudit['comment']>;

/** As a reply is sent. */
export interface ReplyForm {
	keepsSignature: boolean;
	/** Stands at the end; '' for nothing. */
	ending: string;
}

/** As the builder wants replies to be sent. */
export interface WantedForm {
	keepSignature?: boolean | undefined;
	/** As `endingOf` takes it. */
	endWith?: string | undefined;
}

/** @param audit a claim */
export const formIn = ({ marker }: ReplyAudit): ReplyForm => ({
	keepsSignature: marker?.signature === 'kept',
	ending: marker?.ending ?? '',
});

/**
 * In which form a reply is sent. Its first claim decides, since that message may be in Klaviyo's log, even if an option
 * or the agent's name was changed since.
 *
 * @param wanted for a reply that has not been claimed yet
 */
export function formOf(
	audits: readonly ReplyAudit[],
	{ id, author }: Pick<Comment, 'id' | 'author'>,
	{ keepSignature = false, endWith = '' }: WantedForm,
): ReplyForm {
	const claim = audits.find(({ marker }) => marker?.claim === replyKey(id));
	return claim
		? formIn(claim)
		: { keepsSignature: keepSignature, ending: endingOf(endWith, author) };
}

export const bodyOf = ({ body, signedBody }: Comment, { keepsSignature }: ReplyForm): string =>
	keepsSignature ? (signedBody ?? body) : body;

/** The text that is sent for a comment. */
export const textOfComment = (comment: Comment, form: ReplyForm): string =>
	textOf({
		body: bodyOf(comment, form),
		attachments: comment.attachments,
		ending: form.ending,
	});
