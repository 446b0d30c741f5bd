/** What people and vendors do in the sandbox: one random action after the other. */
import type { TicketStatus } from '../domain/items';
import { type Dice, pick } from '../sandbox/random';
import type { Sandbox, SandboxTicket } from '../sandbox/types';
import { Customers } from './customers';
import type { Verdict } from './judge';

const WORDS =
	'where order parcel refund size blue tomorrow address wrong colour late thanks please box shop sale invoice card'.split(
		' ',
	);
const OWN_STATUSES: TicketStatus[] = ['open', 'pending', 'hold', 'solved'];

/** The possible actions, and how many of a hundred each makes up. */
export const HOW_OFTEN = {
	text: 25,
	severalMessages: 4,
	wordless: 1,
	reply: 22,
	sameWords: 3,
	/** By name only: in a run of hours there is nobody to answer late. */
	lateReply: 0,
	note: 4,
	update: 9,
	customerWritesElsewhere: 2,
	automationCloses: 4,
	automationTags: 1,
	emailTicket: 3,
	emailReply: 3,
	correctRequester: 1,
	merge: 3,
	campaign: 3,
	flow: 4,
	inbox: 5,
	optOut: 1,
	optIn: 2,
	help: 1,
	call: 2,
} as const;
export type Deed = keyof typeof HOW_OFTEN;

export class People {
	/** What was done, for reading a failed run. */
	readonly log: string[] = [];

	/** Counts so far: customers' messages, including keywords, and agents' replies to them. */
	readonly count = { messages: 0, replies: 0 };

	private readonly agents: string[];

	private readonly customers: Customers;

	private said = 0;

	constructor(
		private readonly sandbox: Sandbox,
		private readonly roll: Dice,
		customers: number,
	) {
		const { zendesk, klaviyo } = sandbox;
		this.agents = [
			zendesk.agent.id,
			zendesk.addUser({ name: 'Noor', role: 'agent', email: 'noor@acme.example' }).id,
		];
		this.customers = new Customers(klaviyo, roll, customers);
	}

	/** One action, drawn by how often it happens. If it is impossible at the moment, another one is drawn. */
	step(): void {
		while (!this.does(this.pick(this.steps)));
	}

	/** @returns whether it was possible at the moment */
	does(deed: Deed): boolean {
		const done = this[deed]();
		if (done === undefined) return false;
		this.log.push(`${new Date(this.sandbox.clock.now()).toISOString()} ${done}`);
		return true;
	}

	/** The actions on everything that a verdict names. */
	storyOf(verdict: Verdict): string[] {
		const lines = Object.values(verdict).flat() as string[];
		const named = lines.flatMap((line) => line.match(/\+\d{11}|\b\d{12,}\b|\b\w{11}\b/g) ?? []);
		return this.log.filter((line) => named.some((name) => line.includes(name)));
	}

	private readonly steps = Object.entries(HOW_OFTEN).flatMap(([deed, often]) =>
		Array.from({ length: often }, () => deed as Deed),
	);

	text(): string | undefined {
		const from = this.pick(this.customers.writing);
		return `${from} messages ${this.sendMessage(from, this.words())}`;
	}

	/** A picture, a voice message or a reaction. */
	wordless(): string | undefined {
		const able = this.customers.phones.filter((phone) => this.customers.uses(phone, 'whatsapp'));
		if (able.length === 0) return undefined;
		const from = this.pick(able);
		return `${from} messages without words ${this.sendMessage(from, '', 'whatsapp')}`;
	}

	severalMessages(): string | undefined {
		const count = 2 + Math.floor(this.roll() * 3);
		const one = this.pick(this.customers.writing);
		const messages = Array.from({ length: count }, () => {
			const from = this.roll() < 0.5 ? one : this.pick(this.customers.writing);
			return { from, body: this.words(), channel: this.customers.wayOf(from) };
		});
		const events = this.sandbox.klaviyo.customersMessage(messages);
		this.count.messages += count;
		return messages
			.map(({ from, channel }, at) => `${from} messages by ${channel} ${events[at]?.id}`)
			.join(', ');
	}

	reply(): string | undefined {
		return this.replyWith(this.words());
	}

