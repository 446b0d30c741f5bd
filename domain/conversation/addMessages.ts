/**
 * The status logic: adds a customer's messages to the conversation's ticket, each exactly once, with at most one open
 * ticket. Zendesk is the only source of truth. Any number of runs may do this at once, be killed at any point, and be
 * followed by others that bring the same messages again.
 */
import type {
	AttachedTo,
	TicketStore,
	ConversationMessage,
	Limited,
	ListedTicket,
	UpdateAnswer,
} from './ticketStore';
import {
	type Destination,
	type AddResult,
	type AddOutcome,
	type Attempted,
	isInTicket,
	noOutcome,
	obstacleOf,
	rateLimited,
	commentRefused,
	ticketFull,
	tooNew,
	tooOld,
	untilListed,
} from './addResult';
import { type ConversationView, ConversationReader } from './conversationView';
import { type ConversationRules, conversationRules, limits, newestOf } from './rules';
import { stampLimits } from './stamp';

/**
 * Adds the messages of a conversation, oldest first, then the comments that accompany them. Zendesk is read before each.
 *
 * @param conversation the external id of the conversation's tickets
 * @returns an outcome for each message's key
 * @throws what the store throws: an error that waiting cannot fix, such as a refused credential
 */
export const addMessages = <Message extends ConversationMessage>(
	conversation: string,
	messages: Message[],
	store: TicketStore<Message>,
	rules: ConversationRules = conversationRules,
	destination: Destination = 'conversation',
	attempted: Attempted = new Map(),
): Promise<Map<string, AddResult>> =>
	new AddMessagesRun(conversation, messages, store, rules, destination, attempted).run();

class AddMessagesRun<Message extends ConversationMessage> {
	private readonly results = new Map<string, AddResult>();

	private readonly waiting: Message[];

	private readonly reader: ConversationReader<Message>;

	/** Tickets that Zendesk says it created for a message, but may not list yet. */
	private readonly remembered = new Map<string, string>();

	/** When the current message began to wait. */
	private since: number;

	/** Why there is no outcome yet, for the error. */
	private obstacle = 'Zendesk did not answer';

	private keyRefusals = 0;

	private invalidTicket: string | undefined;

	constructor(
		private readonly conversation: string,
		messages: Message[],
		private readonly store: TicketStore<Message>,
		private readonly rules: ConversationRules,
		private readonly destination: Destination,
		private readonly attempted: Attempted,
	) {
		const isAttached = ({ attachedTo }: Message): number => (attachedTo ? 1 : 0);
		this.waiting = [...messages].sort(
			(a, b) => isAttached(a) - isAttached(b) || a.sentAt - b.sentAt,
		);
		this.reader = new ConversationReader(store, rules, this.pause.bind(this));
		this.since = store.now();
	}

	async run(): Promise<Map<string, AddResult>> {
		for (const message of [...this.waiting])
			if (this.store.now() - message.sentAt > limits.oldest) this.finish(message, tooOld);
		while (this.waiting.length > 0 && this.timeLeft() >= 0) await this.pass();
		for (const message of [...this.waiting]) this.timeOut(message);
		return this.results;
	}

	private async pass(): Promise<void> {
		const seen = await this.reader.readSettled(this.waiting);
		if (!seen || !(await this.dropAdded(seen))) return;
		const [message] = this.waiting;
		if (!message) return;
		if (this.rules.isAhead(message, seen.listing))
			return this.finish(message, tooNew(message.sentAt));
		if (message.attachedTo) return this.addAttached(message, message.attachedTo, seen);
		const target = this.targetOf(seen);
		if (!target) return this.addWithoutTarget(message, seen);
		if (target.isSuspended) return this.succeed(message, 'suspended', target.id);
		if (this.destination === 'newTicket') return this.succeed(message, 'alreadyOpen', target.id);
		const status = this.rules.statusNow(target, seen.audits.get(target.id) ?? []);
		if (status === 'solved' && this.destination === 'openTicket')
			return this.succeed(message, 'noTicket', '');
		if (this.rules.opensNext(status)) return this.createTicket(message, seen);
		if (status === 'closed') return this.pause(500, `ticket ${target.id} is being closed`);
		return this.addComment(message, { ...target, status }, seen);
	}

