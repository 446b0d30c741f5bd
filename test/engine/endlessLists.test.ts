/** Lists whose pages lead back to themselves: what else they have is unknown, and is never taken for nothing. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { openConversation } from './support/conversation';
import { ask, bodiesOf, file, runTicket, SECOND, textOf, zendeskCredentials } from './support/desk';
import { runNode } from './support/engine';
import { callsTo, claimed, CUSTOMER, messagesTo, runMessage } from './support/klaviyoMessages';
import { klaviyoRunner } from './support/klaviyoNode';
import { benches, MINUTE } from './support/klaviyoTrigger';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { HandClock, TriggerStage } from './support/zendeskTrigger';

const goOn = { onError: 'continueRegularOutput' } as const;
const ENDLESS = expect.stringContaining('the list does not end');

describe('A list that does not end', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	describe("of Klaviyo's", () => {
		beforeEach(() => {
			sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@home.co', smsMarketing: true });
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		});
		const sends = () => callsTo(sandbox, '/api/conversation-messages', 'POST').length;
		const send = async (more: IDataObject = {}, parameters: INodeParameters = {}) =>
			await runMessage(sandbox, 'sendReply', [claimed(more)], parameters, goOn);

		it.each([
			['a second attempt', { attempt: 2 }, true],
			['the same words as before', { sameWordsBefore: 1 }, false],
		])(
			'is no log to read: a reply with %s is held, and its agent told if none tries again',
			async (_, more, notifyAgent) => {
				sandbox.switches.endlessLists = ['/api/events'];
				expect((await send(more)).json).toMatchObject([
					{ outcome: 'held', reason: 'logUnreadable', notifyAgent },
				]);
				expect(sends()).toBe(0);
			},
		);

		it('is no log to read for a reply through a flow either', async () => {
			sandbox.switches.endlessLists = ['/api/events'];
			const { json } = await send({ attempt: 2 }, { sendThrough: 'flow' });
			expect(json).toMatchObject([{ outcome: 'held', reason: 'logUnreadable', notifyAgent: true }]);
			expect(messagesTo(sandbox)).toEqual([]);
		});

		it.each(['/api/profiles', '/api/metrics'])('fails the item, and says so: %s', async (path) => {
			sandbox.switches.endlessLists = [path];
			const { json } = await send({ attempt: 2 });
			const [{ outcome, error } = {}] = json;
			if (path === '/api/profiles') expect(error).toEqual(ENDLESS);
			else expect(outcome).toBe('held');
			expect(sends()).toBe(0);
		});

		it('shows no history that may not be whole', async () => {
			sandbox.switches.endlessLists = ['/api/events'];
			const { error } = await runMessage(sandbox, 'getMany', [{}], {
				profileId: '',
				customerPhone: CUSTOMER,
			});
			expect(error?.message).toEqual(ENDLESS);
		});

		it('makes no second segment', async () => {
			sandbox.switches.endlessLists = ['/api/segments'];
			const { error } = await klaviyoRunner(() => sandbox, 'segment', 'createOpenTicket')([{}]);
			expect(error?.message).toEqual(ENDLESS);
			expect(callsTo(sandbox, '/api/segments', 'POST')).toEqual([]);
		});

		it('leaves Check Setup without an answer', async () => {
			sandbox.switches.endlessLists = ['/api/metrics'];
			const { json } = await klaviyoRunner(() => sandbox, 'account', 'checkSetup')([{}]);
			expect(json.find(({ check }) => check === 'Message metrics')).toMatchObject({
				status: 'unknown',
				detail: ENDLESS,
			});
		});
	});

	describe("of Zendesk's", () => {
		it("is no answer about a conversation's tickets: no second one is made", async () => {
			await file(sandbox, [textOf(sandbox)]);
			sandbox.switches.endlessLists = ['/api/v2/tickets'];
			const { json } = await file(sandbox, [textOf(sandbox)], goOn);
			expect(json).toMatchObject([{ error: ENDLESS }]);
			expect(bodiesOf(sandbox)).toHaveLength(1);
		});

		it('is no history: a message is not added to a ticket that may have it, nor a reply claimed', async () => {
			const ticket = await openConversation(sandbox);
			const { id } = sandbox.zendesk.agentComments(ticket.id, 'It ships today.');
			await sandbox.clock.advance(5 * SECOND);
			const before = bodiesOf(sandbox);
			sandbox.switches.endlessLists = [`/api/v2/tickets/${ticket.id}/audits`];
			const added = await file(sandbox, [textOf(sandbox)], goOn);
			expect(added.json).toMatchObject([{ error: ENDLESS }]);
			const reply = { key: `reply:${id}`, ticketId: ticket.id, comment: { id } };
			const claim = await runTicket(sandbox, 'claimReply', [reply], goOn);
			expect(claim.json).toMatchObject([{ error: ENDLESS }]);
			expect(bodiesOf(sandbox)).toEqual(before);
		});

		it.each([
			['export', true, '/api/v2/incremental/tickets/cursor'],
			['list', false, '/api/v2/tickets'],
		])('gives no tickets of the past that may not be all: by %s', async (_, mayExport, path) => {
			await openConversation(sandbox);
			await sandbox.clock.advance(2 * MINUTE);
			sandbox.switches.incrementalExportAllowed = mayExport;
			sandbox.switches.endlessLists = [path];
			const { json, error } = await runTicket(sandbox, 'getMany', [{}], {
				parameters: { returnAll: true },
			});
			expect({ json, error: error?.message }).toEqual({ json: [], error: ENDLESS });
		});

		it('makes no second view', async () => {
			sandbox.switches.endlessLists = ['/api/v2/views'];
			const { error } = await runNode(ZendeskSync, {
				credentials: zendeskCredentials(sandbox),
				parameters: {
					authentication: 'apiToken',
					resource: 'setup',
					operation: 'createConversationView',
				},
				items: [{}],
			});
			expect(error?.message).toEqual(ENDLESS);
			sandbox.switches.endlessLists = [];
			expect(await ask(sandbox, 'GET', '/api/v2/views')).toMatchObject({ views: [] });
		});
	});
});

describe("Klaviyo's event log, while it does not end,", () => {
	const { bench, pass } = benches();

	it('is read again: what a poll did not see comes with a later one', async () => {
		const trigger = await bench().prepare();
		const { sandbox, klaviyo } = bench();
		const now = pass(0);
		klaviyo.customersMessage(
			Array.from({ length: 1500 }, (_, n) => ({
				from: `+1212555${String(n).padStart(4, '0')}`,
				body: `Text ${n}`,
				at: now - 60_000 - n * 10,
			})),
		);
		sandbox.switches.endlessLists = ['/api/events'];
		const keysOf = async () => (await trigger.poll()).map(({ json }) => json.key);
		const first = await keysOf();
		expect(first.length).toBeGreaterThan(0);
		sandbox.switches.endlessLists = [];
		const rest = await keysOf();
		expect(new Set([...first, ...rest]).size).toBe(1500);
	});
});

describe("Zendesk's list of changed tickets, while it does not end,", () => {
	let stage: TriggerStage;
	beforeEach(async () => {
		stage = await TriggerStage.start({ switches: { incrementalExportAllowed: false } });
	});
	afterEach(async () => await stage.close());

	it('is read again: what a poll did not see comes with a later one', async () => {
		const clock = new HandClock(stage);
		const customer = stage.customer();
		const opened = Array.from({ length: 150 }, () => {
			clock.pass(SECOND);
			return `opened:${stage.conversation(customer).id}`;
		});
		clock.pass(10 * MINUTE);
		const trigger = await stage.prepare();
		stage.sandbox.switches.endlessLists = ['/api/v2/tickets'];
		const first = [...(await clock.poll(trigger)), ...(await clock.poll(trigger))];
		expect(first).toHaveLength(100);
		stage.sandbox.switches.endlessLists = [];
		const rest = [...(await clock.poll(trigger)), ...(await clock.poll(trigger))];
		const keys = [...first, ...rest].map(({ key }) => key);
		expect(keys.toSorted()).toEqual(opened.toSorted());
	});
});
