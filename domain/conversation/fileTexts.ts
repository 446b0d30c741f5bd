/**
 * The status logic: a customer's texts into the conversation's ticket, each exactly once, with at most one open
 * ticket. There is no lock and no store: Zendesk is the only truth, and any number of runs may do this at once, be
 * killed anywhere, and be followed by others that bring the same texts again.
 */
import type { Audit, Desk, FiledText, ListedTicket, Listing, UpdateAnswer } from './desk';
import { type ConversationRules, conversationRules, limits } from './rules';

/** `duplicate`: it was there before this run. `commented` covers tickets new, open, pending and on hold. */
export type FilingOutcome = 'created' | 'commented' | 'reopened' | 'duplicate';

export type Filing =
	{ outcome: FilingOutcome; ticketId: string } | { outcome: 'failed'; message: string };

/** What one look at Zendesk gave: the tickets, and the audits of those that changed since a text was sent. */
interface Look {
	askedAt: number;
	listing: Listing;
	audits: Map<string, Audit[]>;
}

/**
 * Files the texts of one conversation, oldest first, one a pass: Zendesk is read again before the next.
 *
 * @param conversation the external id of the conversation's tickets
 * @returns an outcome for each text's key
 * @throws what the desk throws: a fault that waiting cannot mend, such as a refused credential
 */
export const fileTexts = <Text extends FiledText>(
	conversation: string,
	texts: Text[],
	desk: Desk<Text>,
	rules: ConversationRules = conversationRules,
): Promise<Map<string, Filing>> => new FilingRun(conversation, texts, desk, rules).run();

class FilingRun<Text extends FiledText> {
	private readonly filings = new Map<string, Filing>();

	private readonly waiting: Text[];

	/** Effects of this run whose answer was lost: found in a ticket later, they are this run's own. */
	private readonly attempted = new Map<string, FilingOutcome>();

	/** Tickets that Zendesk remembers making for a text, but may not list. */
	private readonly remembered = new Map<string, string>();

	/** When the text in turn began to wait. */
	private since: number;

	/** Why there is no outcome yet, for the error. */
	private obstacle = 'Zendesk did not answer';

	private auditsBehind = 0;

	private keyRefusals = 0;

	private invalidTicket: string | undefined;

	constructor(
		private readonly conversation: string,
		texts: Text[],
		private readonly desk: Desk<Text>,
		private readonly rules: ConversationRules,
	) {
		this.waiting = [...texts].sort((a, b) => a.sentAt - b.sentAt);
		this.since = desk.now();
	}

	async run(): Promise<Map<string, Filing>> {
		this.refuseTheOld();
		while (this.waiting.length > 0 && this.desk.now() - this.since <= limits.patience) {
			await this.pass();
		}
		for (const text of [...this.waiting]) this.giveUp(text);
		return this.filings;
	}

	private async pass(): Promise<void> {
		const seen = await this.look();
		if (!seen || !(await this.dropFiled(seen))) return;
		const [text] = this.waiting;
		if (!text) return;
		const target = this.rules.target(seen.listing.tickets);
		if (!target) return this.create(text, seen);
		const status = this.rules.statusNow(target, seen.audits.get(target.id) ?? []);
		if (status === 'closed') return this.pause(500, `ticket ${target.id} is just being closed`);
		return this.comment(text, { ...target, status }, seen);
	}

	/** Reads everything that decides; undefined, after a pause, while it does not fit together. */
	private async look(): Promise<Look | undefined> {
		// Noted before asking: the answer may lie unread while this process is suspended.
		const askedAt = this.desk.now();
		const listing = await this.desk.listTickets();
		if (!listing) {
			await this.pause(500, 'the list of tickets could not be read');
			return undefined;
		}
		const changed = listing.tickets.filter((ticket) =>
			this.waiting.some((text) => this.rules.mayHold(listing.tickets, text).includes(ticket)),
		);
		const unsettled = this.rules.untilSettled(listing, changed);
		if (unsettled > 0) {
			await this.pause(unsettled, 'the ticket keeps changing');
			return undefined;
		}
		const audits = await this.readAudits(changed);
		return audits && { askedAt, listing, audits };
	}

