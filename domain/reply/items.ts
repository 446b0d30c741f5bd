/** What travels from Claim Reply (Zendesk) to Send Reply (Klaviyo) and on to the agent. */
import { z } from 'zod';
import { isoTime } from '../items';

/** Why a comment is not a reply to text. */
export const refusals = {
	notPublic: 'It is an internal note',
	notAgent: 'It was not written by an agent',
	mergeNotice: 'It is the notice of a merge',
	ruleComment: 'It was written by a rule of the account',
	callRecord: 'It is the record of a call',
	ownComment: 'It was written by this integration',
	emptyBody: 'It has no text',
	noConversation: 'The ticket is not an SMS conversation',
	otherScope: 'The conversation is of another scope: another workflow answers it',
	otherRequester:
		'The message was not sent: the ticket has another requester now, who does not have the number that wrote. To answer that number, set the requester back, or add the number to the new one, and write the reply again.',
	ticketClosed: 'The ticket is closed, so that the reply cannot be claimed on it',
	ticketGone: 'The ticket does not exist, or was deleted',
	commentNotFound: 'The ticket has no such comment',
	refusedBefore: 'It could not be sent before, and a note has told the agent so',
	heldBefore: 'It may not have been sent, and a note has told the agent so: nothing more is sent',
} as const;
export type Refusal = keyof typeof refusals;

export const claimedReply = z.object({
	/** `reply:<commentId>` */
	key: z.string(),
	ticketId: z.string(),
	commentId: z.string(),
	externalId: z.string(),
	/** The customer's number, E.164. */
	phone: z.string(),
	/** As the last text of the conversation named it; Klaviyo may have merged it since. */
	profileId: z.string().nullable(),
	/** The words as they are to be sent: domain/comment/words.ts. */
	body: z.string(),
	attachments: z.array(z.object({ fileName: z.string(), url: z.string() })),
	agentEmail: z.string().nullable(),
	agentName: z.string().nullable(),
	/** 1, or 2 when Klaviyo's log does not show the text of the first claim. */
	attempt: z.number().int().min(1),
	/** By this machine's clock, before the claim was asked for; by Zendesk's for a claim that is unclear. */
	claimedAt: isoTime,
	/** When it was claimed before, of which nothing is known; null for a first claim. */
	claimedBefore: isoTime.nullable().default(null),
	/** When the agent wrote the comment, by Zendesk's clock. */
	writtenAt: isoTime,
	/** How many replies with the same words came before this one... */
	sameWordsBefore: z.number().int().min(0),
	/** ...and when the first of them (or this one) was written. */
	sameWordsSince: isoTime,
});
export type ClaimedReply = z.infer<typeof claimedReply>;

export type Claim =
	| ({ outcome: 'claimed' } & ClaimedReply)
	/** Claimed long ago: Klaviyo's log has to say whether the message went out. Nothing may be sent for this item. */
	| ({ outcome: 'unclear' } & ClaimedReply)
	/**
	 * `taken`: another run has claimed it lately. `tooMany`: others had to be claimed before it. `notClaimed`: Zendesk did
	 * not let it be claimed.
	 */
	| { outcome: 'notNow'; reason: 'taken' | 'tooMany' | 'notClaimed'; message: string }
	| { outcome: 'refused'; reason: Refusal; message: string; notifyAgent?: boolean }
	/** Claimed twice without a message to be seen: nothing more is sent, and the agent was told. */
	| { outcome: 'gaveUp'; message: string };

export const replyKey = (commentId: string): string => `reply:${commentId}`;

/**
 * The key of the note which tells the agent that a reply was refused. What the agent was told is final: the reply may
 * have been written again since, and a later try would message it twice.
 */
export const refusedNoteKey = (commentId: string): string => `${replyKey(commentId)}:refused`;

/** The key of the note which tells the agent that it is not certain whether a reply was sent. As final. */
export const heldNoteKey = (commentId: string): string => `${replyKey(commentId)}:notSent`;
