/** The same events, seen by webhook, in the export and in tickets' histories. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { ticketEvent } from '../../domain/items';
import type { SandboxOptions, SandboxTicket, SandboxTrigger } from '../../sandbox/types';
import { seed } from '../support/seed';
import { ask, MINUTE, SECOND } from './support/desk';
import { eventsOf, HandClock, TriggerStage } from './support/zendeskTrigger';

const OUTLET = '360001000002';
const RUNS = 40;

const steps = [
	...(['solved', 'open', 'pending', 'hold', 'closed', 'closedByAutomation'] as const),
	...([
		'reply',
		'longReply',
		'replyAndSolve',
		'note',
		'claim',
		'text',
		'customerInPortal',
	] as const),
	...(['merge', 'publicMerge', 'tags', 'brand', 'priority', 'create'] as const),
];
interface Step {
	ticket: number;
	other: number;
	does: (typeof steps)[number];
}

/** A rule of the account's, which acts inside the audit of what fired it. */
const rules: Array<Pick<SandboxTrigger, 'when' | 'then'>> = [
	{ when: { by: 'staff', comment: 'public', status: 'open' }, then: { status: 'pending' } },
	{ when: { status: 'solved', statusChanged: true }, then: { status: 'open' } },
	{ when: { status: 'pending', statusChanged: true }, then: { status: 'solved' } },
	{ when: { status: 'hold', statusChanged: true }, then: { status: 'closed' } },
];

/** What both ways agree on. Tags and brand are those of the moment in a webhook, and those of now in catch-up. */
const agreed = (event: IDataObject) => ({
	event: event.event,
	ticketId: event.ticketId,
	externalId: event.externalId,
	channel: event.channel,
	requesterId: event.requesterId,
	occurredAt: event.occurredAt,
	previousStatus: event.previousStatus,
	comment: event.comment,
});
const inOrder = (events: IDataObject[]) =>
	events
		.map(agreed)
		.map((event) => JSON.stringify(event))
		.sort();

class Story {
	private readonly tickets: SandboxTicket[] = [];
	private readonly requesterId: string;

	constructor(
		private readonly stage: TriggerStage,
		private readonly clock: HandClock,
	) {
		this.requesterId = stage.customer();
		for (let n = 0; n < 3; n++) this.create();
	}

	private create(): void {
		this.clock.pass(3 * SECOND);
		const n = this.tickets.length;
		this.tickets.push(
			this.stage.sandbox.zendesk.agentCreates({
				subject: `Ticket ${n}`,
				body: 'Made by hand',
				requesterId: this.requesterId,
				...(n % 3 > 0 ? { externalId: `klaviyo:sms:+1212555030${n % 10}` } : {}),
				...(n % 3 === 0 ? { channel: 'email' } : {}),
				public: n % 2 > 0,
			}),
		);
	}

	async play({ ticket, other, does }: Step): Promise<void> {
		const { zendesk } = this.stage.sandbox;
		this.clock.pass(3 * SECOND);
		if (does === 'create') return this.create();
		const id = this.tickets[ticket % this.tickets.length]?.id ?? '';
		const target = this.tickets[other % this.tickets.length]?.id ?? '';
		if (zendesk.ticket(id).status === 'closed') return;
		const write = async (comment: object, metadata = {}) =>
			await ask(this.stage.sandbox, 'PUT', `/api/v2/tickets/${id}`, {
				ticket: { comment, metadata },
			});
		switch (does) {
			case 'reply':
				return void zendesk.agentComments(id, 'Reply 🎉\n<b> &amp; "so" \u202e');
			case 'longReply':
				return void zendesk.agentComments(id, '한'.repeat(30_000));
			case 'replyAndSolve':
				return void zendesk.agentComments(id, 'Done', { status: 'solved' });
			case 'note':
				return void zendesk.agentComments(id, 'Note', { public: false });
			case 'customerInPortal':
				return void zendesk.agentComments(id, 'Me again', { agentId: this.requesterId });
			case 'claim':
				return void (await write({ html_body: 'Texting', public: false }, { claim: 'reply:1' }));
			case 'text':
				return void (await write({
					html_body: 'Hi',
					public: true,
					author_id: Number(this.requesterId),
				}));
			case 'merge':
			case 'publicMerge':
				if (id === target || zendesk.ticket(target).status === 'closed') return;
				return zendesk.merge(id, target, { public: does === 'publicMerge' });
			case 'tags':
				return zendesk.agentUpdates(id, { tags: [`tag${this.clock.read()}`] });
			case 'brand':
				return zendesk.agentUpdates(id, { brandId: OUTLET });
			case 'priority':
				return zendesk.agentUpdates(id, { priority: 'high' });
			case 'closedByAutomation':
				return zendesk.agentUpdates(id, { status: 'closed' }, { via: 'automation' });
			default:
				return zendesk.agentUpdates(id, { status: does });
		}
	}
}

