/** What filing messages can come to. */
import type { CreateAnswer, Limited } from './ticketStore';

/**
 * `duplicate`: it was there before this run. `commented` covers tickets new, open, pending and on hold.
 * `alreadyOpen`: no ticket was made, since the conversation has one that is not closed.
 * `closed`: the ticket that was asked for takes no more comments.
 * `suspended`: an agent has suspended the customer, so it was put nowhere.
 * `noTicket`: it makes none, and the conversation has none to add it to.
 * `notNeeded`: for what goes with a message, where there is no ticket for it.
 */
export type AddOutcome =
	| 'created'
	| 'commented'
	| 'reopened'
	| 'duplicate'
	| 'alreadyOpen'
	| 'closed'
	| 'suspended'
	| 'noTicket'
	| 'notNeeded';

export type AddResult =
	| {
			outcome: AddOutcome;
			ticketId: string;
			/** Set where Zendesk says that it has made the ticket, but has not shown it. */
			isUnseen?: true;
			/** Set for a `duplicate` whose ticket was not set open by the step that should have. */
			needsReopening?: true;
	  }
	| {
			outcome: 'failed';
			message: string;
			/** What to do about it. */
			advice?: string | undefined;
	  };

const inTicket: readonly AddOutcome[] = ['created', 'commented', 'reopened', 'duplicate'];

/** Whether the message is in a ticket, whoever put it there. */
export const isInTicket = (
	result: AddResult | undefined,
): result is Extract<AddResult, { ticketId: string }> =>
	result !== undefined && result.outcome !== 'failed' && inTicket.includes(result.outcome);

/**
 * Whether nothing is left to be done for the message, now or later: Zendesk has confirmed the writing of it, or shown it,
 * and whatever kept it from being seen was fixed. Who knows that need not look again (docs/decisions/0024).
 */
export const isSettled = (result: AddResult | undefined): boolean =>
	result !== undefined && result.outcome !== 'failed' && !result.isUnseen;

/**
 * Where messages may go. By default into the conversation's ticket that is not closed, or else into a new one.
 * `anyTicket`: into that ticket, or nowhere. `openTicket`: the same, when it is not solved either.
 */
export type Destination =
	'conversation' | 'newTicket' | 'anyTicket' | 'openTicket' | { ticketId: string };

const CATCH_UP =
	"Catch-up brings the message again, at growing gaps, until nine tenths of the trigger's 'Look-Back (Hours)' have passed since it was sent (by default, for 21 hours).";

export const noOutcome = (seconds: number, obstacle: string): AddResult => ({
	outcome: 'failed',
	message: `No outcome within ${seconds} s: ${obstacle}. ${CATCH_UP}`,
});

/** @param ticket such as `ticket 12`, or undefined for a ticket that was to be made */
export function rateLimited({ wait }: Limited, now: number, ticket: string | undefined): AddResult {
	const again = wait === undefined ? undefined : new Date(now + wait).toISOString().slice(11, 16);
	const limit =
		ticket && (wait ?? 0) > 60_000
			? `${ticket} has had the 30 updates in 10 minutes that Zendesk allows an integration for one ticket`
			: "Zendesk's rate limit was reached";
	const when = again ? ` Zendesk takes more from ${again} UTC on.` : '';
	return { outcome: 'failed', message: `${limit}.${when} ${CATCH_UP}` };
}

export const ticketFull = (ticketId: string): AddResult => ({
	outcome: 'failed',
	message: `Ticket ${ticketId} has 5,000 comments and takes no more.`,
	advice: `Set ticket ${ticketId} to closed (a macro or an automation can do it): the customer's next message, and this one when catch-up brings it again, open a new ticket.`,
});

/** Filed now, it would not be known later: tickets that have not changed since it was sent are not looked into. */
export const tooNew = (sentAt: number): AddResult => ({
	outcome: 'failed',
	message: `The message is dated ${new Date(sentAt).toISOString()}, which is ahead of Zendesk's clock. It is not filed before, since it could be filed twice then. ${CATCH_UP}`,
	advice: "Look at what 'Sent At' is mapped to, and at the clock of whoever gives it.",
});

export const tooOld: AddResult = {
	outcome: 'failed',
	message: 'The message is more than 28 days old: its ticket may be archived, so it is not filed',
};

/** How long to wait, and for what, after a creation that has not simply made the ticket. */
export function untilListed(
	answer: CreateAnswer,
	keyRefusals: number,
): [milliseconds: number, obstacle: string] {
	switch (answer.outcome) {
		case 'remembered':
			return [1000, `ticket ${answer.ticketId}, which holds the message, is not listed yet`];
		case 'keyTaken':
			return [
				1000 * Math.min(keyRefusals, 5),
				'another message has made a ticket that is not listed yet, or was deleted since',
			];
		case 'inFlight':
			return [700, 'another run is making the ticket'];
		default:
			return [500, 'the answer to making the ticket was lost'];
	}
}
