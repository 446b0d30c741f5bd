/** What Claim Reply (Zendesk) passes to Send Reply (Klaviyo), and what the agent is told. */
import { z } from 'zod';
import type { ConversationChannel } from '../channel';
import { fromExternalId } from '../conversation/externalId';
import { isoTime } from '../items';

/** Why a comment is not sent as a reply. `otherRequester` and `ticketRefuses` are written on the ticket, for the agent. */
export const refusals = {
	notPublic: 'The comment is an internal note',
	notAgent: 'The comment was not written by an agent',
	mergeNotice: "The comment is Zendesk's notice of a merge",
	ruleComment: 'The comment was written by a trigger or an automation',
	callRecord: 'The comment is the record of a call',
	ownComment: 'The comment was written by this integration',
	emptyBody: 'The comment has no text and no attachments',
	noConversation: 'The ticket is not a conversation with a Klaviyo customer',
	otherScope: 'The conversation has another scope, so another workflow answers it',
	otherRequester:
		"This reply was not sent: the ticket's requester was changed, and the new requester does not have the phone number that wrote the messages. To answer that number, change the requester back or add the number to the new requester, and then write the reply again.",
	ticketClosed: 'The ticket is closed, so the reply cannot be claimed on it',
	ticketRefuses: 'The ticket accepts no update as it is',
	ticketGone: 'The ticket does not exist or was deleted',
	commentNotFound: 'The ticket has no comment with this ID',
	refusedBefore: 'The reply could not be sent, and a note on the ticket has told the agent so',
	waitsForCustomer:
		'The reply waits until the customer writes again, and a note on the ticket has told the agent so',
	leftToAgent:
		'The customer had to be asked to continue, so it is for the agent to write the reply again: a note on the ticket says so',
	optedOut: "The customer's answer may have unsubscribed them",
	heldBefore:
		'The reply may not have been sent, and a note on the ticket has told the agent so: nothing more is sent',
} as const;
export type Refusal = keyof typeof refusals;

export const claimedReply = z.object({
	ticketId: z.string(),
	/** The words to send: domain/comment/words.ts. */
	body: z.string(),
	/** The customer's number, E.164. */
	phone: z.string(),
	agentName: z.string().nullable(),
	agentEmail: z.string().nullable(),
	attachments: z.array(z.object({ fileName: z.string(), url: z.string() })),
	/** Sent below the words and the links, such as the agent's name. */
	ending: z.string().default(''),
	commentId: z.string(),
	/** From the conversation's last message; Klaviyo may have merged the profile since. */
	profileId: z.string().nullable(),
	/** Of a conversation: the channel that the reply goes out by is read from it. */
	externalId: z.string().refine((id) => fromExternalId(id) !== undefined),
	/** `reply:<commentId>` */
	key: z.string(),
	/** The execution of n8n that claimed it, the only one that may send it; null if it is not known. */
	executionId: z.string().nullable().default(null),
	/** 1, or 2 if Klaviyo's log does not show the message of the first claim. */
	attempt: z.number().int().min(1),
	/** How many claims of the reply its ticket has, this one included: those that met a closed window are no attempts. */
	claimNumber: z.number().int().min(1),
	/** By this machine's clock, just before the claim was written; by Zendesk's for a claim that is unclear. */
	claimedAt: isoTime,
	/** When an earlier run claimed it, whose outcome is not known; null for a first claim. */
	claimedBefore: isoTime.nullable().default(null),
	/** When the agent wrote the comment, by Zendesk's clock. */
	writtenAt: isoTime,
	/** How many earlier replies have the same words... */
	sameWordsBefore: z.number().int().min(0),
	/** ...and when the first of them (or this one) was written. */
	sameWordsSince: isoTime,
});
export type ClaimedReply = z.infer<typeof claimedReply>;

/**
 * On which channel it is sent: that of the ticket's conversation.
 *
 * @throws Error if it is of none: no channel is better than a wrong one
 */
export function replyChannel({
	externalId,
}: Pick<ClaimedReply, 'externalId'>): ConversationChannel {
	const conversation = fromExternalId(externalId);
	if (conversation) return conversation.channel;
	throw new Error(`'${externalId}' is not the external ID of a conversation`);
}

export type Claim =
	| ({ outcome: 'claimed' } & ClaimedReply)
	/** The claim has expired: Klaviyo's log has to show whether the message went out. Nothing may be sent for this item. */
	| ({ outcome: 'unclear' } & ClaimedReply)
	/**
	 * `taken`: another run holds an active claim. `tooMany`: other replies had to be claimed first. `notClaimed`: the claim
	 * could not be written in Zendesk.
	 */
	| { outcome: 'notNow'; reason: 'taken' | 'tooMany' | 'notClaimed'; message: string }
	| { outcome: 'refused'; reason: Refusal; message: string; notifyAgent?: boolean }
	/** Claimed twice, and Klaviyo shows no message: nothing more is sent, and a note has told the agent. */
	| { outcome: 'gaveUp'; message: string };

export const replyKey = (commentId: string): string => `reply:${commentId}`;

/**
 * Key of the note that tells the agent that a reply was refused. What the agent was told is final: the agent may have
 * written the reply again, and a later attempt would send it twice.
 */
export const refusedNoteKey = (commentId: string): string => `${replyKey(commentId)}:refused`;

/** Key of the note that tells the agent that a reply may not have been sent. Just as final. */
export const heldNoteKey = (commentId: string): string => `${replyKey(commentId)}:notSent`;
