/** Which comments are an agent's reply to the customer, whichever way the comment came. */
import { isCallRecord } from './callRecord';
import { isMergeNotice } from './mergeNotice';

/** Comments in an agent's name that no agent wrote as a message. */
export type Unwritten = 'mergeNotice' | 'ruleComment' | 'callRecord';

export interface SeenComment {
	body: string;
	isPublic: boolean;
	/** Whether its author is an agent or an administrator. */
	byStaff: boolean;
	/** The ticket's channel. */
	channel: string | null;
	/** What its history entry says it is; null for a message, and if that cannot be seen. */
	unwritten: Unwritten | null;
	/** Whether its history entry carries this integration's marker; false if that cannot be seen. */
	isOurs: boolean;
}

/**
 * Zendesk messaging has webhook events of its own, which this package does not read. If its comments were taken from the
 * export, catch-up would bring what no webhook brings.
 */
const MESSAGING = ['native_messaging', 'messaging'];

/** What a comment is by its words, for sources that do not say it otherwise. An agent can change the words. */
export function unwrittenByWords(body: string): Unwritten | null {
	if (isMergeNotice(body)) return 'mergeNotice';
	return isCallRecord(body) ? 'callRecord' : null;
}

/** A webhook does not show all of this: Claim Reply checks again in the ticket's history. */
export const isAgentReply = (comment: SeenComment): boolean =>
	comment.isPublic &&
	comment.byStaff &&
	!comment.isOurs &&
	comment.unwritten === null &&
	unwrittenByWords(comment.body) === null &&
	!MESSAGING.includes(comment.channel ?? '');