	private targetOf({ listing: { tickets } }: ConversationView): ListedTicket | undefined {
		if (typeof this.destination === 'string') return this.rules.target(tickets);
		const { ticketId } = this.destination;
		return tickets.find(({ id, status }) => id === ticketId && status !== 'closed');
	}

	private async addWithoutTarget(message: Message, seen: ConversationView): Promise<void> {
		if (typeof this.destination !== 'string')
			return this.succeed(message, 'closed', this.destination.ticketId);
		const makesOne = this.destination === 'conversation' || this.destination === 'newTicket';
		return makesOne ? this.createTicket(message, seen) : this.succeed(message, 'noTicket', '');
	}

	/** Drops the messages that are on a ticket already. False, after a pause, if one of their tickets could not be reopened. */
	private async dropAdded(seen: ConversationView): Promise<boolean> {
		for (const ticket of seen.listing.tickets) {
			const history = seen.audits.get(ticket.id) ?? [];
			const status = this.rules.statusNow(ticket, history);
			for (const message of [...this.waiting]) {
				const index = this.reader.indexOf(history, message);
				if (index < 0) continue;
				const { statusChange } = history[index] ?? {};
				const mayLieUnseen =
					!message.attachedTo || this.rules.isParked(statusChange?.before, statusChange?.after);
				if (mayLieUnseen && this.rules.needsReopening(history, index, status)) {
					const { outcome } = await this.store.setOpen(ticket.id, ticket.updatedAt);
					if (outcome !== 'written' && outcome !== 'closed') {
						await this.pause(1000, `ticket ${ticket.id} could not be set open`);
						return false;
					}
				}
				const outcome = this.attempted.get(message.key) ?? 'duplicate';
				const isLeft =
					!message.attachedTo && this.rules.needsReopeningByBuilder(history, index, status);
				const { id: ticketId } = ticket;
				this.finish(message, {
					outcome,
					ticketId,
					...(isLeft ? { needsReopening: true } : {}),
				});
			}
		}
		return true;
	}

	private async createTicket(message: Message, seen: ConversationView): Promise<void> {
		if (!this.rules.isFresh(seen.askedAt, this.store.now())) return;
		const { tickets } = seen.listing;
		const key = this.rules.idempotencyKey(this.conversation, tickets);
		const answer = await this.store.createTicket(message, key, newestOf(tickets)?.id);
		if (answer.outcome === 'created') {
			const isUnseen = this.rules.agentChangedStatus(answer.status);
			return this.settle(message, 'created', answer.ticketId, isUnseen);
		}
		if (answer.outcome === 'suspended') return this.succeed(message, 'suspended', '');
		if (answer.outcome === 'limited') return this.waitOutLimit(answer, undefined);
		if (answer.outcome === 'remembered') this.remembered.set(message.key, answer.ticketId);
		if (answer.outcome === 'unknown') this.attempted.set(message.key, 'created');
		if (answer.outcome === 'keyTaken') this.keyRefusals += 1;
		return this.pause(...untilListed(answer, this.keyRefusals));
	}

	private async addComment(
		message: Message,
		target: ListedTicket,
		seen: ConversationView,
	): Promise<void> {
		const status = this.rules.statusFor(target.status);
		const outcome = status && target.status === 'solved' ? 'reopened' : 'commented';
		const answer = await this.store.addComment(
			target,
			message,
			status,
			this.reader.isOutOfOrder(message, seen),
		);
		if (answer.outcome !== 'written') return this.handleRefusal(message, target, outcome, answer);
		return this.settle(message, outcome, target.id, this.rules.agentChangedStatus(answer.status));
	}