	sameWords(): string | undefined {
		return this.replyWith('Thanks, we are looking into it!');
	}

	/** To a customer who has not written on WhatsApp for more than a day, and does not any more. */
	lateReply(): string | undefined {
		const now = this.sandbox.clock.now();
		const phoneOf = (externalId: string | null): string =>
			/^klaviyo:whatsapp:(.+)/.exec(externalId ?? '')?.[1] ?? '';
		const ticket = this.anyTicket((one) => this.customers.isSilent(phoneOf(one.externalId), now));
		if (!ticket) return undefined;
		this.customers.leavesWhatsApp(phoneOf(ticket.externalId));
		return this.replyOn(ticket, this.words());
	}

	note(): string | undefined {
		const ticket = this.anyTicket(isConversation);
		if (!ticket) return undefined;
		this.sandbox.zendesk.agentComments(ticket.id, this.words(), { public: false });
		return `note on ${ticket.id}`;
	}

	update(): string | undefined {
		const ticket = this.anyTicket(() => true);
		if (!ticket) return undefined;
		const change = this.pick([
			{ status: this.pick(OWN_STATUSES) },
			{ status: 'solved' as const },
			{ priority: this.pick(['low', 'high', 'urgent']) },
			{ tags: [...ticket.tags, this.pick(WORDS)] },
		]);
		this.sandbox.zendesk.agentUpdates(ticket.id, change, { agentId: this.pick(this.agents) });
		return `${ticket.id} gets ${JSON.stringify(change)}`;
	}

	/** The customer answers by e-mail: a public comment that is not an agent's reply. */
	customerWritesElsewhere(): string | undefined {
		const ticket = this.anyTicket(isConversation);
		if (!ticket) return undefined;
		const { requesterId: agentId } = ticket;
		const { id } = this.sandbox.zendesk.agentComments(ticket.id, this.words(), { agentId });
		return `comment ${id} of the customer on ${ticket.id}`;
	}

	automationCloses(): string | undefined {
		const ticket = this.anyTicket(({ status }) => status === 'solved');
		if (!ticket) return undefined;
		this.sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' }, { via: 'automation' });
		return `${ticket.id} is closed`;
	}

	automationTags(): string | undefined {
		const ticket = this.anyTicket(() => true);
		if (!ticket) return undefined;
		const tags = [...ticket.tags, 'seen_by_automation'];
		this.sandbox.zendesk.agentUpdates(ticket.id, { tags }, { via: 'automation' });
		return `${ticket.id} is tagged`;
	}

	/** An agent talks to the customer on the phone: the record on the ticket is not an agent's reply. */
	call(): string | undefined {
		const ticket = this.anyTicket(isConversation);
		if (!ticket) return undefined;
		const { id } = this.sandbox.zendesk.agentCalls(ticket.id, { agentId: this.pick(this.agents) });
		return `call ${id} on ${ticket.id}`;
	}

	emailTicket(): string | undefined {
		const ticket = this.openByMail();
		return ticket && `agent opens ${ticket.id} for ${ticket.requesterId}`;
	}

	emailReply(): string | undefined {
		const ticket = this.anyTicket((one) => !isConversation(one));
		if (!ticket) return undefined;
		this.sandbox.zendesk.agentComments(ticket.id, this.words(), {});
		return `reply by mail on ${ticket.id}`;
	}

	/** A ticket by e-mail was opened for the wrong customer. */
	correctRequester(): string | undefined {
		const ticket = this.anyTicket((one) => !isConversation(one));
		const requesterId = this.anyCustomer();
		if (!ticket || requesterId === undefined) return undefined;
		this.sandbox.zendesk.agentUpdates(ticket.id, { requesterId });
		return `${ticket.id} is of ${requesterId} now`;
	}

	/** The customer also has a ticket by e-mail or on the other channel, and an agent merges the two, in either direction. */
	merge(): string | undefined {
		const conversation = this.anyTicket(isConversation);
		if (!conversation) return undefined;
		const { id, requesterId } = conversation;
		const besides = this.anyTicket(
			(one) => one.id !== id && one.requesterId === requesterId && isConversation(one),
		);
		const other =
			besides && this.roll() < 0.5 ? besides : this.openByMail(conversation.requesterId);
		if (!other) return undefined;
		const [source, target] = this.roll() < 0.6 ? [other, conversation] : [conversation, other];
		const isPublic = this.roll() < 0.6;
		this.sandbox.zendesk.merge(source.id, target.id, { public: isPublic });
		return `${source.id} is merged into ${target.id}, ${isPublic ? 'publicly' : 'silently'}`;
	}

