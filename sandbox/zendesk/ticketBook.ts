import { firstPlace, Lookup } from '../lookup';
import type { Audit, Ticket } from './model';

/** The account's tickets by id; also found by conversation and requester, and in the order of their changes. */
export class TicketBook extends Map<number, Ticket> {
	private readonly byExternalId = new Lookup<Ticket>();
	private readonly byRequester = new Lookup<Ticket>();
	/** All audits, oldest first. */
	readonly audits: Audit[] = [];
	/** Each change of a ticket; only a ticket's last one is still needed. */
	private readonly changes: Array<{ at: number; ticket: Ticket }> = [];

	/** How often tickets were created and changed. */
	get changeCount(): number {
		return this.changes.length;
	}

	/** To be called whenever a ticket was created or changed. */
	note(ticket: Ticket, audit?: Audit): void {
		const { externalId, requesterId, updatedAt } = ticket.state;
		this.byExternalId.note(externalId, ticket);
		this.byRequester.note(String(requesterId), ticket);
		this.changes.push({ at: updatedAt, ticket });
		if (audit !== undefined) this.audits.push(audit);
	}

	/** Tickets that have, or had, this external id: oldest first. */
	maybeOf(externalId: string): Ticket[] {
		return inOrder(this.byExternalId.of(externalId));
	}

	/** Tickets whose requester is, or was, this user: oldest first. */
	maybeRequestedBy(userId: number | string): Ticket[] {
		return inOrder(this.byRequester.of(String(userId)));
	}

	/**
	 * Tickets by their last change, those of the same time by id.
	 * @param most how many are wanted; some more may be returned
	 */
	changedSince(time: number, most: number, isWanted: (ticket: Ticket) => boolean): Ticket[] {
		const found = new Set<Ticket>();
		let lastAt = time;
		for (let at = firstPlace(this.changes, (change) => change.at >= time); ; at += 1) {
			const change = this.changes[at];
			if (change === undefined || (found.size >= most && change.at !== lastAt)) break;
			const { ticket } = change;
			if (change.at !== ticket.state.updatedAt || !isWanted(ticket)) continue;
			found.add(ticket);
			lastAt = change.at;
		}
		return [...found].sort((a, b) => a.state.updatedAt - b.state.updatedAt || a.id - b.id);
	}
}

const inOrder = (tickets: Ticket[]): Ticket[] => tickets.sort((a, b) => a.id - b.id);