	/** If this run dies before it has set the ticket open, the next run finds the message lying unseen and does so. */
	private async settle(
		message: Message,
		outcome: AddOutcome,
		ticketId: string,
		isUnseen: boolean,
	): Promise<void> {
		if (isUnseen) {
			const reopened = await this.store.setOpen(ticketId);
			if (reopened.outcome !== 'written') {
				this.attempted.set(message.key, outcome);
				return this.pause(500, `ticket ${ticketId} could not be set open`);
			}
		}
		return this.succeed(message, outcome, ticketId);
	}

	/** Writes a comment that accompanies a message to the ticket that holds the message. */
	private async addAttached(
		message: Message,
		attachedTo: AttachedTo,
		seen: ConversationView,
	): Promise<void> {
		for (const home of seen.listing.tickets) {
			const history = seen.audits.get(home.id) ?? [];
			const entry = history[this.reader.indexOf(history, attachedTo.message)];
			if (!entry) continue;
			const status = this.rules.statusNow(home, history);
			if (status === 'closed' || !this.rules.isDue(attachedTo, entry))
				return this.succeed(message, 'notNeeded', home.id);
			const answer = await this.store.addComment(
				home,
				message,
				undefined,
				this.reader.isOutOfOrder(message, seen),
			);
			if (answer.outcome !== 'written')
				return this.handleRefusal(message, home, 'commented', answer);
			const isParked = this.rules.isParked(status, answer.status);
			return this.settle(message, 'commented', home.id, isParked);
		}
		const result = this.results.get(attachedTo.message.key);
		if (!isInTicket(result)) return this.succeed(message, 'notNeeded', '');
		return this.pause(
			1000,
			`ticket ${result.ticketId}, which holds the message, is not listed yet`,
		);
	}

	/** Never repeats the request as it is: the next pass reads first. */
	private async handleRefusal(
		message: Message,
		target: ListedTicket,
		outcome: AddOutcome,
		answer: Exclude<UpdateAnswer, { outcome: 'written' }>,
	): Promise<void> {
		if (answer.outcome === 'limited') return this.waitOutLimit(answer, `Ticket ${target.id}`);
		if (answer.outcome === 'full') return this.finish(message, ticketFull(target.id));
		if (answer.outcome === 'unready')
			return this.finish(message, { outcome: 'failed', message: answer.description });
		if (answer.outcome === 'unknown') this.attempted.set(message.key, outcome);
		if (answer.outcome === 'invalid') {
			// The first time, it may mean "closed" in another language. If a new list says otherwise, it is an error.
			if (this.invalidTicket === target.id)
				return this.finish(message, commentRefused(target.id, answer.description));
			this.invalidTicket = target.id;
		}
		return this.pause(500, obstacleOf(`ticket ${target.id}`, answer));
	}

	/** Waits for the rate limit, or ends all waiting messages if that would take longer than they may wait. */
	private async waitOutLimit(answer: Limited, ticket: string | undefined): Promise<void> {
		const { wait = 2000 } = answer;
		if (wait <= this.timeLeft()) return this.pause(wait, "Zendesk's rate limit was reached");
		for (const message of [...this.waiting])
			this.finish(message, rateLimited(answer, this.store.now(), ticket));
	}

	/** Milliseconds that the current message may still wait. */
	private timeLeft(): number {
		return stampLimits.retryForMs - (this.store.now() - this.since);
	}

	private timeOut(message: Message): void {
		const ticketId = this.remembered.get(message.key);
		if (ticketId) return this.finish(message, { outcome: 'duplicate', ticketId, isUnseen: true });
		return this.finish(message, noOutcome(stampLimits.retryForMs / 1000, this.obstacle));
	}

	private succeed(message: Message, outcome: AddOutcome, ticketId: string): void {
		this.finish(message, { outcome, ticketId });
	}

	private finish(message: Message, result: AddResult): void {
		this.results.set(message.key, result);
		this.waiting.splice(this.waiting.indexOf(message), 1);
		this.since = this.store.now();
		this.reader.startOver();
		this.keyRefusals = 0;
		this.invalidTicket = undefined;
	}

	private async pause(milliseconds: number, obstacle: string): Promise<void> {
		this.obstacle = obstacle;
		await this.store.sleep(milliseconds);
	}
}