describe(`Whatever happens to tickets (seed ${seed})`, () => {
	it(`is reported alike by webhook, export and histories, over ${RUNS} random stories`, async () => {
		let told = 0;
		const happenings = fc.array(
			fc.record({ ticket: fc.nat(9), other: fc.nat(9), does: fc.constantFrom(...steps) }),
			{ minLength: 10, maxLength: 25 },
		);
		const play = async (
			list: Step[],
			switches: NonNullable<SandboxOptions['switches']>,
			rule: (typeof rules)[number] | undefined,
		) => {
			const stage = await TriggerStage.start({ switches });
			const clock = new HandClock(stage);
			try {
				const parameters = { options: { repliesOnOtherTickets: true } };
				const trigger = await stage.publish({ parameters });
				const [exporting, reading] = [
					await stage.prepare({ parameters, id: 'export' }),
					await stage.prepare({ parameters, id: 'histories' }),
				];
				if (rule) stage.sandbox.zendesk.addTrigger({ title: 'Rule', ...rule });
				const story = new Story(stage, clock);
				for (const step of list) await story.play(step);
				await stage.sandbox.deliveriesSettled();
				const delivered = eventsOf(trigger);
				const exported = await clock.poll(exporting, 6 * MINUTE);
				expect(stage.callsTo('/audits')).toBe(0);
				stage.sandbox.switches.incrementalExportAllowed = false;
				exporting.restart();
				const read = await clock.poll(reading, 0);
				expect(stage.callsTo('/audits')).toBeGreaterThan(0);

				expect(inOrder(exported)).toEqual(inOrder(delivered));
				expect(inOrder(read)).toEqual(inOrder(delivered));
				expect(read.map(({ key }) => key)).toEqual(exported.map(({ key }) => key));
				for (const event of [...delivered, ...exported, ...read])
					expect(ticketEvent.safeParse(event).error).toBeUndefined();
				const keys = exported.map(({ key }) => key);
				expect(new Set(keys).size).toBe(keys.length);
				// Solved and reopened have no key by webhook: it has no audit's id.
				for (const { key, event } of delivered)
					if (event === 'solved' || event === 'reopened') expect(key).toBeNull();
					else expect(keys).toContain(key);
				told += delivered.length;
			} finally {
				await stage.close();
			}
		};
		await fc.assert(
			fc.asyncProperty(
				happenings,
				fc.record({
					mergeMarked: fc.boolean(),
					exportEndTime: fc.constantFrom('last' as const, 'after' as const),
					eventVia: fc.constantFrom('rules' as const, 'all' as const),
					exportedVia: fc.constantFrom('words' as const, 'object' as const),
				}),
				fc.constantFrom(undefined, ...rules),
				play,
			),
			{ numRuns: RUNS },
		);
		process.stdout.write(`Agreed on ${told} events of ${RUNS} stories.\n`);
	}, 120_000);
});