	campaign(): string | undefined {
		const to = this.customers.reachable().filter(() => this.roll() < 0.2);
		const body = `Sale! ${this.words()}`;
		const ids = to.map(
			(one) => this.sandbox.klaviyo.brandWrites({ ...one, body, kind: 'campaign' }).id,
		);
		return ids.length > 0 ? `campaign ${ids.join(', ')}` : undefined;
	}

	flow(): string | undefined {
		return this.brandWrites('flow');
	}

	inbox(): string | undefined {
		return this.brandWrites('inbox');
	}

	optOut(): string | undefined {
		return this.keyword('STOP');
	}

	optIn(): string | undefined {
		const subscribed = this.customers.subscribed();
		const gone = this.customers.phones.filter(
			(phone) => this.customers.uses(phone, 'sms') && !subscribed.includes(phone),
		);
		return gone.length > 0 ? this.keyword('START', this.pick(gone), 'sms') : undefined;
	}

	help(): string | undefined {
		return this.keyword('HELP');
	}

	private keyword(
		body: string,
		from = this.pick(this.customers.writing),
		channel = this.customers.wayOf(from),
	): string {
		return `${from} messages ${body} ${this.sendMessage(from, body, channel)}`;
	}

	/** @returns the channel and the event's id */
	private sendMessage(from: string, body: string, channel = this.customers.wayOf(from)): string {
		this.count.messages += 1;
		return `by ${channel} ${this.sandbox.klaviyo.customerWrites({ from, body, channel }).id}`;
	}

	private replyWith(body: string): string | undefined {
		const ticket = this.anyTicket(isConversation);
		return ticket && this.replyOn(ticket, body);
	}

	private replyOn(ticket: SandboxTicket, body: string): string {
		const status = this.roll() < 0.4 ? this.pick(OWN_STATUSES) : undefined;
		const { id } = this.sandbox.zendesk.agentComments(ticket.id, body, {
			agentId: this.pick(this.agents),
			...(status ? { status } : {}),
		});
		this.count.replies += 1;
		return `reply ${id} on ${ticket.id}${status ? `, ${status}` : ''}`;
	}

	private brandWrites(kind: 'flow' | 'inbox'): string | undefined {
		const reachable = this.customers.reachable();
		if (reachable.length === 0) return undefined;
		const { to, channel } = this.pick(reachable);
		const { id } = this.sandbox.klaviyo.brandWrites({ to, channel, body: this.words(), kind });
		return `${kind} messages ${to} by ${channel} ${id}`;
	}

	private openByMail(requesterId = this.anyCustomer()): SandboxTicket | undefined {
		if (requesterId === undefined) return undefined;
		return this.sandbox.zendesk.agentCreates({
			subject: this.words(),
			body: this.words(),
			requesterId,
			public: this.roll() < 0.7,
		});
	}

	private anyCustomer(): string | undefined {
		const users = this.sandbox.zendesk.users().filter(({ role }) => role === 'end-user');
		return users.length > 0 ? this.pick(users).id : undefined;
	}

	private anyTicket(isMeant: (ticket: SandboxTicket) => boolean): SandboxTicket | undefined {
		const tickets = this.sandbox.zendesk
			.tickets()
			.filter((ticket) => ticket.status !== 'closed' && isMeant(ticket));
		return tickets.length > 0 ? this.pick(tickets) : undefined;
	}

	/** A text that occurs nowhere else. */
	private words(): string {
		const some = Array.from({ length: 3 }, () => this.pick(WORDS)).join(' ');
		return `${some} #${++this.said}`;
	}

	private readonly pick = <T>(list: readonly T[]): T => pick(this.roll, list);
}

const isConversation = ({ externalId }: SandboxTicket): boolean =>
	externalId?.startsWith('klaviyo:') ?? false;
