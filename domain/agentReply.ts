/** Which comments are an agent's reply to the customer, whichever way the comment was seen. */
import { isMergeNotice } from './mergeNotice';

export interface SeenComment {
	body: string;
	isPublic: boolean;
	/** Whether its author is an agent or an administrator. */
	byStaff: boolean;
	/** The ticket's channel. */
	channel: string | null;
	/** Whether its entry in the history says that merging tickets wrote it; false where that cannot be seen. */
	fromMerge: boolean;
	/** Whether its entry carries a marker of this integration; false where that cannot be seen. */
	isOurs: boolean;
}

/**
 * Zendesk's messaging has events of its own, which this package does not read: were its comments taken from the
 * export, catch-up would bring what no webhook does.
 */
const MESSAGING = ['native_messaging', 'messaging'];

/** A webhook does not tell merges and own comments apart: Claim Reply looks into the ticket's history once more. */
export const isAgentReply = (comment: SeenComment): boolean =>
	comment.isPublic &&
	comment.byStaff &&
	!comment.isOurs &&
	!comment.fromMerge &&
	!isMergeNotice(comment.body) &&
	!MESSAGING.includes(comment.channel ?? '');
