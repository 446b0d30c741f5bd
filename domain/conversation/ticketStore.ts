/** The ticket store: what the status logic needs from Zendesk. `nodes/ZendeskSync` implements it over HTTP, tests in memory. */
import type { Change } from '../fieldChanges';
import type { TicketStatus } from '../items';

/** What identifies one message (or one piece of it), whichever way it came. */
export interface MessageIdentity {
	/** `message:<eventId>`, with `/2`, `/3` ... for the later pieces of a long message. */
	key: string;
	/** The key of the same message if a flow webhook brought it; undefined if none can have. */
	flowKey?: string | undefined;
}

/** One message (or one piece of a long one) to be added to a ticket. */
export interface ConversationMessage extends MessageIdentity {
	/** Milliseconds since 1970, by the clock of the vendor that received the message. */
	sentAt: number;
	/** Set for a comment that accompanies a message: its pictures, the conversation's history, a warning to agents. */
	attachedTo?: AttachedTo | undefined;
}

/** An accompanying comment goes to the ticket that holds its message, or nowhere, and leaves the status alone. */
export interface AttachedTo {
	message: MessageIdentity;
	/** Whether it belongs only on a ticket that the message opened. */
	onlyIfOpened: boolean;
}

/** A ticket as the list shows it. The list may be behind. */
export interface ListedTicket {
	id: string;
	status: TicketStatus;
	/** The stamp that `safe_update` compares. Milliseconds since 1970, in whole seconds. */
	updatedAt: number;
	/** Absent if they were not looked at. */
	tags?: readonly string[];
	/** Whether an agent has suspended its requester. */
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
	 * Set if this entry changed the status, even if it changed it back. A status is undefined in it if this integration
	 * does not know it, and before the ticket existed.
	 */
	statusChange?: Change<TicketStatus | undefined>;
	/** The message that this entry wrote, from `metadata.custom`. */
	marker?: Pick<ConversationMessage, 'key' | 'flowKey' | 'sentAt'> & {
		/** Whether it is there as the answer to a request to rate the ticket: nobody has to see it. */
		isRating?: boolean;
	};
	/** Whether this entry created the ticket. */
	opens?: boolean;
}

/** 429: not done, and not to be retried for `wait` milliseconds, if Zendesk says how long. */
export interface Limited {
	outcome: 'limited';
	wait?: number | undefined;
}

export type CreateAnswer =
	/** `status`: after the account's business rules have run. */
	| { outcome: 'created'; ticketId: string; status: TicketStatus }
	/** 201 from the idempotency key's memory: this very message created a ticket within the last two hours. */
	| { outcome: 'remembered'; ticketId: string }
	/** No request was made: an agent has suspended the customer. */
	| { outcome: 'suspended' }
	/** 400: another message has created a ticket with this key. */
	| { outcome: 'keyTaken' }
	/** 409: another request with this key is still running. */
	| { outcome: 'inFlight' }
	| Limited
	/** No response, or one that does not say whether it was done. */
	| { outcome: 'unknown' };

export type UpdateAnswer =
	| { outcome: 'written'; status: TicketStatus }
	/** 409: the ticket changed since its stamp was read. */
	| { outcome: 'conflict' }
	/** 422 that says "closed". */
	| { outcome: 'closed' }
	/** 422 for another reason, or in a language that this integration does not read. */
	| { outcome: 'invalid'; description: string }
	/** 422: the ticket has as many comments as it can have. */
	| { outcome: 'full' }
	/** 404: deleted. */
	| { outcome: 'gone' }
	/** No request was made, because something to write is missing: a picture could not be downloaded. */
	| { outcome: 'unready'; description: string }
	| Limited
	| { outcome: 'unknown' };

/** Reads return `undefined` if there was no usable answer. Errors that waiting cannot fix are thrown. */
export interface TicketStore<Message extends ConversationMessage> {
	/** Milliseconds since 1970, by this machine's clock. */
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	listTickets(): Promise<Listing | undefined>;
	/** Sorted by second, at least those since `since` (milliseconds). The order within a second means nothing. */
	readAudits(ticketId: string, since: number): Promise<Audit[] | undefined>;
	/**
	 * The request's body must depend on the message, and on what is in the key, alone.
	 *
	 * @param newest the newest listed ticket, which is closed, for a store that creates follow-ups
	 */
	createTicket(
		message: Message,
		idempotencyKey: string,
		newest: string | undefined,
	): Promise<CreateAnswer>;
	/**
	 * Writes the message as the requester's public comment (or an accompanying comment), if the stamp of `ticket` is
	 * unchanged.
	 *
	 * @param status to set with it; undefined to leave it unchanged
	 * @param outOfOrder whether a newer message of the conversation is on the ticket already
	 */
	addComment(
		ticket: ListedTicket,
		message: Message,
		status: 'open' | undefined,
		outOfOrder: boolean,
	): Promise<UpdateAnswer>;
	/** Sets the status to open; if `updatedAt` is given, only if that stamp is unchanged. */
	setOpen(ticketId: string, updatedAt?: number): Promise<UpdateAnswer>;
}
