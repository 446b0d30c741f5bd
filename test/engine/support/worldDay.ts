/**
 * A day that is planned completely, so that it can be played several times: who texts when, and what agents do to whose
 * ticket. Agents come to a conversation long after its last message, and customers long after the
 * agent, so that webhooks and catch-up find the same.
 */
import type { TicketStatus } from '../../../domain/items';
import { dice, type Dice } from '../../../sandbox/random';
import type { Sandbox, SandboxChannel, SandboxTicket } from '../../../sandbox/types';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Longer than catch-up takes to bring anything: a message after five minutes, a reply after seven. */
const SHORTEST_GAP = 20 * MINUTE;
const LONGEST_GAP = 4 * HOUR;
/** Before this hour nothing is solved: Zendesk's own automation would close it when the day is over. */
const SOLVES_FROM = 4 * HOUR;

export interface Totals {
	messages: number;
	replies: number;
	/** Tickets opened, solved, reopened and closed. */
	ticketEvents: number;
}

interface Deed {
	/** Milliseconds from the beginning of the day. */
	at: number;
	does(sandbox: Sandbox): void;
}

/** One after the other: the third and the fourth are of one customer, who uses both channels. */
const KINDS: ReadonlyArray<{ ways: readonly SandboxChannel[]; isAnother?: boolean }> = [
	{ ways: ['sms'] },
	{ ways: ['whatsapp'] },
	{ ways: ['sms'] },
	{ ways: ['whatsapp'], isAnother: true },
	{ ways: ['sms', 'rcs'] },
];

interface Conversation {
	phone: string;
	/** What its messages come by. */
	ways: readonly SandboxChannel[];
	externalId: string;
	/** From when on something may happen in the conversation. */
	free: number;
	/** Of the conversation's newest ticket. */
	status: TicketStatus | undefined;
}

function pickInTurn<T>(list: readonly T[], n: number): T {
	const one = list[n % list.length];
	if (one === undefined) throw new Error('The list is empty');
	return one;
}

export class Day {
	readonly deeds: Deed[] = [];

	/** What is planned. */
	readonly totals: Totals = { messages: 0, replies: 0, ticketEvents: 0 };

	readonly conversations: Conversation[];

	private readonly roll: Dice;

	constructor(
		seed: number,
		private readonly wanted: Totals,
		conversations: number,
	) {
		this.roll = dice(seed);
		this.conversations = Array.from({ length: conversations }, (_, n) => {
			const { ways, isAnother } = pickInTurn(KINDS, n);
			const phone = `+1212555${String(1000 + (isAnother ? n - 1 : n))}`;
			return {
				phone,
				ways,
				externalId: `klaviyo:${ways[0]}:${phone}`,
				free: this.roll() * 6 * HOUR,
				status: undefined,
			};
		});
		while (this.left('messages') > 0 || this.left('replies') > 0) this.somethingHappens();
		for (let mail = 0; this.left('ticketEvents') > 0; mail++) this.mail(mail);
		this.deeds.sort((one, other) => one.at - other.at);
	}

	/** Who there is before the day begins. */
	populate({ zendesk, klaviyo }: Sandbox): void {
		for (const phone of new Set(this.conversations.map((one) => one.phone)))
			klaviyo.addProfile({ phone });
		zendesk.addUser({ name: 'Writes mails', email: 'mails@mail.example' });
	}

	private left(what: keyof Totals): number {
		return this.wanted[what] - this.totals[what];
	}

	private somethingHappens(): void {
		const able = this.conversations.filter(({ free }) => free < DAY - HOUR);
		const conversation = able[Math.floor(this.roll() * able.length)];
		if (!conversation) throw new Error('The day is too short for so much');
		const { status } = conversation;
		const isAgents = status !== undefined && status !== 'closed' && this.roll() < 0.62;
		if (isAgents) this.agentActs(conversation);
		else if (this.left('messages') > 0) this.customerWrites(conversation);
		conversation.free += SHORTEST_GAP + this.roll() ** 2 * (LONGEST_GAP - SHORTEST_GAP);
	}

