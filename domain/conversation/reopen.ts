/** Setting one ticket open, for builders who draw the status logic. Its own repetition does no harm. */
import type { TicketStatus } from '../items';
import type { Desk, FiledText, UpdateAnswer } from './desk';
import { conversationRules, limits } from './rules';

export type Reopening =
	/** `unchanged`: it was new or open. `closed`: it cannot be opened any more. */
	| { outcome: 'reopened' | 'unchanged' | 'closed'; previousStatus: TicketStatus }
	| { outcome: 'failed'; message: string };

/** Why it did not work for now. */
const obstacleOf = ({ outcome }: UpdateAnswer): string =>
	outcome === 'limited' ? "Zendesk's rate limit was reached" : `Zendesk's answer was '${outcome}'`;

/**
 * @param desk whose list holds the one ticket
 * @throws what the desk throws
 */
export async function reopenTicket(
	ticketId: string,
	desk: Pick<Desk<FiledText>, 'now' | 'sleep' | 'listTickets' | 'setOpen'>,
): Promise<Reopening> {
	const began = desk.now();
	let obstacle = 'Zendesk did not answer';
	while (desk.now() - began <= limits.patience) {
		const ticket = (await desk.listTickets())?.tickets.find(({ id }) => id === ticketId);
		if (ticket) {
			const { status: previousStatus, updatedAt } = ticket;
			if (previousStatus === 'closed') return { outcome: 'closed', previousStatus };
			if (!conversationRules.statusFor(previousStatus))
				return { outcome: 'unchanged', previousStatus };
			const answer = await desk.setOpen(ticketId, updatedAt);
			if (answer.outcome === 'written') return { outcome: 'reopened', previousStatus };
			if (answer.outcome === 'invalid')
				return { outcome: 'failed', message: `Zendesk refused it: ${answer.description}` };
			obstacle = obstacleOf(answer);
		}
		await desk.sleep(1000);
	}
	const seconds = limits.patience / 1000;
	return { outcome: 'failed', message: `No outcome within ${seconds} s: ${obstacle}` };
}
