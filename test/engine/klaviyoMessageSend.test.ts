import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { type NodeSetup, runNode } from './support/engine';
import {
	callsTo,
	credentialsOf,
	CUSTOMER,
	goesOn,
	messagesTo,
	OTHER,
	runMessage,
} from './support/klaviyoMessages';

const TEXT = 'Your order has shipped.';
const HOUR = 3600_000;

describe('Klaviyo: Message: Send', () => {
	let sandbox: QuickSandbox;
	let profileId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		profileId = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true }).id;
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
	});
	afterEach(async () => await sandbox.close());

	const sendAll = async (
		items: IDataObject[],
		parameters: INodeParameters = {},
		setup: NodeSetup = {},
	) => await runMessage(sandbox, 'send', items, { text: TEXT, ...parameters }, setup);
	const send = async (
		item: IDataObject = {},
		parameters: INodeParameters = {},
		setup: NodeSetup = {},
	) => await sendAll([{ from: CUSTOMER, key: 'order:1', ...item }], parameters, setup);
	const sends = () => callsTo(sandbox, '/api/conversation-messages', 'POST');
	const tracks = () => callsTo(sandbox, '/api/events', 'POST');

	describe('into the conversation', () => {
		it('sends, and says to whom and how it is billed', async () => {
			const { json } = await send({ orderId: 7 });
			expect(json).toEqual([
				{
					outcome: 'sent',
					profileId,
					phone: CUSTOMER,
					channel: 'sms',
					segments: 1,
					encoding: 'GSM-7',
					from: CUSTOMER,
					key: 'order:1',
					orderId: 7,
				},
			]);
			expect(messagesTo(sandbox)).toEqual([TEXT]);
			expect(sandbox.calls().map(({ method, path }) => `${method} ${path}`)).toEqual([
				'GET /api/profiles',
				'POST /api/events',
				'GET /api/metrics',
				'GET /api/events',
				'POST /api/conversation-messages',
			]);
		});

		it.each([
			['with', 'order:2'],
			['without', ''],
		])('costs what docs/guarantees.md says (%s a key)', async (has, key) => {
			await send();
			const before = sandbox.calls().length;
			await send({ key });
			const guarantees = readFileSync(join(__dirname, '../../docs/guarantees.md'), 'utf8');
			expect(guarantees).toMatch(
				new RegExp(
					`message of your own, in the conversation, ${has} a key +\\| 0 +\\| ${sandbox.calls().length - before} +\\|`,
				),
			);
		});

		it.each([
			['twice among the items', async () => await sendAll(twice)],
			['in a step that is run again', async () => [await sendAll(once), await sendAll(once)]],
			[
				'in another process',
				async () => {
					await sendAll(once);
					forgetProcess();
					return await sendAll(once);
				},
			],
			[
				'in two processes at the same time',
				async () => {
					const first = sendAll(once);
					await sandbox.until('the first is under way', () => sandbox.calls().length > 0);
					forgetProcess();
					return await Promise.all([first, sendAll(once)]);
				},
			],
		])('is sent once a key: %s', async (_, run) => {
			await run();
			expect(messagesTo(sandbox)).toEqual([TEXT]);
		});
		const once = [{ from: CUSTOMER, key: 'order:1' }];
		const twice = [...once, ...once];

		it('says of a key that was used that nothing was sent now, and which words were', async () => {
			await send();
			expect((await send()).json).toMatchObject([{ outcome: 'alreadySent' }]);
			forgetProcess();
			const { json } = await send({}, { text: 'It is on its way!' });
			expect(json).toMatchObject([
				{
					outcome: 'alreadySent',
					message: expect.stringContaining(`It had other words: "${TEXT}"`),
				},
			]);
			expect(messagesTo(sandbox)).toEqual([TEXT]);
		});

		it('sends the same words with another key, and to another customer with the same one', async () => {
			sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true });
			sandbox.klaviyo.customerWrites({ from: OTHER, body: 'Hi' });
			const { json } = await sendAll([
				{ from: CUSTOMER, key: 'order:1' },
				{ from: CUSTOMER, key: 'order:2' },
				{ from: OTHER, key: 'order:1' },
			]);
			expect(json.map(({ outcome }) => outcome)).toEqual(['sent', 'sent', 'sent']);
			expect(messagesTo(sandbox)).toEqual([TEXT, TEXT]);
			expect(messagesTo(sandbox, OTHER)).toEqual([TEXT]);
		});

		it('sends the same words once in an execution without a key, and again in the next', async () => {
			const item = { from: CUSTOMER };
			const { json } = await sendAll([item, item]);
			expect(json.map(({ outcome }) => outcome)).toEqual(['sent', 'alreadySent']);
			expect(tracks()).toEqual([]);
			// The next execution knows nothing of this one.
			forgetProcess();
			await sendAll([item]);
			expect(messagesTo(sandbox)).toEqual([TEXT, TEXT]);
		});

		it('waits until Klaviyo shows that the key is reserved', async () => {
			sandbox.switches.eventLag = 5000;
			expect((await send()).json).toMatchObject([{ outcome: 'sent' }]);
		});

		it('sends nothing if Klaviyo does not show the key, and sends in a later try', async () => {
			sandbox.switches.eventLag = HOUR;
			const { error } = await send();
			expect(error?.message).toContain('was not sent');
			expect(sends()).toEqual([]);
			await sandbox.clock.advance(HOUR);
			expect((await send()).json).toMatchObject([{ outcome: 'sent' }]);
			expect(messagesTo(sandbox)).toEqual([TEXT]);
		});
	});

	describe('when the answer is lost', () => {
		const lose = async (run: () => Promise<unknown>) => {
			const sending = run();
			const isReserved = () => callsTo(sandbox, '/api/events').length > 0;
			await sandbox.until('the key is reserved', isReserved);
			sandbox.switches.faults.lostAnswer = 1;
			await sandbox.until('the message is sent', () => sends().length > 0);
			sandbox.switches.faults.lostAnswer = 0;
			return await sending;
		};

		it('says unknown, sends nothing again, and finds the message later', async () => {
			sandbox.switches.outboundLogLag = 60_000;
			await lose(async () => {
				const { json } = await send();
				expect(json).toMatchObject([{ outcome: 'unknown', reason: 'noAnswer' }]);
			});
			expect((await send()).json).toMatchObject([{ outcome: 'unknown' }]);
			forgetProcess();
			expect((await send()).json).toMatchObject([{ outcome: 'unknown', reason: 'notInLog' }]);
			await sandbox.clock.advance(60_000);
			expect((await send()).json).toMatchObject([{ outcome: 'alreadySent' }]);
			expect(messagesTo(sandbox)).toEqual([TEXT]);
		});

		it("does not take another key's message for it", async () => {
			sandbox.switches.outboundLogLag = 60_000;
			await lose(async () => await send());
			await send({ key: 'order:2' });
			await sandbox.clock.advance(60_000);
			// Both were sent. One message in the log would be the other key's.
			expect((await send()).json).toMatchObject([{ outcome: 'alreadySent' }]);
		});
	});

	describe('is an error', () => {
		it.each<[string, IDataObject, string, () => unknown]>([
			['unknown number', { from: OTHER }, 'no profile with this phone number', () => undefined],
			['no number', { from: '' }, "'Customer Phone' is empty", () => undefined],
			['no phone number', { from: 'ACME' }, 'not a valid phone number', () => undefined],
			[
				'unsubscribed',
				{},
				'cannot receive SMS',
				() => sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' }),
			],
			[
				'never wrote',
				{ from: OTHER },
				'no conversation',
				() => sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true }),
			],
		])('for a customer with %s', async (_, item, message, happens) => {
			happens();
			const before = messagesTo(sandbox).length;
			const { error } = await send(item);
			expect(error?.message).toContain(message);
			expect(tracks()).toEqual([]);
			expect(messagesTo(sandbox)).toHaveLength(before);
		});

		it.each([
			[{ text: ' ' }, "'Text' is empty"],
			[{ key: 'k'.repeat(201) }, "'Key' is too long"],
			[{ channel: 'fax' }, "'Channel'"],
			[{ sendThrough: 'flow', metric: ' ' }, "'Metric' is empty"],
			[{ profileId: '01NOBODY', customerPhone: '' }, 'no profile with this ID'],
		])('for %j', async (parameters, message) => {
			expect((await send({}, parameters)).error?.message).toContain(message);
			expect(sends()).toEqual([]);
		});

		it('on WhatsApp after 24 hours, with the time', async () => {
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi', channel: 'whatsapp' });
			await sandbox.clock.advance(25 * HOUR);
			const { error } = await send({ channel: 'whatsapp' });
			expect(error?.message).toContain('more than 24 hours ago');
			expect(error?.message).toMatch(/since \d{4}-/);
		});

		it('that does not keep other items from being sent', async () => {
			const { json } = await sendAll(
				[
					{ from: OTHER, key: 'order:1' },
					{ from: CUSTOMER, key: 'order:1' },
				],
				{},
				goesOn,
			);
			expect(json).toMatchObject([{ error: expect.any(String) }, { outcome: 'sent' }]);
		});

		it('of the right to write events, by its name', async () => {
			sandbox.switches.keyScopes = ['profiles:read', 'conversations:read', 'events:read'];
			expect((await send()).error?.message).toMatch(/not accepted|events:write|may not/i);
			expect(sends()).toEqual([]);
		});
	});

	it('says that it was sent before, though the customer has unsubscribed since', async () => {
		await send();
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' });
		expect((await send()).json).toMatchObject([{ outcome: 'alreadySent' }]);
		forgetProcess();
		expect((await send()).json).toMatchObject([{ outcome: 'alreadySent' }]);
		expect((await send({ key: 'order:2' })).error?.message).toContain('cannot receive SMS');
	});

	it('sends on WhatsApp while the 24 hours last', async () => {
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi', channel: 'whatsapp' });
		const { json } = await send({ channel: 'whatsapp' });
		expect(json).toMatchObject([{ outcome: 'sent', channel: 'whatsapp' }]);
		expect(json[0]).not.toHaveProperty('segments');
	});

	describe('several profiles with one number', () => {
		// Networks deliver to either spelling.
		const [spelling, other] = ['+525550001234', '+5215550001234'];
		let own: string;
		beforeEach(() => {
			own = sandbox.klaviyo.addProfile({ phone: spelling, smsMarketing: true }).id;
			sandbox.klaviyo.addProfile({ phone: other, smsMarketing: true });
		});

		it('it is the one with the conversation', async () => {
			sandbox.klaviyo.customerWrites({ from: spelling, body: 'Hola' });
			expect((await send({ from: other })).json).toMatchObject([
				{ outcome: 'sent', profileId: own },
			]);
			expect(messagesTo(sandbox, spelling)).toEqual([TEXT]);
		});

		it('is an error through a flow, unless the profile is named', async () => {
			const flow = { sendThrough: 'flow' };
			const { error } = await send({ from: other }, flow);
			expect(error?.message).toContain('several profiles');
			const { json } = await send({ from: other }, { ...flow, profileId: own });
			expect(json).toMatchObject([{ outcome: 'sent', profileId: own }]);
			const stranger = await send({ from: OTHER }, { ...flow, profileId: own });
			expect(stranger.error?.message).toContain('another phone number');
		});
	});

	describe('through a flow', () => {
		const METRIC = 'Message From Workflow';
		const flow = { sendThrough: 'flow' };
		beforeEach(() => {
			// The account that needs it: no Conversations API, and no permission to read conversations.
			sandbox.switches.conversationsEnabled = false;
			sandbox.switches.keyScopes = ['profiles:read', 'events:read', 'events:write', 'metrics:read'];
			sandbox.klaviyo.addMessageFlow({ metric: METRIC, body: '{{ event.body }}' });
		});

		it('reaches a customer who never wrote, once a key', async () => {
			sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true });
			const { json } = await send({ from: OTHER }, flow);
			expect(json).toMatchObject([{ outcome: 'sent' }]);
			expect((await send({ from: OTHER }, flow)).json).toMatchObject([{ outcome: 'alreadySent' }]);
			forgetProcess();
			const again = await send({ from: OTHER }, { ...flow, text: 'Other words' });
			expect(again.json).toMatchObject([
				{ outcome: 'alreadySent', message: expect.stringContaining(TEXT) },
			]);
			expect(messagesTo(sandbox, OTHER)).toEqual([TEXT]);
		});

		it('is sent once if the answer is lost', async () => {
			const sending = send({}, flow);
			await sandbox.until('the profile is read', () => sandbox.calls().length > 0);
			sandbox.switches.faults.lostAnswer = 1;
			await sandbox.until('an answer is lost', () => tracks().length > 0);
			sandbox.switches.faults.lostAnswer = 0;
			expect((await sending).json).toMatchObject([{ outcome: 'sent' }]);
			expect(messagesTo(sandbox)).toEqual([TEXT]);
		});

		it('is an error for a customer who may not get it', async () => {
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' });
			expect((await send({}, flow)).error?.message).toContain('cannot receive SMS');
			expect(tracks()).toEqual([]);
		});
	});

	it('is a tool whose words the model gives, and whose customer the item gives', async () => {
		const { json } = await runNode(Klaviyo, {
			credentials: credentialsOf(sandbox),
			parameters: { resource: 'message', operation: 'send', text: TEXT },
			typeName: 'test.klaviyoTool',
			items: [{ from: CUSTOMER, key: 'message:1', secretHeader: 'x' }],
		});
		expect(json).toMatchObject([{ outcome: 'sent', phone: CUSTOMER }]);
		expect(json[0]).not.toHaveProperty('secretHeader');
	});
});
