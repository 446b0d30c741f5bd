/** Failures around a real n8n: replies that cannot be sent, vendors that are down, n8n killed. */
import type { ExecutionFilter } from '../../scripts/n8n/editor';
import { until } from '../../scripts/n8n/until';
import { type Door, openDoor } from '../support/door';
import {
	addCustomer,
	afterExecutions,
	addedMessages,
	notesOf,
	RETRY_FOR_MS,
	quiet,
	receivedBy,
	TEST_LIMIT,
	ticketsOf,
	useStage,
} from './support/stage';

jest.setTimeout(TEST_LIMIT);

describe('when something goes wrong', () => {
	let zendeskDoor: Door;
	const stage = useStage({
		async reach({ zendesk, klaviyo }) {
			zendeskDoor = await openDoor(zendesk.url);
			return { zendesk: zendeskDoor.url, klaviyo: klaviyo.url };
		},
	});
	afterEach(() => zendeskDoor.open());
	afterAll(async () => await zendeskDoor.close());

	/** A customer with a ticket from their message, ready to be replied to. */
	async function withTicket(phone: string, email?: string): Promise<string> {
		addCustomer(stage(), phone, email);
		await afterExecutions(stage(), '01', 1, () =>
			stage().sandbox.klaviyo.customerWrites({ from: phone, body: 'Where is my order?' }),
		);
		const [ticket] = ticketsOf(stage(), phone);
		if (!ticket) throw new Error(`No ticket for ${phone}`);
		return ticket.id;
	}

	const reply = (ticketId: string, body: string) =>
		afterExecutions(stage(), '02', 1, () =>
			stage().sandbox.zendesk.agentComments(ticketId, body, { public: true }),
		);

	/** The notes besides the claim's own. */
	const reasonsFor = (phone: string): string[] =>
		notesOf(stage(), phone).filter((note) => !note.startsWith('This reply goes to the customer'));

	describe('a reply that cannot be sent is explained to the agent, once', () => {
		it('from an agent whose e-mail is the customer’s', async () => {
			const phone = '+12125550121';
			const ticket = await withTicket(phone, stage().sandbox.zendesk.agent.email ?? '');
			const { faults } = stage().sandbox.switches;
			// Both of its deliveries: only one of them may write a note.
			await afterExecutions(stage(), '02', 2, () => {
				faults.duplicateDelivery = 1;
				stage().sandbox.zendesk.agentComments(ticket, 'Talking to myself', { public: true });
				faults.duplicateDelivery = 0;
			});
			await quiet(stage());
			expect(receivedBy(stage(), phone)).toEqual([]);
			expect(reasonsFor(phone)).toEqual([
				expect.stringContaining("the agent's e-mail address is also the customer's"),
			]);
		});

		it('without Klaviyo’s Conversations API', async () => {
			const phone = '+12125550122';
			const ticket = await withTicket(phone);
			stage().sandbox.switches.conversationsEnabled = false;
			await reply(ticket, 'Into the void');
			await quiet(stage());
			stage().sandbox.switches.conversationsEnabled = true;
			expect(receivedBy(stage(), phone)).toEqual([]);
			expect(reasonsFor(phone)).toEqual([expect.stringContaining('This reply was not sent')]);
		});

		it('to a customer who has unsubscribed since', async () => {
			const phone = '+12125550123';
			const ticket = await withTicket(phone);
			await afterExecutions(stage(), '01', 1, () =>
				stage().sandbox.klaviyo.customerWrites({ from: phone, body: 'STOP' }),
			);
			await reply(ticket, 'Please come back');
			await quiet(stage());
			expect(receivedBy(stage(), phone)).not.toContain('Please come back');
			expect(reasonsFor(phone)).toEqual([expect.stringContaining('unsubscribed')]);
		});
	});

	it('adds a message although Zendesk is down for a moment', async () => {
		const phone = '+12125550124';
		const { sandbox } = stage();
		addCustomer(stage(), phone);
		await afterExecutions(stage(), '01', 1, async () => {
			zendeskDoor.shut = true;
			const before = zendeskDoor.turnedAway();
			sandbox.klaviyo.customerWrites({ from: phone, body: 'Knock, knock' });
			await until('n8n at the shut door', () => zendeskDoor.turnedAway() >= before + 3);
			zendeskDoor.shut = false;
		});
		expect(addedMessages(stage(), phone)).toEqual(['Knock, knock']);
	});

	it('adds by n8n’s Retry, once, what an execution could not', async () => {
		const phone = '+12125550128';
		const { sandbox, n8n } = stage();
		addCustomer(stage(), phone);
		zendeskDoor.shut = true;
		const [ended] = await afterExecutions(stage(), '01', 1, () =>
			sandbox.klaviyo.customerWrites({ from: phone, body: 'Once more' }),
		);
		expect(ended?.status).toBe('error');
		const still = await n8n.retry(ended?.id ?? '');
		expect(still).toMatchObject({ mode: 'retry', status: 'error' });
		zendeskDoor.shut = false;
		expect(addedMessages(stage(), phone)).toEqual([]);
		const again = await n8n.retry(still.id);
		expect(again).toMatchObject({ mode: 'retry', status: 'success' });
		expect(again.output('New ticket')).toMatchObject([{ body: 'Once more', outcome: 'created' }]);
		expect(addedMessages(stage(), phone)).toEqual(['Once more']);
		for (const workflow of ['original', 'saved'] as const) {
			const repeated = await n8n.retry(ended?.id ?? '', workflow);
			expect(repeated.status).toBe('success');
			expect(repeated.output('Already there')).toHaveLength(1);
		}
		expect(addedMessages(stage(), phone)).toEqual(['Once more']);
	});

	it('adds a message after both vendors were down for longer than its execution lasted', async () => {
		const phone = '+12125550125';
		const { sandbox, n8n, workflow } = stage();
		addCustomer(stage(), phone);
		sandbox.switches.faults.serverError = 1;
		const [ended] = await afterExecutions(stage(), '01', 1, () =>
			sandbox.klaviyo.customerWrites({ from: phone, body: 'Nobody listens' }),
		);
		expect(ended?.status).toBe('error');
		sandbox.switches.faults.serverError = 0;
		expect(addedMessages(stage(), phone)).toEqual([]);
		await n8n.restart();
		await sandbox.until(
			'the message',
			() => addedMessages(stage(), phone).length > 0,
			RETRY_FOR_MS,
		);
		await quiet(stage());
		expect(addedMessages(stage(), phone)).toEqual(['Nobody listens']);
		const [newest] = await n8n.executions({ workflowId: workflow('01').id });
		expect(newest).toMatchObject({ mode: 'trigger', status: 'success' });
	});

	describe('killed between the webhook’s 200 and the end of the execution', () => {
		/** Messages, waits for the 200 and for `moment`, kills n8n, and starts it again. */
		async function killedAt(phone: string, body: string, moment: () => boolean): Promise<void> {
			const { sandbox, n8n, workflow } = stage();
			addCustomer(stage(), phone);
			const { id } = sandbox.klaviyo.customerWrites({ from: phone, body });
			await sandbox.until(
				'the 200',
				() =>
					sandbox
						.deliveries()
						.some(({ eventIds, status }) => eventIds.includes(id) && status === 200),
				RETRY_FOR_MS,
			);
			await until('the moment', moment);
			const underWay: ExecutionFilter = {
				workflowId: workflow('01').id,
				status: ['new', 'running'],
			};
			await until('the execution', async () => (await n8n.executions(underWay)).length > 0);
			await n8n.kill();
			expect(addedMessages(stage(), phone)).toEqual([]);
			await n8n.boot();
		}

		async function isAddedOnce(phone: string, body: string): Promise<void> {
			await stage().sandbox.until(
				'the message',
				() => addedMessages(stage(), phone)[0],
				RETRY_FOR_MS,
			);
			await quiet(stage());
			expect(addedMessages(stage(), phone)).toEqual([body]);
			expect(ticketsOf(stage(), phone)).toHaveLength(1);
			const [newest] = await stage().n8n.executions({ workflowId: stage().workflow('01').id });
			expect(newest).toMatchObject({ mode: 'trigger', status: 'success' });
		}

		it('before anything was written: the first poll brings the message', async () => {
			const phone = '+12125550126';
			const held = zendeskDoor.hold('/api/v2/tickets');
			await killedAt(phone, 'Killed early', () => held.waiting() > 0);
			held.release();
			await isAddedOnce(phone, 'Killed early');
		});

		it('while Zendesk creates the ticket: it is found, not created again', async () => {
			const phone = '+12125550127';
			const { sandbox } = stage();
			const writes = () => zendeskDoor.passed('POST /api/v2/tickets');
			const before = writes();
			sandbox.switches.createDuration = 600_000;
			await killedAt(phone, 'Killed late', () => writes() > before);
			// It meets its own earlier request, still under way.
			const asked = writes();
			await until('n8n to ask again', () => writes() > asked, { timeout: RETRY_FOR_MS });
			expect(ticketsOf(stage(), phone)).toEqual([]);
			sandbox.switches.createDuration = 0;
			await isAddedOnce(phone, 'Killed late');
		});
	});
});
