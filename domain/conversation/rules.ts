/**
 * The guards of the status logic, each a rule of its own. Without any one of them there is a schedule in which a message
 * is lost, duplicated or left unseen, or a conversation gets two tickets: test/unit/conversation.property.test.ts takes
 * each out in turn and finds that schedule.
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
import { stampRules } from './stamp';

const SECOND = 1000;

export const limits = {
	/** How far apart Klaviyo's and Zendesk's clocks may be. */
	clockMargin: 60 * SECOND,
	/** An older list no longer proves that there is no ticket. Idempotency keys live two hours. */
	listKeeps: 60 * SECOND,
	/** Older messages are refused: their ticket may be archived and no longer listed. */
	oldest: 28 * 24 * 3600 * SECOND,
} as const;

/** Statuses in which a customer's message would lie unseen. */
const waitingStatuses: readonly TicketStatus[] = ['pending', 'hold', 'solved'];

const newestFirst = (a: ListedTicket, b: ListedTicket): number =>
	b.id.length - a.id.length || (b.id > a.id ? 1 : -1);

export const newestOf = (tickets: ListedTicket[]): ListedTicket | undefined =>
	[...tickets].sort(newestFirst)[0];

/** The status changes, grouped by second, oldest first. */
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
	...stampRules,

	/**
	 * Whether a marker belongs to the message. A flow webhook without an event id gives a different key than the event
	 * log, so the latter's message carries both keys. Two events with the same flow key are two messages.
	 */
	isSame: (marker: MessageIdentity, message: MessageIdentity): boolean =>
		marker.key === message.key ||
		(message.flowKey !== undefined && marker.key === message.flowKey) ||
		marker.flowKey === message.key,

	/** Whether a message is dated ahead of Zendesk's clock: `mayHold` would never find it again. */
	isAhead: (message: ConversationMessage, listing: Listing): boolean =>
		message.sentAt - limits.clockMargin > listing.serverTime,

	/** Tickets that may already hold the message: all that changed since it was sent, not only the newest. */
	mayHold: (tickets: ListedTicket[], message: ConversationMessage): ListedTicket[] =>
		tickets.filter((ticket) => ticket.updatedAt >= message.sentAt - limits.clockMargin),

	/** The newest ticket that is not closed, of any brand. */
	target: (tickets: ListedTicket[]): ListedTicket | undefined =>
		newestOf(tickets.filter((ticket) => ticket.status !== 'closed')),

	/** Whether a message to a ticket of this status opens the conversation's next ticket instead. */
	opensNext: (_status: TicketStatus): boolean => false,

	/**
	 * The list may be behind within one second, so the status changes in the audits count. Those of one second are in no
	 * order, but each begins where another ended. Where that does not decide, the ticket's own status does.
	 */
	statusNow: (ticket: ListedTicket, audits: Audit[]): TicketStatus => {
		let status: TicketStatus | undefined;
		for (const changes of statusChangesBySecond(audits)) status = valueAfter(changes, status);
		return status ?? ticket.status;
	},

	/**
	 * Whether the message in `audits[index]` lies unseen: an agent or a business rule was just solving or parking its
	 * ticket, nobody has changed the status since, and the run that should have set it open died. What happened in the
	 * message's own second may have come before it, so the ticket is opened: better an agent looks once too often. What a
	 * business rule did to our own write, nobody has seen. A rating is there to be counted: it opens no ticket.
	 */
	needsReopening: (audits: Audit[], index: number, status: TicketStatus): boolean => {
		const { at: second = 0, marker: own } = audits[index] ?? {};
		const isTouched = audits.some(
			({ at, statusChange, marker }) => at > second && statusChange && !marker,
		);
		return waitingStatuses.includes(status) && !isTouched && own?.isRating !== true;
	},

	/** The same if the builder sets tickets open in a step of their own: whether that step did not do it. */
	needsReopeningByBuilder: (_audits: Audit[], _index: number, _status: TicketStatus): boolean =>
		false,

	/** Whether a list requested at `askedAt` still proves that there is no ticket. */
	isFresh: (askedAt: number, now: number): boolean => now - askedAt <= limits.listKeeps,

	/**
	 * One key for all messages that find the conversation without a ticket: the first creates it, all others are refused.
	 * It depends on the tickets listed, so the conversation's next ticket has another key.
	 */
	idempotencyKey: (conversation: string, tickets: ListedTicket[]): string =>
		`${conversation}:${newestOf(tickets)?.id ?? 0}`,

	/** The status that a message gives its ticket: a ticket that already waits for agents keeps its own. */
	statusFor: (status: TicketStatus): 'open' | undefined =>
		waitingStatuses.includes(status) ? 'open' : undefined,

	/** Whether an agent changed the status between our read and our write, or a business rule did: the message lies unseen. */
	agentChangedStatus: (status: TicketStatus): boolean => waitingStatuses.includes(status),

	/**
	 * Whether writing a comment that accompanies a message left the ticket waiting for nobody, because a business rule or
	 * an agent acted at that moment. A ticket that was so before stays so.
	 */
	isParked: (before: TicketStatus | undefined, after: TicketStatus | undefined): boolean =>
		after !== undefined &&
		waitingStatuses.includes(after) &&
		!(before !== undefined && waitingStatuses.includes(before)),

	/** Whether a comment that accompanies a message belongs on the ticket where `entry` wrote that message. */
	isDue: ({ onlyIfOpened }: AttachedTo, entry: Audit): boolean =>
		!onlyIfOpened || entry.opens === true,

	/** Whether a newer message is already there, so this one should show when it was sent. */
	isOutOfOrder: (message: ConversationMessage, audits: Audit[]): boolean =>
		audits.some((audit) => audit.marker !== undefined && audit.marker.sentAt > message.sentAt),
};

export type ConversationRules = typeof conversationRules;

/** For builders who set the status in a step of their own: messages leave it unchanged. */
export const leaveStatus: Partial<ConversationRules> = {
	statusFor: () => undefined,
	agentChangedStatus: () => false,
	isParked: () => false,
	needsReopening: () => false,
	needsReopeningByBuilder: conversationRules.needsReopening,
};

/** For messages that nobody typed: they leave a solved ticket solved. */
export const leaveSolved: Partial<ConversationRules> = {
	statusFor: (status) => (status === 'solved' ? undefined : conversationRules.statusFor(status)),
	agentChangedStatus: (status) =>
		status !== 'solved' && conversationRules.agentChangedStatus(status),
	isParked: (before, after) => after !== 'solved' && conversationRules.isParked(before, after),
	needsReopening: (audits, index, status) =>
		status !== 'solved' && conversationRules.needsReopening(audits, index, status),
};

const isUnsolved = ({ status }: ListedTicket): boolean => status !== 'solved';

/** For builders who want a solved ticket to stay solved: what the customer writes next opens a new ticket. */
export const openNext: Partial<ConversationRules> = {
	target: (tickets) =>
		conversationRules.target(tickets.filter(isUnsolved)) ?? conversationRules.target(tickets),
	opensNext: (status) => status === 'solved',
};
