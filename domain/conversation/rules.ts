/**
 * The guards of the status logic, each a rule of its own. Without any one of them a schedule exists in which a message
 * is lost, doubled or buried, or a conversation gets two tickets: test/unit/conversation.property.test.ts takes each
 * out in turn and finds that schedule.
 */
import { type Change, valueAfter } from '../fieldChanges';
import type { TicketStatus } from '../items';
import type {
	Audit,
	AttachedTo,
	ConversationMessage,
	ListedTicket,
	Listing,
	MessageIdentity,
} from './ticketStore';

const SECOND = 1000;

export const limits = {
	/** How far apart the two vendors' clocks may be. */
	clockMargin: 60 * SECOND,
	/** Age at which a ticket's stamp is a lock: its second is over for every writer, and its audits can be read. */
	stampSettles: 4 * SECOND,
	/** A list older than this says nothing about which tickets exist. Idempotency keys live two hours. */
	listKeeps: 60 * SECOND,
	/** How long one message may wait for an outcome before catch-up has to bring it again. */
	retryForMs: 30 * SECOND,
	/** Audits are asked for again this often when they are behind their ticket. */
	auditReads: 8,
	/** Messages older than this are refused: by then their ticket may be archived and no longer listed. */
	oldest: 28 * 24 * 3600 * SECOND,
} as const;

/** Statuses in which a customer's message would wait unseen. */
const unattended: readonly TicketStatus[] = ['pending', 'hold', 'solved'];

const newestFirst = (a: ListedTicket, b: ListedTicket): number =>
	b.id.length - a.id.length || (b.id > a.id ? 1 : -1);

export const newestOf = (tickets: ListedTicket[]): ListedTicket | undefined =>
	[...tickets].sort(newestFirst)[0];

/** Only seconds in which the status was changed, oldest first. */
function statusChangesBySecond(audits: Audit[]): Array<Array<Change<TicketStatus | undefined>>> {
	const seconds: Array<Array<Change<TicketStatus | undefined>>> = [];
	let second: number | undefined;
	for (const { at, statusChange } of audits) {
		if (!statusChange) continue;
		if (at === second) seconds.at(-1)?.push(statusChange);
		else seconds.push([statusChange]);
		second = at;
	}
	return seconds;
}

