/** Reads everything that decides where a message goes, and waits until the parts fit together. */
import type {
	Audit,
	TicketStore,
	ConversationMessage,
	ListedTicket,
	Listing,
	MessageIdentity,
} from './ticketStore';
import { type ConversationRules, limits } from './rules';
import { stampLimits } from './stamp';

/** What one read of Zendesk gave: the tickets, and the audits of those that changed since a message was sent. */
export interface ConversationView {
	askedAt: number;
	listing: Listing;
	audits: Map<string, Audit[]>;
}

export class ConversationReader<Message extends ConversationMessage> {
	private auditsBehind = 0;

	/** @param pause waits and remembers why */
	constructor(
		private readonly store: TicketStore<Message>,
		private readonly rules: ConversationRules,
		private readonly pause: (milliseconds: number, obstacle: string) => Promise<void>,
	) {}

	/** To be called when a message has its outcome: the next one gets as many reads. */
	startOver(): void {
		this.auditsBehind = 0;
	}

	/** @returns undefined, after a pause, while the parts do not fit together */
	async readSettled(waiting: Message[]): Promise<ConversationView | undefined> {
		// Taken before the request: the response may lie unread while this process is suspended.
		const askedAt = this.store.now();
		const listing = await this.store.listTickets();
		if (!listing) {
			await this.pause(500, 'the list of tickets could not be read');
			return undefined;
		}
		const changed = listing.tickets.filter((ticket) =>
			waiting.some((message) => this.rules.mayHold(listing.tickets, message).includes(ticket)),
		);
		const unsettled = this.rules.untilSettled(changed, listing.serverTime);
		if (unsettled > 0) {
			await this.pause(unsettled, 'the ticket keeps changing');
			return undefined;
		}
		const audits = await this.readAudits(changed, waiting);
		return audits && { askedAt, listing, audits };
	}

	/** Index of the entry of a ticket's history that wrote the message; -1 if there is none. */
	indexOf(history: Audit[], message: MessageIdentity): number {
		return history.findIndex(({ marker }) => marker && this.rules.isSame(marker, message));
	}

	/** Whether a newer message of the conversation is on one of its tickets already. */
	isOutOfOrder(message: Message, { audits }: ConversationView): boolean {
		return [...audits.values()].some((history) => this.rules.isOutOfOrder(message, history));
	}

	private async readAudits(
		changed: ListedTicket[],
		waiting: Message[],
	): Promise<Map<string, Audit[]> | undefined> {
		const audits = new Map<string, Audit[]>();
		const oldest = Math.min(...waiting.map((message) => message.sentAt)) - limits.clockMargin;
		for (const ticket of changed) {
			const history = await this.store.readAudits(ticket.id, oldest);
			if (!history || (!this.rules.areCurrent(history, ticket) && this.mayBeBehind())) {
				await this.pause(1000, `the history of ticket ${ticket.id} could not be read`);
				return undefined;
			}
			audits.set(ticket.id, history);
		}
		return audits;
	}

	/** Bounded, because some tickets' stamps move without an audit. */
	private mayBeBehind(): boolean {
		return this.auditsBehind++ < stampLimits.auditReads;
	}
}
