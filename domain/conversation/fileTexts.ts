/**
 * The status logic: a customer's texts into the conversation's ticket, each exactly once, with at most one open
 * ticket. There is no lock and no store: Zendesk is the only truth, and any number of runs may do this at once, be
 * killed anywhere, and be followed by others that bring the same texts again.
 */
import type {
	Audit,
	Company,
	CreateAnswer,
	Desk,
	FiledText,
	Limited,
	ListedTicket,
	TextIdentity,
	UpdateAnswer,
} from './desk';
import {
	type Destination,
	type Filing,
	type FilingOutcome,
	isFiled,
	noOutcome,
	rateLimited,
	ticketFull,
	tooNew,
	tooOld,
} from './filing';
import { type Look, Lookout } from './lookout';
import { type ConversationRules, conversationRules, limits, newestOf } from './rules';

/**
 * Files the texts of one conversation, oldest first, one a pass: Zendesk is read again before the next. What goes
 * with the texts comes after them.
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
	destination: Destination = 'conversation',
): Promise<Map<string, Filing>> =>
	new FilingRun(conversation, texts, desk, rules, destination).run();

class FilingRun<Text extends FiledText> {
	private readonly filings = new Map<string, Filing>();

	private readonly waiting: Text[];

	private readonly lookout: Lookout<Text>;

	/** Effects of this run whose answer was lost: found in a ticket later, they are this run's own. */
	private readonly attempted = new Map<string, FilingOutcome>();

	/** Tickets that Zendesk remembers making for a text, but may not list. */
	private readonly remembered = new Map<string, string>();

	/** When the text in turn began to wait. */
	private since: number;

	/** Why there is no outcome yet, for the error. */
	private obstacle = 'Zendesk did not answer';

	private keyRefusals = 0;

	private invalidTicket: string | undefined;

	constructor(
		private readonly conversation: string,
		texts: Text[],
		private readonly desk: Desk<Text>,
		private readonly rules: ConversationRules,
		private readonly destination: Destination,
	) {
		const isCompany = ({ goesWith }: Text): number => (goesWith ? 1 : 0);
		this.waiting = [...texts].sort((a, b) => isCompany(a) - isCompany(b) || a.sentAt - b.sentAt);
		this.lookout = new Lookout(desk, rules, async (time, obstacle) => this.pause(time, obstacle));
		this.since = desk.now();
	}

	async run(): Promise<Map<string, Filing>> {
		for (const text of [...this.waiting])
			if (this.desk.now() - text.sentAt > limits.oldest) this.end(text, tooOld);
		while (this.waiting.length > 0 && this.patience() >= 0) await this.pass();
		for (const text of [...this.waiting]) this.giveUp(text);
		return this.filings;
	}

	private async pass(): Promise<void> {
		const seen = await this.lookout.look(this.waiting);
		if (!seen || !(await this.dropFiled(seen))) return;
		const [text] = this.waiting;
		if (!text) return;
		if (this.rules.isAhead(text, seen.listing)) return this.end(text, tooNew(text.sentAt));
		if (text.goesWith) return this.accompany(text, text.goesWith, seen);
		const target = this.targetOf(seen);
		if (!target) return this.withoutTarget(text, seen);
		if (target.isSuspended) return this.landed(text, 'suspended', target.id);
		if (this.destination === 'newTicket') return this.landed(text, 'alreadyOpen', target.id);
		const status = this.rules.statusNow(target, seen.audits.get(target.id) ?? []);
		if (status === 'solved' && this.destination === 'openTicket')
			return this.landed(text, 'noTicket', '');
		if (status === 'closed') return this.pause(500, `ticket ${target.id} is just being closed`);
		return this.comment(text, { ...target, status }, seen);
	}

	private targetOf({ listing: { tickets } }: Look): ListedTicket | undefined {
		if (typeof this.destination === 'string') return this.rules.target(tickets);
		const { ticketId } = this.destination;
		return tickets.find(({ id, status }) => id === ticketId && status !== 'closed');
	}

	private async withoutTarget(text: Text, seen: Look): Promise<void> {
		if (typeof this.destination !== 'string')
			return this.landed(text, 'closed', this.destination.ticketId);
		const makesOne = this.destination === 'conversation' || this.destination === 'newTicket';
		return makesOne ? this.create(text, seen) : this.landed(text, 'noTicket', '');
	}

	/** Takes out the texts that are in a ticket already. False, after a pause, when one could not be brought to light. */
	private async dropFiled(seen: Look): Promise<boolean> {
		for (const ticket of seen.listing.tickets) {
			const history = seen.audits.get(ticket.id) ?? [];
			const status = this.rules.statusNow(ticket, history);
			for (const text of [...this.waiting]) {
				const index = this.indexOf(history, text);
				if (index < 0) continue;
				const { statusChange } = history[index] ?? {};
				const isBuried =
					!text.goesWith || this.rules.isParked(statusChange?.before, statusChange?.after);
				if (isBuried && this.rules.liesUnseen(history, index, status)) {
					const { outcome } = await this.desk.setOpen(ticket.id, ticket.updatedAt);
					if (outcome !== 'written' && outcome !== 'closed') {
						await this.pause(1000, `ticket ${ticket.id} could not be set open`);
						return false;
					}
				}
				const outcome = this.attempted.get(text.key) ?? 'duplicate';
				const isLeft = !text.goesWith && this.rules.isLeftUnseen(history, index, status);
				const { id: ticketId } = ticket;
				this.end(text, { outcome, ticketId, ...(isLeft ? { liesUnseen: true } : {}) });
			}
		}
		return true;
	}

	private async create(text: Text, seen: Look): Promise<void> {
		if (!this.rules.isFresh(seen.askedAt, this.desk.now())) return;
		const { tickets } = seen.listing;
		const key = this.rules.idempotencyKey(this.conversation, tickets);
		const answer = await this.desk.createTicket(text, key, newestOf(tickets)?.id);
		if (answer.outcome === 'created')
			return this.written(text, 'created', answer.ticketId, this.rules.slippedIn(answer.status));
		if (answer.outcome === 'suspended') return this.landed(text, 'suspended', '');
		if (answer.outcome === 'limited') return this.limited(answer, undefined);
		if (answer.outcome === 'remembered') this.remembered.set(text.key, answer.ticketId);
		if (answer.outcome === 'unknown') this.attempted.set(text.key, 'created');
		return this.pause(...this.untilListed(answer));
	}

	/** How long to wait, and for what, after a creation that has not simply made the ticket. */
	private untilListed(answer: CreateAnswer): [milliseconds: number, obstacle: string] {
		switch (answer.outcome) {
			case 'remembered':
				return [1000, `ticket ${answer.ticketId}, which holds the text, is not listed yet`];
			case 'keyTaken':
				return [
					1000 * Math.min(++this.keyRefusals, 5),
					'another text has made a ticket that is not listed yet, or was deleted since',
				];
			case 'inFlight':
				return [700, 'another run is making the ticket'];
			default:
				return [500, 'the answer to making the ticket was lost'];
		}
	}

	private async comment(text: Text, target: ListedTicket, seen: Look): Promise<void> {
		const status = this.rules.statusFor(target.status);
		const outcome = status && target.status === 'solved' ? 'reopened' : 'commented';
		const answer = await this.desk.addComment(target, text, status, this.isOvertaken(text, seen));
		if (answer.outcome !== 'written') return this.commentFailed(text, target, outcome, answer);
		return this.written(text, outcome, target.id, this.rules.slippedIn(answer.status));
	}

	/** Should this run die or fail before a ticket is set open, the next pass finds the text unseen and does the same. */
	private async written(
		text: Text,
		outcome: FilingOutcome,
		ticketId: string,
		isUnseen: boolean,
	): Promise<void> {
		if (isUnseen) {
			const reopened = await this.desk.setOpen(ticketId);
			if (reopened.outcome !== 'written') {
				this.attempted.set(text.key, outcome);
				return this.pause(500, `ticket ${ticketId} could not be set open`);
			}
		}
		return this.landed(text, outcome, ticketId);
	}

	/** Writes what goes with a text into the ticket that holds the text. */
	private async accompany(text: Text, company: Company, seen: Look): Promise<void> {
		for (const home of seen.listing.tickets) {
			const history = seen.audits.get(home.id) ?? [];
			const entry = history[this.indexOf(history, company.text)];
			if (!entry) continue;
			const status = this.rules.statusNow(home, history);
			if (status === 'closed' || !this.rules.isDue(company, entry))
				return this.landed(text, 'notNeeded', home.id);
			const answer = await this.desk.addComment(
				home,
				text,
				undefined,
				this.isOvertaken(text, seen),
			);
			if (answer.outcome !== 'written') return this.commentFailed(text, home, 'commented', answer);
			const isParked = this.rules.isParked(status, answer.status);
			return this.written(text, 'commented', home.id, isParked);
		}
		const filing = this.filings.get(company.text.key);
		if (!isFiled(filing)) return this.landed(text, 'notNeeded', '');
		return this.pause(1000, `ticket ${filing.ticketId}, which holds the text, is not listed yet`);
	}

	/** Which entry of a ticket's history wrote the text; -1 when none did. */
	private indexOf(history: Audit[], text: TextIdentity): number {
		return history.findIndex(({ marker }) => marker && this.rules.isSame(marker, text));
	}

	private isOvertaken(text: Text, { audits }: Look): boolean {
		return [...audits.values()].some((history) => this.rules.isOvertaken(text, history));
	}

	/** Never the same request again: the next pass reads first. */
	private async commentFailed(
		text: Text,
		target: ListedTicket,
		outcome: FilingOutcome,
		answer: Exclude<UpdateAnswer, { outcome: 'written' }>,
	): Promise<void> {
		if (answer.outcome === 'limited') return this.limited(answer, `Ticket ${target.id}`);
		if (answer.outcome === 'full') return this.end(text, ticketFull(target.id));
		if (answer.outcome === 'unready')
			return this.end(text, { outcome: 'failed', message: answer.description });
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

	/** Waits, or ends every text that waits for the same when that takes longer than they may wait. */
	private async limited(answer: Limited, ticket: string | undefined): Promise<void> {
		const { wait = 2000 } = answer;
		if (wait <= this.patience()) return this.pause(wait, "Zendesk's rate limit was reached");
		for (const text of [...this.waiting])
			this.end(text, rateLimited(answer, this.desk.now(), ticket));
	}

	/** Milliseconds that the text in turn may still wait. */
	private patience(): number {
		return limits.patience - (this.desk.now() - this.since);
	}

	private giveUp(text: Text): void {
		const ticketId = this.remembered.get(text.key);
		if (ticketId) return this.end(text, { outcome: 'duplicate', ticketId, isUnseen: true });
		return this.end(text, noOutcome(limits.patience / 1000, this.obstacle));
	}

	private landed(text: Text, outcome: FilingOutcome, ticketId: string): void {
		this.end(text, { outcome, ticketId });
	}

	private end(text: Text, filing: Filing): void {
		this.filings.set(text.key, filing);
		this.waiting.splice(this.waiting.indexOf(text), 1);
		this.since = this.desk.now();
		this.lookout.startOver();
		this.keyRefusals = 0;
		this.invalidTicket = undefined;
	}

	private async pause(milliseconds: number, obstacle: string): Promise<void> {
		this.obstacle = obstacle;
		await this.desk.sleep(milliseconds);
	}
}
