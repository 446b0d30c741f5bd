/** Which comments are an agent's reply to the customer, whichever way the comment was seen. */
import { isCallRecord } from './callRecord';
import { isMergeNotice } from './mergeNotice';

/** What stands in an agent's name on a ticket though no agent wrote it as a message. */
export type Unwritten = 'mergeNotice' | 'ruleComment' | 'callRecord';

export interface SeenComment {
	body: string;
	isPublic: boolean;
	/** Whether its author is an agent or an administrator. */
	byStaff: boolean;
	/** The ticket's channel. */
	channel: string | null;
	/** What its entry in the history says that it is; null for a message, and where that cannot be seen. */
	unwritten: Unwritten | null;
	/** Whether its entry carries a marker of this integration; false where that cannot be seen. */
	isOurs: boolean;
}

/**
 * Zendesk's messaging has events of its own, which this package does not read: were its comments taken from the
 * export, catch-up would bring what no webhook does.
 */
const MESSAGING = ['native_messaging', 'messaging'];

/** What a comment's words say that it is, for what does not say it otherwise. An agent can change the words. */
export function unwrittenByWords(body: string): Unwritten | null {
	if (isMergeNotice(body)) return 'mergeNotice';
	return isCallRecord(body) ? 'callRecord' : null;
}

/** A webhook does not tell all of these apart: Claim Reply looks into the ticket's history once more. */
export const isAgentReply = (comment: SeenComment): boolean =>
	comment.isPublic &&
	comment.byStaff &&
	!comment.isOurs &&
	comment.unwritten === null &&
	unwrittenByWords(comment.body) === null &&
	!MESSAGING.includes(comment.channel ?? '');
