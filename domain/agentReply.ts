/** Which comments are an agent's reply to the customer, whichever way the comment came. */
import { isMergeNotice } from './merge';

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

/**
 * Zendesk Talk writes the record of a call on its ticket, with a link to the recording: in the name of the agent who
 * made the call, and public if the account is set so. Nobody wrote it as a message. The REST API calls it a
 * `VoiceComment`. This is Zendesk's English wording, for sources that do not say what kind of comment it is.
 * https://support.zendesk.com/hc/en-us/articles/4408821302810
 */
const CALL_HEAD =
	/^(?:Outbound call to|Inbound call from|(?:Missed|Abandoned) call from|Voicemail from|Call (?:to|from):)/i;
const CALL_DETAILS =
	/\b(?:Time of call|Length of phone call|Call Details):|\bListen to the (?:recording|voicemail)\b/i;

export const isCallRecord = (body: string): boolean =>
	CALL_HEAD.test(body.trimStart()) && CALL_DETAILS.test(body);

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
