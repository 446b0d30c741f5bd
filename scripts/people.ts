/** What people and vendors do in the sandbox: one random action after the other. */
import type { TicketStatus } from '../domain/items';
import type { Dice } from '../sandbox/random';
import type { Sandbox, SandboxTicket } from '../sandbox/types';
import type { Verdict } from './judge';

const WORDS =
	'where order parcel refund size blue tomorrow address wrong colour late thanks please box shop sale invoice card'.split(
		' ',
	);
const OWN_STATUSES: TicketStatus[] = ['open', 'pending', 'hold', 'solved'];

/** The possible actions, and how many of a hundred each makes up. */
export const HOW_OFTEN = {
	text: 26,
	severalMessages: 4,
	reply: 22,
	sameWords: 3,
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

	readonly phones: string[];

	/** Counts so far: customers' messages, including keywords, and agents' replies to them. */
	readonly count = { messages: 0, replies: 0 };

	private readonly agents: string[];

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
		this.phones = Array.from({ length: customers }, (_, n) => `+1212555${String(1000 + n)}`);
		for (const [n, phone] of this.phones.entries())
			klaviyo.addProfile({
				phone,
				firstName: `Customer ${n}`,
				email: n % 3 === 0 ? `customer${n}@mail.example` : null,
			});
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
		const from = this.pick(this.phones);
		return `${from} messages ${this.sendMessage(from, this.words())}`;
	}

	severalMessages(): string | undefined {
		const count = 2 + Math.floor(this.roll() * 3);
		const one = this.pick(this.phones);
		const messages = Array.from({ length: count }, () => ({
			from: this.roll() < 0.5 ? one : this.pick(this.phones),
			body: this.words(),
		}));
		const events = this.sandbox.klaviyo.customersMessage(messages);
		this.count.messages += count;
		return messages.map(({ from }, at) => `${from} messages ${events[at]?.id}`).join(', ');
	}

	reply(): string | undefined {
		return this.replyWith(this.words());
	}

	sameWords(): string | undefined {
		return this.replyWith('Thanks, we are looking into it!');
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

	/** The customer also has a ticket by e-mail, and an agent merges the two, in either direction. */
	merge(): string | undefined {
		const conversation = this.anyTicket(isConversation);
		const mail = conversation && this.openByMail(conversation.requesterId);
		if (!conversation || !mail) return undefined;
		const [source, target] = this.roll() < 0.6 ? [mail, conversation] : [conversation, mail];
		const isPublic = this.roll() < 0.6;
		this.sandbox.zendesk.merge(source.id, target.id, { public: isPublic });
		return `${source.id} is merged into ${target.id}, ${isPublic ? 'publicly' : 'silently'}`;
	}

	campaign(): string | undefined {
		const to = this.subscribed().filter(() => this.roll() < 0.2);
		const body = `Sale! ${this.words()}`;
		const ids = to.map(
			(phone) => this.sandbox.klaviyo.brandWrites({ to: phone, body, kind: 'campaign' }).id,
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
		const klaviyo = this.sandbox.klaviyo.profiles();
		const gone = klaviyo.filter(({ phone, smsMarketing }) => phone !== null && !smsMarketing);
		return gone.length > 0 ? this.keyword('START', this.pick(gone).phone ?? '') : undefined;
	}

	help(): string | undefined {
		return this.keyword('HELP');
	}

	private keyword(body: string, from = this.pick(this.phones)): string {
		return `${from} messages ${body} ${this.sendMessage(from, body)}`;
	}

	/** @returns the event's id */
	private sendMessage(from: string, body: string): string {
		this.count.messages += 1;
		return this.sandbox.klaviyo.customerWrites({ from, body }).id;
	}

	private replyWith(body: string): string | undefined {
		const ticket = this.anyTicket(isConversation);
		if (!ticket) return undefined;
		const status = this.roll() < 0.4 ? this.pick(OWN_STATUSES) : undefined;
		const { id } = this.sandbox.zendesk.agentComments(ticket.id, body, {
			agentId: this.pick(this.agents),
			...(status ? { status } : {}),
		});
		this.count.replies += 1;
		return `reply ${id} on ${ticket.id}${status ? `, ${status}` : ''}`;
	}

	private brandWrites(kind: 'flow' | 'inbox'): string | undefined {
		const phones = this.subscribed();
		if (phones.length === 0) return undefined;
		const to = this.pick(phones);
		const { id } = this.sandbox.klaviyo.brandWrites({ to, body: this.words(), kind });
		return `${kind} messages ${to} ${id}`;
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

	private subscribed(): string[] {
		return this.sandbox.klaviyo
			.profiles()
			.flatMap(({ phone, smsMarketing }) => (phone !== null && smsMarketing ? phone : []));
	}

	/** A text that occurs nowhere else. */
	private words(): string {
		const some = Array.from({ length: 3 }, () => this.pick(WORDS)).join(' ');
		return `${some} #${++this.said}`;
	}

	private pick<T>(list: readonly T[]): T {
		const one = list[Math.floor(this.roll() * list.length)];
		if (one === undefined) throw new Error('There is nothing to pick from');
		return one;
	}
}

const isConversation = ({ externalId }: SandboxTicket): boolean =>
	externalId?.startsWith('klaviyo:sms:') ?? false;
