/** Sets one ticket open, for builders who draw the status logic themselves. Repeating it does no harm. */
import type { TicketStatus } from '../items';
import { obstacleOf } from './addResult';
import type { TicketStore, ConversationMessage } from './ticketStore';
import { conversationRules } from './rules';
import { stampLimits } from './stamp';

export type Reopening =
	/** `unchanged`: it was new or open. `closed`: it can no longer be opened. */
	| { outcome: 'reopened' | 'unchanged' | 'closed'; previousStatus: TicketStatus }
	| { outcome: 'failed'; message: string };

/** The status before a request to open the ticket whose response was lost: if it is open later, it is this run's own. */
export interface AttemptedReopening {
	from?: TicketStatus;
}

/**
 * @param store whose list holds this one ticket
 * @param attempted is filled in, for the next try of the same run
 * @throws what the store throws
 */
export async function reopenTicket(
	ticketId: string,
	store: Pick<TicketStore<ConversationMessage>, 'now' | 'sleep' | 'listTickets' | 'setOpen'>,
	attempted: AttemptedReopening = {},
): Promise<Reopening> {
	const began = store.now();
	let obstacle = 'Zendesk did not answer';
	while (store.now() - began <= stampLimits.retryForMs) {
		const ticket = (await store.listTickets())?.tickets.find(({ id }) => id === ticketId);
		if (ticket) {
			const { status: previousStatus, updatedAt } = ticket;
			if (previousStatus === 'closed') return { outcome: 'closed', previousStatus };
			if (!conversationRules.statusFor(previousStatus))
				return attempted.from
					? { outcome: 'reopened', previousStatus: attempted.from }
					: { outcome: 'unchanged', previousStatus };
			const answer = await store.setOpen(ticketId, updatedAt);
			if (answer.outcome === 'written') return { outcome: 'reopened', previousStatus };
			if (answer.outcome === 'invalid')
				return {
					outcome: 'failed',
					message: `Zendesk refused it: ${answer.description || 'no reason given'}. Fix that on the ticket.`,
				};
			if (answer.outcome === 'unknown') attempted.from ??= previousStatus;
			obstacle = obstacleOf('the ticket', answer);
		}
		await store.sleep(1000);
	}
	const seconds = stampLimits.retryForMs / 1000;
	return {
		outcome: 'failed',
		message: `It took longer than ${seconds} seconds: ${obstacle}`,
	};
}