	/** One message or a burst, some of it at the same moment. */
	private customerWrites(conversation: Conversation): void {
		const isEvent =
			conversation.status === undefined || ['closed', 'solved'].includes(conversation.status);
		if (isEvent && this.left('ticketEvents') === 0) return;
		const count = Math.min(this.left('messages'), 1 + Math.floor(this.roll() ** 2 * 4));
		for (let text = 0; text < count; text++) {
			const body = `Text ${++this.totals.messages}`;
			const { phone: from, ways, free: at } = conversation;
			const channel = pickInTurn(ways, text);
			this.deeds.push({
				at,
				does: ({ klaviyo }) => void klaviyo.customerWrites({ from, body, channel }),
			});
			if (this.roll() < 0.7) conversation.free += this.roll() * MINUTE;
		}
		if (isEvent) this.totals.ticketEvents += 1;
		const isNew = conversation.status === undefined || conversation.status === 'closed';
		if (isNew) conversation.status = 'new';
		else if (conversation.status !== 'new') conversation.status = 'open';
	}

	private agentActs(conversation: Conversation): void {
		const canEnd = conversation.free > SOLVES_FROM && this.left('ticketEvents') > 0;
		if (conversation.status === 'solved' && canEnd && this.roll() < 0.5) {
			this.onTicket(conversation, 'closed', (zendesk, { id }) =>
				zendesk.agentUpdates(id, { status: 'closed' }, { via: 'automation' }),
			);
			return;
		}
		const isSolving = conversation.status !== 'solved' && canEnd && this.roll() < 0.5;
		const isParking = conversation.status !== 'solved' && !isSolving && this.roll() < 0.3;
		const status = isSolving ? 'solved' : isParking ? 'pending' : undefined;
		if (this.left('replies') > 0 && this.roll() < 0.8) {
			const body = `Reply ${++this.totals.replies}`;
			this.onTicket(conversation, status, (zendesk, { id }) =>
				zendesk.agentComments(id, body, status ? { status } : {}),
			);
		} else if (status) {
			this.onTicket(conversation, status, (zendesk, { id }) =>
				zendesk.agentUpdates(id, { status }),
			);
		}
	}

	private onTicket(
		conversation: Conversation,
		status: TicketStatus | undefined,
		does: (zendesk: Sandbox['zendesk'], ticket: SandboxTicket) => void,
	): void {
		const { externalId, free: at } = conversation;
		if (status === 'solved' || status === 'closed') this.totals.ticketEvents += 1;
		if (status) conversation.status = status;
		this.deeds.push({
			at,
			does: ({ zendesk }) => {
				const ticket = zendesk.tickets().findLast((one) => one.externalId === externalId);
				if (!ticket) throw new Error(`${externalId} has no ticket yet`);
				does(zendesk, ticket);
			},
		});
	}

	/** A ticket that is not a conversation: opened, answered, solved. */
	private mail(mail: number): void {
		const subject = `Mail ${mail}`;
		const begins = SOLVES_FROM + this.roll() * 12 * HOUR;
		const isSolved = this.left('ticketEvents') > 1 && this.roll() < 0.6;
		this.totals.ticketEvents += isSolved ? 2 : 1;
		const answer = { body: `An answer to mail ${mail}`, status: 'solved' as const };
		this.deeds.push({
			at: begins,
			does: ({ zendesk }) => {
				const requester = zendesk.users().find(({ email }) => email === 'mails@mail.example');
				const requesterId = requester?.id ?? '';
				zendesk.agentCreates({ subject, body: `The words of mail ${mail}`, requesterId });
			},
		});
		if (!isSolved) return;
		this.deeds.push({
			at: begins + HOUR,
			does: ({ zendesk }) => {
				const ticket = zendesk.tickets().find((one) => one.subject === subject);
				const { body, status } = answer;
				zendesk.agentComments(ticket?.id ?? '', body, { status });
			},
		});
	}
}
