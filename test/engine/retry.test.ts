/**
 * n8n's Retry of an execution that has failed: what was left is done, and what was done is not done again. The
 * templates as a builder imports them, before a vendor that is away for a while.
 */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import type { SandboxTicket } from '../../sandbox/types';
import { type Door, openDoor } from '../support/door';
import { openConversation, outbound } from './support/conversation';
import {
	CUSTOMER,
	klaviyoCredentials,
	runTicket,
	SECOND,
	textOf,
	zendeskCredentials,
} from './support/desk';
import { runNode } from './support/engine';
import { messagesTo } from './support/klaviyoMessages';
import { type Played, readTemplate, TemplateWorkflow } from './support/worldTemplate';

const OTHER = '+12125550188';
/** Until a claim is no longer active, and a current log shows its message. */
const UNTIL_CLEAR = 470 * SECOND;
const DAY = 24 * 3600 * SECOND;

describe("n8n's Retry", () => {
	let sandbox: QuickSandbox;
	let zendesk: Door;
	let klaviyo: Door;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		zendesk = await openDoor(sandbox.zendesk.url);
		klaviyo = await openDoor(sandbox.klaviyo.url);
		for (const phone of [CUSTOMER, OTHER]) sandbox.klaviyo.addProfile({ phone });
	});
	afterEach(async () => {
		await zendesk.close();
		await klaviyo.close();
		await sandbox.close();
	});

	const template = (file: string): TemplateWorkflow => {
		const [{ zendeskSyncApi }, { klaviyoSyncApi }] = [
			zendeskCredentials(sandbox),
			klaviyoCredentials(sandbox),
		];
		return new TemplateWorkflow(readTemplate(file), {
			zendeskSyncApi: { ...zendeskSyncApi, zendeskUrl: zendesk.url },
			klaviyoSyncApi: { ...klaviyoSyncApi, baseUrl: klaviyo.url },
		});
	};
	const play = async (workflow: TemplateWorkflow, ...items: IDataObject[]): Promise<Played> =>
		await workflow.play(
			items.map((json) => ({ json })),
			'webhook',
		);
	const markCompleted = async (milliseconds = 5 * SECOND) =>
		await sandbox.clock.advance(milliseconds);
	const whileAway = async (door: Door, work: () => Promise<Played>): Promise<Played> => {
		door.shut = true;
		const played = await work();
		door.shut = false;
		await markCompleted();
		return played;
	};
	/** A message as Klaviyo Trigger gives it. */
	const inbound = (more: IDataObject = {}): IDataObject => {
		const { opensTicket: _screened, ...message } = textOf(sandbox, more);
		return { ...message, direction: 'inbound', event: 'customerMessaged' };
	};
	/** Words of customers, of all tickets. */
	const added = () =>
		sandbox.zendesk
			.tickets()
			.flatMap(({ comments, requesterId }) =>
				comments.filter(({ authorId }) => authorId === requesterId).map(({ body }) => body),
			);
	const notes = ({ id }: SandboxTicket) =>
		sandbox.zendesk
			.ticket(id)
			.comments.filter((comment) => !comment.public)
			.map(({ body }) => body);

	describe.each(['01-inbound-message-to-ticket.json', '01b-inbound-message-step-by-step.json'])(
		'of %s',
		(fileName) => {
			it.each([
				['Zendesk', () => zendesk],
				['Klaviyo', () => klaviyo],
			])(
				'adds what failed while %s was down, once, however often it is pressed',
				async (_who, door) => {
					const workflow = template(fileName);
					const messages = [inbound({ body: 'One' }), inbound({ body: 'Two', from: OTHER })];
					const failed = await whileAway(door(), async () => await play(workflow, ...messages));
					expect(failed.error).toBeDefined();
					expect(added()).toEqual([]);

					const again = await workflow.retry(failed);
					expect(again.error).toBeUndefined();
					expect(again.output('New ticket').map(({ body }) => body)).toEqual(['One', 'Two']);
					for (const json of again.output('New ticket')) {
						expect(json).not.toHaveProperty('error');
						expect(json).not.toHaveProperty('details');
					}
					await markCompleted();
					await workflow.retry(failed);
					expect(added()).toEqual(['One', 'Two']);
				},
			);

			it('fails again while Zendesk is still down, and succeeds after that', async () => {
				const workflow = template(fileName);
				const failed = await whileAway(zendesk, async () => await play(workflow, inbound()));
				const still = await whileAway(zendesk, async () => await workflow.retry(failed));
				expect(still.error).toBeDefined();
				const [third, fourth] = [await workflow.retry(still), await workflow.retry(failed)];
				expect([third.error, fourth.error]).toEqual([undefined, undefined]);
				expect(added()).toEqual(['Where is my order?']);
			});

			it('leaves what was done, and the steps after it, although another message failed', async () => {
				const workflow = template(fileName);
				const tooOld = new Date(sandbox.clock.now() - 40 * DAY).toISOString();
				const messages = [
					inbound({ body: 'Long ago', sentAt: tooOld }),
					inbound({ body: 'Now', from: OTHER }),
				];
				const played = await play(workflow, ...messages);
				expect(played.error?.message).toContain('not added');
				expect(played.output('New ticket').map(({ body }) => body)).toEqual(['Now']);
				await markCompleted();
				const again = await workflow.retry(played);
				expect(again.error?.message).toContain('not added');
				expect(added()).toEqual(['Now']);
			});
		},
	);

	it('reopens, step by step, a solved ticket that got a message just before Zendesk went down', async () => {
		const workflow = template('01b-inbound-message-step-by-step.json');
		const solved = await openConversation(sandbox);
		await markCompleted();
		sandbox.zendesk.agentUpdates(solved.id, { status: 'solved' });
		await markCompleted(60 * SECOND);
		// The message is written, the ticket is not set open.
		const refused = zendesk.refuse(`PUT /api/v2/tickets/${solved.id}`, 1);
		const played = await play(workflow, inbound({ body: 'Still broken' }));
		expect(refused.refused()).toBeGreaterThan(0);
		refused.end();
		expect(played.error?.message).toContain('was not reopened');
		expect(sandbox.zendesk.ticket(solved.id).status).toBe('solved');
		await markCompleted();
		const again = await workflow.retry(played);
		expect(again.error).toBeUndefined();
		expect(sandbox.zendesk.ticket(solved.id).status).toBe('open');
		sandbox.zendesk.agentUpdates(solved.id, { status: 'solved' });
		await markCompleted();
		await workflow.retry(played);
		expect(sandbox.zendesk.ticket(solved.id).status).toBe('solved');
		expect(added()).toEqual(['Where is my order?', 'Still broken']);
	});

	describe('of template 02', () => {
		const FILE = '02-agent-reply-to-customer.json';
		const replyOn = async (ticket: SandboxTicket, body: string): Promise<IDataObject> => {
			const { id } = sandbox.zendesk.agentComments(ticket.id, body);
			await markCompleted();
			const occurredAt = new Date(sandbox.clock.now()).toISOString();
			return {
				key: `reply:${id}`,
				event: 'agentReplied',
				occurredAt,
				ticketId: ticket.id,
				comment: { id },
			};
		};

		it.each([
			['Zendesk', () => zendesk],
			['Klaviyo', () => klaviyo],
		])('sends what failed while %s was down, once', async (_who, door) => {
			const workflow = template(FILE);
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
			const ticket = await openConversation(sandbox);
			await markCompleted();
			const reply = await replyOn(ticket, 'It ships today.');
			const failed = await whileAway(door(), async () => await play(workflow, reply));
			expect(failed.error).toBeDefined();
			expect(messagesTo(sandbox)).toEqual([]);
			for (let times = 0; times < 3; times++) {
				await markCompleted(UNTIL_CLEAR);
				// By which Klaviyo's log is known to be current.
				sandbox.klaviyo.brandWrites({ to: OTHER, body: 'Sale', kind: 'campaign' });
				await markCompleted();
				await workflow.retry(failed);
			}
			expect(messagesTo(sandbox)).toEqual(['It ships today.']);
		});

		it('writes the note that could not be written, once, without holding up others', async () => {
			const workflow = template(FILE);
			const one = await openConversation(sandbox);
			const other = await openConversation(sandbox, { phone: OTHER, name: 'Ben' });
			await markCompleted();
			const replies = [await replyOn(one, 'To one'), await replyOn(other, 'To the other')];
			for (const from of [CUSTOMER, OTHER]) sandbox.klaviyo.customerWrites({ from, body: 'STOP' });
			const noteFor = zendesk.refuse(`PUT /api/v2/tickets/${one.id}`, 1);
			const failed = await play(workflow, ...replies);
			expect(noteFor.refused()).toBeGreaterThan(0);
			noteFor.end();
			const reasons = (ticket: SandboxTicket) =>
				notes(ticket).filter((note) => note.includes('unsubscribed'));
			expect(failed.error).toBeDefined();
			expect([reasons(one).length, reasons(other).length]).toEqual([0, 1]);
			await markCompleted();
			expect((await workflow.retry(failed)).error).toBeUndefined();
			await markCompleted();
			await workflow.retry(failed);
			expect([reasons(one).length, reasons(other).length]).toEqual([1, 1]);
		});
	});

	describe('of template 03', () => {
		const FILE = '03-ticket-metrics-to-klaviyo.json';
		const timeline = () =>
			sandbox.klaviyo
				.profiles()
				.flatMap(({ id }) => sandbox.klaviyo.timeline(id).map(({ metric }) => metric));

		const openedEvent = (ticket: SandboxTicket): IDataObject => ({
			key: `opened:${ticket.id}`,
			event: 'opened',
			occurredAt: new Date(sandbox.clock.now()).toISOString(),
			ticketId: ticket.id,
			requesterId: ticket.requesterId,
			previousStatus: null,
			status: 'new',
			comment: null,
			catchUp: false,
		});

		it('ends quietly with a ticket that was deleted, and only with that', async () => {
			const workflow = template(FILE);
			const ticket = await openConversation(sandbox);
			await markCompleted();
			zendesk.answer(/^GET .*\/tickets\/\d+\?/, 404, '<html><title>Not here</title></html>');
			const failed = await play(workflow, openedEvent(ticket));
			expect(failed.error?.message).toContain('(status 404)');
			zendesk.open();
			sandbox.zendesk.deleteTicket(ticket.id);
			const played = await play(workflow, openedEvent(ticket));
			expect(played.error).toBeUndefined();
			expect(played.output('Count written')).toHaveLength(1);
			expect(timeline()).not.toContain('Opened Ticket');
		});

		it.each([
			['Zendesk', () => zendesk],
			['Klaviyo', () => klaviyo],
		])('records what failed while %s was down, once', async (_who, door) => {
			const workflow = template(FILE);
			const ticket = await openConversation(sandbox);
			await markCompleted();
			const event = openedEvent(ticket);
			const failed = await whileAway(door(), async () => await play(workflow, event));
			expect(failed.error).toBeDefined();
			expect(timeline()).not.toContain('Opened Ticket');
			const again = await workflow.retry(failed);
			expect(again.error).toBeUndefined();
			expect(again.output('Tracked')).toHaveLength(1);
			await markCompleted();
			await workflow.retry(failed);
			expect(timeline().filter((metric) => metric === 'Opened Ticket')).toHaveLength(1);
		});
	});

	describe('of template 04', () => {
		const FILE = '04-messages-from-klaviyo-to-ticket.json';

		it('notes what failed while Zendesk was down, once', async () => {
			const workflow = template(FILE);
			const ticket = await openConversation(sandbox);
			await markCompleted();
			const messages = [outbound(sandbox)];
			const failed = await whileAway(zendesk, async () => await play(workflow, ...messages));
			expect(failed.error).toBeDefined();
			const again = await workflow.retry(failed);
			expect(again.error).toBeUndefined();
			expect(again.output('Noted on the ticket')).toHaveLength(1);
			await markCompleted();
			await workflow.retry(failed);
			expect(notes(ticket).filter((note) => note.includes('Everything 20 % off'))).toHaveLength(1);
		});

		it.each([
			['Retry', async (workflow: TemplateWorkflow, played: Played) => await workflow.retry(played)],
			[
				'catch-up',
				async (workflow: TemplateWorkflow, _played: Played, message: IDataObject) =>
					await play(workflow, message),
			],
		])(
			'opens the ticket of a reply that failed, by %s, although it was noted before',
			async (_by, again) => {
				const workflow = template(FILE);
				const ticket = await openConversation(sandbox);
				await markCompleted();
				const { id } = sandbox.zendesk.agentComments(ticket.id, 'Solved!', { status: 'solved' });
				await markCompleted();
				const reply = { ticketId: ticket.id, comment: { id } };
				expect((await runTicket(sandbox, 'claimReply', [reply])).json).toMatchObject([
					{ outcome: 'claimed' },
				]);
				await markCompleted(10 * SECOND);
				const message = outbound(sandbox, {
					event: 'failed',
					kind: 'conversation',
					campaign: null,
					body: 'Solved!',
					delivery: { reason: 'unreachable, 30003' },
				});
				const refused = zendesk.refuse(`PUT /api/v2/tickets/${ticket.id}`, 1);
				const played = await play(workflow, message);
				expect(played.error?.message).toContain('was not reopened');
				refused.end();
				await markCompleted();
				expect((await again(workflow, played, message)).error).toBeUndefined();
				expect(sandbox.zendesk.ticket(ticket.id).status).toBe('open');
				// Not again when the agent has solved it since.
				sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
				await markCompleted();
				await play(workflow, message);
				expect(sandbox.zendesk.ticket(ticket.id).status).toBe('solved');
			},
		);
	});

	describe('days later', () => {
		/** n8n has been restarted since: what the process knew is gone. */
		const daysPass = async (): Promise<void> => {
			await markCompleted(3 * DAY);
			forgetProcess();
		};
		/** By which Klaviyo's log is known to be current. */
		const othersWrite = async (): Promise<void> => {
			sandbox.klaviyo.brandWrites({ to: OTHER, body: 'Sale', kind: 'campaign' });
			await markCompleted();
		};
		const replyOn = async (ticket: SandboxTicket): Promise<IDataObject> => {
			const { id } = sandbox.zendesk.agentComments(ticket.id, 'It ships today.');
			await markCompleted();
			const occurredAt = new Date(sandbox.clock.now()).toISOString();
			return { event: 'agentReplied', occurredAt, ticketId: ticket.id, comment: { id } };
		};
		const events = (name: string): number =>
			sandbox.klaviyo
				.profiles()
				.flatMap(({ id }) => sandbox.klaviyo.timeline(id))
				.filter(({ metric }) => metric === name).length;
		const eventOf = ({ id, requesterId }: SandboxTicket): IDataObject => ({
			key: `opened:${id}`,
			event: 'opened',
			occurredAt: new Date(sandbox.clock.now()).toISOString(),
			ticketId: id,
			requesterId,
			previousStatus: null,
			status: 'new',
			comment: null,
			catchUp: false,
		});
		const cases = (['Zendesk', 'Klaviyo'] as const).flatMap((who) =>
			[false, true].map((isDone) => ({
				who,
				door: () => (who === 'Zendesk' ? zendesk : klaviyo),
				isDone,
				has: isDone ? 'catch-up has done it since' : 'it is still to be done',
			})),
		);

		it.each(cases)('adds a message once, after $who was down, when $has', async (one) => {
			const workflow = template('01-inbound-message-to-ticket.json');
			const message = inbound();
			const failed = await whileAway(one.door(), async () => await play(workflow, message));
			expect(failed.error).toBeDefined();
			if (one.isDone) await play(workflow, message);
			await daysPass();
			expect((await workflow.retry(failed)).error).toBeUndefined();
			expect(added()).toEqual(['Where is my order?']);
		});

		it.each(cases)('sends a reply once, after $who was down, when $has', async (one) => {
			const workflow = template('02-agent-reply-to-customer.json');
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
			const ticket = await openConversation(sandbox);
			await markCompleted();
			const reply = await replyOn(ticket);
			const failed = await whileAway(one.door(), async () => await play(workflow, reply));
			expect(failed.error).toBeDefined();
			expect(messagesTo(sandbox)).toEqual([]);
			if (one.isDone) {
				await markCompleted(UNTIL_CLEAR);
				await othersWrite();
				await play(workflow, reply);
				expect(messagesTo(sandbox)).toEqual(['It ships today.']);
			}
			await daysPass();
			await othersWrite();
			const again = await workflow.retry(failed);
			expect(again.error).toBeUndefined();
			expect(again.output('Reply sent').map(({ outcome }) => outcome)).toEqual([
				one.isDone ? 'alreadySent' : 'sent',
			]);
			expect(messagesTo(sandbox)).toEqual(['It ships today.']);
		});

		it("tells the agent of a reply that was claimed, if Klaviyo's log cannot say whether it was sent", async () => {
			const workflow = template('02-agent-reply-to-customer.json');
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
			const ticket = await openConversation(sandbox);
			await markCompleted();
			const reply = await replyOn(ticket);
			const failed = await whileAway(klaviyo, async () => await play(workflow, reply));
			sandbox.switches.keyScopes = ['profiles:read', 'conversations:read', 'conversations:write'];
			await daysPass();
			const again = await workflow.retry(failed);
			expect(again.error).toBeUndefined();
			expect(messagesTo(sandbox)).toEqual([]);
			expect(notes(ticket).filter((note) => note.includes('may not have been sent'))).toHaveLength(
				1,
			);
		});

		it.each(cases)('records a ticket event once, after $who was down, when $has', async (one) => {
			const workflow = template('03-ticket-metrics-to-klaviyo.json');
			const ticket = await openConversation(sandbox);
			await markCompleted();
			const event = eventOf(ticket);
			const failed = await whileAway(one.door(), async () => await play(workflow, event));
			expect(failed.error).toBeDefined();
			if (one.isDone) await play(workflow, event);
			await daysPass();
			const again = await workflow.retry(failed);
			expect(again.error).toBeUndefined();
			expect(again.output(one.isDone ? 'Count written' : 'Tracked')).toHaveLength(1);
			expect(events('Opened Ticket')).toBe(1);
		});
	});

	describe('and Execution: Fail Until Retried', () => {
		const parameters = { resource: 'execution', operation: 'failUntilRetried' };
		const end = async (...items: IDataObject[]) =>
			await runNode(ZendeskSync, { parameters, items });

		it("fails with the first item's message, and the count of items", async () => {
			const { error } = await end({ error: 'Zendesk was busy', details: 'Wait.' }, { n: 2 });
			expect(error?.message).toBe('2 items failed. The first: Zendesk was busy');
			expect(error?.description).toBe('Wait.');
		});

		it.each([
			[{ error: { message: 'Of another node' } }, 'Of another node'],
			[{ message: 'Of a third' }, 'Of a third'],
			[{}, 'No reason was given'],
		])('fails with the reason in %j', async (item, message) => {
			expect((await end(item)).error?.message).toBe(message);
		});
	});
});