export const conversationRules = {
	/**
	 * Whether a marker is the message's own. A flow webhook that carries no event id gives another key than the event
	 * has, so one of the two knows both. Two events of the same flow key are two messages.
	 */
	isSame: (marker: MessageIdentity, message: MessageIdentity): boolean =>
		marker.key === message.key ||
		(message.flowKey !== undefined && marker.key === message.flowKey) ||
		marker.flowKey === message.key,

	/** Whether a message is from a time that Zendesk has not reached: `mayHold` would never find it again. */
	isAhead: (message: ConversationMessage, listing: Listing): boolean =>
		message.sentAt - limits.clockMargin > listing.serverTime,

	/** Tickets in which the message may already be: each one that changed since it was sent, not only the newest. */
	mayHold: (tickets: ListedTicket[], message: ConversationMessage): ListedTicket[] =>
		tickets.filter((ticket) => ticket.updatedAt >= message.sentAt - limits.clockMargin),

	/**
	 * Milliseconds until the newest stamp among `changed` can serve as a lock. Stamps have one-second resolution:
	 * two writers in one second would both pass `safe_update`.
	 */
	untilSettled: (listing: Listing, changed: ListedTicket[]): number =>
		Math.max(
			0,
			...changed.map((ticket) => ticket.updatedAt + limits.stampSettles - listing.serverTime),
		),

	/** Audits older than their own ticket are behind it. */
	areCurrent: (audits: Audit[], ticket: ListedTicket): boolean =>
		audits.some((audit) => audit.at >= ticket.updatedAt),

	/** The newest ticket that is not closed, whatever brand it is in. */
	target: (tickets: ListedTicket[]): ListedTicket | undefined =>
		newestOf(tickets.filter((ticket) => ticket.status !== 'closed')),

	/**
	 * The list may be behind inside one second, so the status changes in the audits count. Those of one second are in
	 * no order, but chained by what they changed; only where that does not decide, the ticket's own status does.
	 */
	statusNow: (ticket: ListedTicket, audits: Audit[]): TicketStatus => {
		let status: TicketStatus | undefined;
		for (const changes of statusChangesBySecond(audits)) status = valueAfter(changes, status);
		return status ?? ticket.status;
	},

	/**
	 * Whether the message in `audits[index]` lies unseen: it went into a ticket that an agent was just solving or
	 * parking, or that a rule of the account's parked at once, nobody has touched the status since, and the run that
	 * should have set it open died. What happened in the message's own second may have come before it: an agent rather
	 * looks once more. What a rule did when we wrote, nobody has seen.
	 */
	needsReopening: (audits: Audit[], index: number, status: TicketStatus): boolean => {
		const second = audits[index]?.at ?? 0;
		const isTouched = audits.some(
			({ at, statusChange, marker }) => at > second && statusChange && !marker,
		);
		return unattended.includes(status) && !isTouched;
	},

	/** The same, where setting the ticket open is left to a step of the builder's: whether that was not done. */
	needsReopeningByBuilder: (_audits: Audit[], _index: number, _status: TicketStatus): boolean =>
		false,

	/** Whether a list asked for at `askedAt` may still be believed when it shows no ticket. */
	isFresh: (askedAt: number, now: number): boolean => now - askedAt <= limits.listKeeps,

	/**
	 * One key for every message that finds the conversation without a ticket: whoever is first makes it, all others
	 * are refused. A function of what was listed, so that the next ticket of the conversation has another key.
	 */
	idempotencyKey: (conversation: string, tickets: ListedTicket[]): string =>
		`${conversation}:${newestOf(tickets)?.id ?? 0}`,

	/** The status that a message gives its ticket: an attended one keeps its own. */
	statusFor: (status: TicketStatus): 'open' | undefined =>
		unattended.includes(status) ? 'open' : undefined,

	/** Whether an agent's change slipped in between reading and writing, or a rule acted: the message would lie unseen. */
	agentChangedStatus: (status: TicketStatus): boolean => unattended.includes(status),

	/**
	 * Whether writing what goes with a message has left its ticket waiting for nobody: a rule of the account's acted, or an
	 * agent did at the same moment. Where it was so before, it stays.
	 */
	isParked: (before: TicketStatus | undefined, after: TicketStatus | undefined): boolean =>
		after !== undefined &&
		unattended.includes(after) &&
		!(before !== undefined && unattended.includes(before)),

	/** Whether what goes with a message belongs into the ticket in which `entry` wrote that message. */
	isDue: ({ onlyIfOpened }: AttachedTo, entry: Audit): boolean =>
		!onlyIfOpened || entry.opens === true,

	/** Whether a newer text of the conversation is already there, so that this one should show when it was sent. */
	isOutOfOrder: (message: ConversationMessage, audits: Audit[]): boolean =>
		audits.some((audit) => audit.marker !== undefined && audit.marker.sentAt > message.sentAt),
};

export type ConversationRules = typeof conversationRules;

/** For a builder who sets the status in a step of their own: messages leave it as it is. */
export const leaveStatus: Partial<ConversationRules> = {
	statusFor: () => undefined,
	agentChangedStatus: () => false,
	isParked: () => false,
	needsReopening: () => false,
	needsReopeningByBuilder: conversationRules.needsReopening,
};

/** For messages that nobody typed: a solved ticket stays solved. */
export const leaveSolved: Partial<ConversationRules> = {
	statusFor: (status) => (status === 'solved' ? undefined : conversationRules.statusFor(status)),
	agentChangedStatus: (status) =>
		status !== 'solved' && conversationRules.agentChangedStatus(status),
	isParked: (before, after) => after !== 'solved' && conversationRules.isParked(before, after),
	needsReopening: (audits, index, status) =>
		status !== 'solved' && conversationRules.needsReopening(audits, index, status),
};
