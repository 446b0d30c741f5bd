/** The outcomes of adding messages to tickets. */
import type { CreateAnswer, Limited } from './ticketStore';

/**
 * `duplicate`: it was there before this run. `commented`: added to a ticket that was new, open, pending or on hold.
 * `alreadyOpen`: no ticket was created, because the conversation has one that is not closed.
 * `closed`: the chosen ticket takes no more comments.
 * `suspended`: an agent has suspended the customer, so it was added nowhere.
 * `noTicket`: it opens no ticket, and the conversation has none to add it to.
 * `notNeeded`: it accompanies a message, and there is no ticket for it.
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

/**
 * By a message's key, the outcomes of writes whose response was lost: if they are found on a ticket later, they are this
 * run's own.
 */
export type Attempted = Map<string, AddOutcome>;

export type AddResult =
	| {
			outcome: AddOutcome;
			ticketId: string;
			/** Set if Zendesk says that it created the ticket but has not shown it. */
			isUnseen?: true;
			/** Set for a `duplicate` if the step that should have set its ticket open did not. */
			needsReopening?: true;
	  }
	| {
			outcome: 'failed';
			message: string;
			/** What to do about it. */
			advice?: string | undefined;
	  };

const inTicket: readonly AddOutcome[] = ['created', 'commented', 'reopened', 'duplicate'];

/** Whether the message is on a ticket, whoever added it. */
export const isInTicket = (
	result: AddResult | undefined,
): result is Extract<AddResult, { ticketId: string }> =>
	result !== undefined && result.outcome !== 'failed' && inTicket.includes(result.outcome);

/**
 * Whether nothing is left to do for the message, now or later: Zendesk has confirmed or shown it, and its ticket waits for
 * an agent. Callers may then skip it (docs/decisions/0024).
 */
export const isCompleted = (result: AddResult | undefined): boolean =>
	result !== undefined && result.outcome !== 'failed' && !result.isUnseen;

/**
 * Where messages may go. `conversation`: to the conversation's ticket that is not closed, or else to a new one.
 * `newTicket`: only to a new one. `anyTicket`: to the ticket that is not closed, or nowhere. `openTicket`: the same, if
 * it is not solved either.
 */
export type Destination =
	'conversation' | 'newTicket' | 'anyTicket' | 'openTicket' | { ticketId: string };

const CATCH_UP =
	"Catch-up brings the message again if its trigger delivers each event until it is done: at growing intervals, until the trigger's 'Look Back (Hours)' have passed since it was sent (24 hours by default).";

const OBSTACLES: Record<string, string> = {
	closed: 'was closed',
	conflict: 'kept changing',
	gone: 'was deleted',
};

/** Why an update has not worked so far, in words. @param ticket such as `ticket 12` */
export function obstacleOf(ticket: string, { outcome }: { outcome: string }): string {
	if (outcome === 'limited') return "Zendesk's rate limit was reached";
	if (outcome === 'unknown') return 'Zendesk did not answer';
	return `${ticket} ${OBSTACLES[outcome] ?? 'could not be updated'}`;
}

export const noOutcome = (seconds: number, obstacle: string): AddResult => ({
	outcome: 'failed',
	message: `It took longer than ${seconds} seconds: ${obstacle}. ${CATCH_UP}`,
});

/** @param ticket such as `Ticket 12`; undefined for a ticket that was to be created */
export function rateLimited({ wait }: Limited, now: number, ticket: string | undefined): AddResult {
	const again = wait === undefined ? undefined : new Date(now + wait).toISOString().slice(11, 16);
	const limit =
		ticket && (wait ?? 0) > 60_000
			? `${ticket} has had the 30 updates in 10 minutes that Zendesk allows one integration on a ticket`
			: "Zendesk's rate limit was reached";
	const when = again ? ` Zendesk accepts more from ${again} UTC.` : '';
	return { outcome: 'failed', message: `${limit}.${when} ${CATCH_UP}` };
}

export const ticketFull = (ticketId: string): AddResult => ({
	outcome: 'failed',
	message: `Ticket ${ticketId} has 5,000 comments and takes no more.`,
	advice: `Set ticket ${ticketId} to closed, with a macro or an automation. The customer's next message, or this one when catch-up brings it again, then opens a new ticket.`,
});

/** @param said Zendesk's own words; empty if it gave none */
export const commentRefused = (ticketId: string, said: string): AddResult => ({
	outcome: 'failed',
	message: `Zendesk refused the comment on ticket ${ticketId}: ${said || 'no reason given'}`,
	advice: `Fix that on the ticket, or set the ticket to open: a solved ticket without a required field accepts no comment. ${CATCH_UP}`,
});

/** If it were added now, later runs would not find it: they skip tickets that have not changed since it was sent. */
export const tooNew = (sentAt: number): AddResult => ({
	outcome: 'failed',
	message: `It is dated ${new Date(sentAt).toISOString()}, which is ahead of Zendesk's clock. It waits until then, because it could be added twice now. ${CATCH_UP}`,
	advice: "Check what 'Sent At' is mapped to, and the clock of the system that it comes from.",
});

export const tooOld: AddResult = {
	outcome: 'failed',
	message: 'It is more than 28 days old, so its ticket may be archived and it could be added twice',
};

/** How long to wait, and for what, after a request to create a ticket that did not simply succeed. */
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
				'another message has created a ticket that is not listed yet, or has been deleted since',
			];
		case 'inFlight':
			return [700, 'another run is creating the ticket'];
		default:
			return [500, 'the response to creating the ticket was lost'];
	}
}
