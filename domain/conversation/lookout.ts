/** Reading everything that decides where a text goes, and not deciding on what does not fit together. */
import type { Audit, Desk, FiledText, ListedTicket, Listing } from './desk';
import { type ConversationRules, limits } from './rules';

/** What one look at Zendesk gave: the tickets, and the audits of those that changed since a text was sent. */
export interface Look {
	askedAt: number;
	listing: Listing;
	audits: Map<string, Audit[]>;
}

export class Lookout<Text extends FiledText> {
	private auditsBehind = 0;

	/** @param pause waits, and remembers why */
	constructor(
		private readonly desk: Desk<Text>,
		private readonly rules: ConversationRules,
		private readonly pause: (milliseconds: number, obstacle: string) => Promise<void>,
	) {}

	/** Once a text has its outcome: the next one has the same patience. */
	startOver(): void {
		this.auditsBehind = 0;
	}

	/** @returns undefined, after a pause, while what was read does not fit together */
	async look(waiting: Text[]): Promise<Look | undefined> {
		// Noted before asking: the answer may lie unread while this process is suspended.
		const askedAt = this.desk.now();
		const listing = await this.desk.listTickets();
		if (!listing) {
			await this.pause(500, 'the list of tickets could not be read');
			return undefined;
		}
		const changed = listing.tickets.filter((ticket) =>
			waiting.some((text) => this.rules.mayHold(listing.tickets, text).includes(ticket)),
		);
		const unsettled = this.rules.untilSettled(listing, changed);
		if (unsettled > 0) {
			await this.pause(unsettled, 'the ticket keeps changing');
			return undefined;
		}
		const audits = await this.readAudits(changed, waiting);
		return audits && { askedAt, listing, audits };
	}

	private async readAudits(
		changed: ListedTicket[],
		waiting: Text[],
	): Promise<Map<string, Audit[]> | undefined> {
		const audits = new Map<string, Audit[]>();
		const oldest = Math.min(...waiting.map((text) => text.sentAt)) - limits.clockMargin;
		for (const ticket of changed) {
			const history = await this.desk.readAudits(ticket.id, oldest);
			if (!history || (!this.rules.areCurrent(history, ticket) && this.mayBeBehind())) {
				await this.pause(1000, `the history of ticket ${ticket.id} could not be read`);
				return undefined;
			}
			audits.set(ticket.id, history);
		}
		return audits;
	}

	/** A bound, for tickets whose stamp moves without an audit. */
	private mayBeBehind(): boolean {
		return this.auditsBehind++ < limits.auditReads;
	}
}
