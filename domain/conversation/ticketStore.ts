/** What the status logic asks of Zendesk, in its own words. `nodes/ZendeskSync` answers it over HTTP, tests from memory. */
import type { Change } from '../fieldChanges';
import type { TicketStatus } from '../items';

/** What tells one message (or piece of one) from every other, whichever way it was seen. */
export interface MessageIdentity {
	/** Identity of the effect: `message:<eventId>`, with `/2`, `/3` ... for the later pieces of a long message. */
	key: string;
	/** The key that the same message has when a flow webhook brings it, where one may have done so. */
	flowKey?: string | undefined;
}

/** One text (or one piece of a long one) on its way into a ticket. */
export interface ConversationMessage extends MessageIdentity {
	/** Milliseconds since 1970, by the clock of the vendor that took the message in. */
	sentAt: number;
	/** Set for what goes with a message: its pictures, the conversation's history, a warning to agents. */
	attachedTo?: AttachedTo | undefined;
}

/** What goes with a message is written into the ticket that holds the message, or nowhere, and leaves the status alone. */
export interface AttachedTo {
	message: MessageIdentity;
	/** Whether it is wanted only in a ticket that the message opened. */
	onlyIfOpened: boolean;
}

/** A ticket as the list shows it, which may be behind. */
export interface ListedTicket {
	id: string;
	status: TicketStatus;
	/** Milliseconds since 1970; Zendesk keeps whole seconds. It is the stamp of `safe_update`. */
	updatedAt: number;
	/** Whether an agent has suspended whom it is from. */
	isSuspended?: boolean;
}

export interface Listing {
	/** Every ticket with the conversation's external id, of all brands. */
	tickets: ListedTicket[];
	/** The server's own clock when it answered, from its `Date` header. */
	serverTime: number;
}

/** One entry of a ticket's history. */
export interface Audit {
	/** Milliseconds since 1970, whole seconds. */
	at: number;
	/**
	 * Set when this entry changed the status, be it back in the end; undefined in it for a status that is none of
	 * ours, and before the ticket was made.
	 */
	statusChange?: Change<TicketStatus | undefined>;
	/** Which message this entry wrote, from `metadata.custom`. */
	marker?: Pick<ConversationMessage, 'key' | 'flowKey' | 'sentAt'>;
	/** Whether this entry made the ticket. */
	opens?: boolean;
}

/** 429: not done, and not to be done for `wait` milliseconds, where the vendor says how long. */
export interface Limited {
	outcome: 'limited';
	wait?: number | undefined;
}

export type CreateAnswer =
	/** With the status that the account's rules have left it in. */
	| { outcome: 'created'; ticketId: string; status: TicketStatus }
	/** 201 served from the idempotency key's memory: this very text made a ticket within the last two hours. */
	| { outcome: 'remembered'; ticketId: string }
	/** Nothing was asked: an agent has suspended the customer. */
	| { outcome: 'suspended' }
	/** 400: another message has made a ticket with this key. */
	| { outcome: 'keyTaken' }
	/** 409: another request with this key is still running. */
	| { outcome: 'inFlight' }
	| Limited
	/** No answer, or one that does not say whether it was done. */
	| { outcome: 'unknown' };

export type UpdateAnswer =
	| { outcome: 'written'; status: TicketStatus }
	/** 409: the ticket changed since its stamp was read. */
	| { outcome: 'conflict' }
	/** 422 that says "closed". */
	| { outcome: 'closed' }
	/** 422 for another reason, or in a language that we cannot read. */
	| { outcome: 'invalid'; description: string }
	/** 422: it has as many comments as a ticket can have. */
	| { outcome: 'full' }
	/** 404: deleted. */
	| { outcome: 'gone' }
	/** Nothing was asked, because what should be written could not be had: a picture that could not be fetched. */
	| { outcome: 'unready'; description: string }
	| Limited
	| { outcome: 'unknown' };

/** Reads answer `undefined` when there was no usable answer. Anything that waiting cannot fix is thrown. */
export interface TicketStore<Message extends ConversationMessage> {
	/** Milliseconds since 1970, by this machine's clock. */
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	listTickets(): Promise<Listing | undefined>;
	/** By their seconds, from `since` (milliseconds) on at least. The order inside a second says nothing. */
	readAudits(ticketId: string, since: number): Promise<Audit[] | undefined>;
	/**
	 * The request's body must depend on the message, and on what is in the key, alone.
	 *
	 * @param newest the newest ticket of those listed, which is closed, for a desk that makes follow-ups
	 */
	createTicket(
		message: Message,
		idempotencyKey: string,
		newest: string | undefined,
	): Promise<CreateAnswer>;
	/**
	 * Writes the message as the requester's public comment (or what goes with it), under the stamp of `ticket`.
	 *
	 * @param status to set with it, or undefined to leave it
	 * @param overtaken whether a newer text of the conversation is in the ticket already
	 */
	addComment(
		ticket: ListedTicket,
		message: Message,
		status: 'open' | undefined,
		outOfOrder: boolean,
	): Promise<UpdateAnswer>;
	/** Sets the status to open; under the stamp of `updatedAt` where one is given. */
	setOpen(ticketId: string, updatedAt?: number): Promise<UpdateAnswer>;
}