	private async readAudits(changed: ListedTicket[]): Promise<Map<string, Audit[]> | undefined> {
		const audits = new Map<string, Audit[]>();
		const oldest = Math.min(...this.waiting.map((text) => text.sentAt)) - limits.clockMargin;
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

	/** Takes out the texts that are in a ticket already. False, after a pause, when one could not be brought to light. */
	private async dropFiled(seen: Look): Promise<boolean> {
		for (const ticket of seen.listing.tickets) {
			const history = seen.audits.get(ticket.id) ?? [];
			const status = this.rules.statusNow(ticket, history);
			for (const text of [...this.waiting]) {
				const index = history.findIndex((audit) => audit.marker?.key === text.key);
				if (index < 0) continue;
				if (this.rules.liesUnseen(history, index, status)) {
					const { outcome } = await this.desk.setOpen(ticket.id, ticket.updatedAt);
					if (outcome !== 'written' && outcome !== 'closed') {
						await this.pause(1000, `ticket ${ticket.id} could not be set open`);
						return false;
					}
				}
				this.landed(text, this.attempted.get(text.key) ?? 'duplicate', ticket.id);
			}
		}
		return true;
	}

	private async create(text: Text, seen: Look): Promise<void> {
		if (!this.rules.isFresh(seen.askedAt, this.desk.now())) return;
		const key = this.rules.idempotencyKey(this.conversation, seen.listing.tickets);
		const answer = await this.desk.createTicket(text, key);
		switch (answer.outcome) {
			case 'created':
				return this.landed(text, 'created', answer.ticketId);
			case 'remembered':
				this.remembered.set(text.key, answer.ticketId);
				return this.pause(
					1000,
					`ticket ${answer.ticketId}, which holds the text, is not listed yet`,
				);
			case 'keyTaken':
				return this.pause(
					1000 * Math.min(++this.keyRefusals, 5),
					'another text has made a ticket that is not listed yet, or was deleted since',
				);
			case 'inFlight':
				return this.pause(700, 'another run is making the ticket');
			case 'unknown':
				this.attempted.set(text.key, 'created');
				return this.pause(500, 'the answer to making the ticket was lost');
		}
	}

	private async comment(text: Text, target: ListedTicket, seen: Look): Promise<void> {
		const overtaken = [...seen.audits.values()].some((audits) =>
			this.rules.isOvertaken(text, audits),
		);
		const status = this.rules.statusFor(target.status);
		const outcome = target.status === 'solved' ? 'reopened' : 'commented';
		const answer = await this.desk.addComment(target, text, status, overtaken);
		if (answer.outcome !== 'written') return this.commentFailed(text, target, outcome, answer);
		if (this.rules.slippedIn(answer.status)) {
			// Should this run die or fail here, the next pass finds the text unseen and does the same.
			const reopened = await this.desk.setOpen(target.id);
			if (reopened.outcome !== 'written') {
				this.attempted.set(text.key, outcome);
				return this.pause(500, `ticket ${target.id} could not be set open`);
			}
		}
		return this.landed(text, outcome, target.id);
	}

	/** Never the same request again: the next pass reads first. */
	private async commentFailed(
		text: Text,
		target: ListedTicket,
		outcome: FilingOutcome,
		answer: Exclude<UpdateAnswer, { outcome: 'written' }>,
	): Promise<void> {
		if (answer.outcome === 'unknown') this.attempted.set(text.key, outcome);
		if (answer.outcome === 'invalid') {
			// Once, it may mean "closed" in another language; when a new list still says otherwise, it is an error.
			if (this.invalidTicket === target.id) {
				const message = `Zendesk refused the comment on ticket ${target.id}: ${answer.description}`;
				return this.end(text, { outcome: 'failed', message });
			}
			this.invalidTicket = target.id;
		}
		return this.pause(500, `ticket ${target.id} could not be updated (${answer.outcome})`);
	}

	private refuseTheOld(): void {
		const message =
			'The text is more than 28 days old: its ticket may be archived, so it is not filed';
		for (const text of [...this.waiting]) {
			if (this.desk.now() - text.sentAt > limits.oldest)
				this.end(text, { outcome: 'failed', message });
		}
	}

	private giveUp(text: Text): void {
		const ticketId = this.remembered.get(text.key);
		if (ticketId) return this.landed(text, 'duplicate', ticketId);
		const message = `No outcome within ${limits.patience / 1000} s: ${this.obstacle}. Nothing is lost: catch-up brings the text again.`;
		return this.end(text, { outcome: 'failed', message });
	}

	private landed(text: Text, outcome: FilingOutcome, ticketId: string): void {
		this.end(text, { outcome, ticketId });
	}

	private end(text: Text, filing: Filing): void {
		this.filings.set(text.key, filing);
		this.waiting.splice(this.waiting.indexOf(text), 1);
		this.since = this.desk.now();
		this.auditsBehind = 0;
		this.keyRefusals = 0;
		this.invalidTicket = undefined;
	}

	private async pause(milliseconds: number, obstacle: string): Promise<void> {
		this.obstacle = obstacle;
		await this.desk.sleep(milliseconds);
	}
}
