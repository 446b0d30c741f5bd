import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { runNode, THIS_EXECUTION } from './support/engine';
import {
	callsTo,
	claimed,
	credentialsOf,
	CUSTOMER,
	goesOn,
	OTHER,
	runMessage,
	messagesTo,
} from './support/klaviyoMessages';

describe('Klaviyo: Message: Send Reply', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@home.co', smsMarketing: true });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
	});
	afterEach(async () => await sandbox.close());

	const send = async (...items: IDataObject[]) => await runMessage(sandbox, 'sendReply', items);
	const sends = () => callsTo(sandbox, '/api/conversation-messages', 'POST');
	/** Sends, and makes a fault of the sandbox begin when the customer has been looked up. */
	const sendInto = async (fault: () => void, item = claimed()) => {
		const sending = send(item);
		await sandbox.until('the profile is read', () => sandbox.calls().length > 0);
		fault();
		return await sending;
	};

	it.each([
		['plain characters', 'It ships today.', 1, 'GSM-7'],
		['Korean', '오늘 발송됩니다. '.repeat(8).trim(), 2, 'UCS-2'],
		['an emoji', 'On its way 🎉', 1, 'UCS-2'],
	])('says how a message of %s is billed', async (_, body, segments, encoding) => {
		const { json } = await send(claimed({ body }));
		expect(json).toMatchObject([{ outcome: 'sent', segments, encoding }]);
		expect(messagesTo(sandbox)).toEqual([body]);
	});

	it('sends attachments as links, below the text or alone', async () => {
		const attachments = [
			{ fileName: 'label.pdf', url: 'https://acme.zendesk.com/attachments/1' },
			{ fileName: 'map.png', url: 'https://acme.zendesk.com/attachments/2' },
		];
		const { json } = await send(
			claimed({ body: 'Your label:', attachments, key: 'reply:1' }),
			claimed({ body: '', attachments: attachments.slice(1), key: 'reply:2' }),
		);
		expect(json.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
		expect(json[0]?.segments).toBe(1);
		expect(messagesTo(sandbox).sort()).toEqual([
			'Your label:\nhttps://acme.zendesk.com/attachments/1\nhttps://acme.zendesk.com/attachments/2',
			'https://acme.zendesk.com/attachments/2',
		]);
	});

	it('is refused for a customer who has never texted', async () => {
		sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true });
		expect((await send(claimed({ phone: OTHER }))).json).toMatchObject([
			{ outcome: 'refused', reason: 'noConversation', notifyAgent: true },
		]);
		expect(sends()).toEqual([]);
	});

	it('is refused for a customer who has unsubscribed', async () => {
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' });
		const { json } = await send(claimed());
		expect(json).toMatchObject([{ outcome: 'refused', reason: 'noConsent', notifyAgent: true }]);
		expect(json[0]?.message).toContain('cannot receive SMS');
		expect(sends()).toEqual([]);
	});

	it('is sent with transactional consent alone', async () => {
		sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: false, smsTransactional: true });
		sandbox.klaviyo.customerWrites({ from: OTHER, body: 'Hi' });
		expect((await send(claimed({ phone: OTHER }))).json).toMatchObject([{ outcome: 'sent' }]);
	});

	it.each([
		['of the agent', { agentEmail: null }],
		['of the customer', { phone: OTHER }],
	])('is sent when the e-mail address %s is not known', async (_, more) => {
		sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true });
		sandbox.klaviyo.customerWrites({ from: OTHER, body: 'Hi' });
		expect((await send(claimed(more))).json).toMatchObject([{ outcome: 'sent' }]);
	});

	it('is refused without text and attachments', async () => {
		expect((await send(claimed({ body: ' \n ' }))).json).toMatchObject([
			{ outcome: 'refused', reason: 'emptyBody', notifyAgent: true },
		]);
		expect(sandbox.calls()).toEqual([]);
	});

	it.each(['no words in it', 'no right to read it'])(
		'is held on a second attempt when the log cannot be read (%s)',
		async (fault) => {
			if (fault === 'no words in it') {
				sandbox.switches.outboundWords = false;
				sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'It ships today.', kind: 'inbox' });
			} else sandbox.switches.keyScopes = ['profiles:read', 'conversations:read', 'metrics:read'];
			const { json } = await send(claimed({ attempt: 2 }));
			expect(json).toMatchObject([{ outcome: 'held', reason: 'logUnreadable', notifyAgent: true }]);
			expect(sends()).toEqual([]);
		},
	);

	it('is held when too much time has passed since its claim', async () => {
		const claimedAt = new Date(Date.now() - 31_000).toISOString();
		expect((await send(claimed({ claimedAt }))).json).toMatchObject([
			{ outcome: 'held', reason: 'tooLate', notifyAgent: false },
		]);
		expect(sandbox.calls()).toEqual([]);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput', 'stopWorkflow'] as const)(
		'is sent once for its claim, however often n8n runs the node (On Error: %s)',
		async (onError) => {
			sandbox.switches.strangeIdentifiers = 'refused';
			const items = [claimed({ key: 'reply:1', phone: '+00000' }), claimed({ key: 'reply:2' })];
			const runs = [];
			for (let run = 0; run < 3; run++)
				runs.push((await runMessage(sandbox, 'sendReply', items, {}, { onError })).json);
			expect(messagesTo(sandbox)).toHaveLength(1);
			const outcomes = runs.map((run) => run.find(({ key }) => key === 'reply:2')?.outcome);
			expect(outcomes).toEqual(['sent', 'alreadySent', 'alreadySent']);
		},
	);

	it('is sent once when its claim is there twice', async () => {
		const item = claimed({ key: 'reply:3' });
		const { json } = await send(item, item);
		expect(messagesTo(sandbox)).toHaveLength(1);
		expect(json).toMatchObject([
			{ outcome: 'sent', notifyAgent: false },
			{ outcome: 'alreadySent', notifyAgent: false },
		]);
	});

	it.each([
		[
			'is sent by the execution that claimed it',
			{ executionId: THIS_EXECUTION },
			'trigger',
			'sent',
		],
		['is held in any other, executed by hand or retried', { executionId: '7' }, 'manual', 'held'],
		['is held in any other, in any process', { executionId: '7' }, 'webhook', 'held'],
		['is sent by a sub-workflow', { executionId: '7' }, 'integrated', 'sent'],
	] as const)('%s', async (_what, execution, mode, outcome) => {
		const item = claimed({ ...execution, comesAgain: false });
		const { json } = await runNode(
			Klaviyo,
			{
				credentials: credentialsOf(sandbox),
				parameters: { resource: 'message', operation: 'sendReply' },
				items: [item],
			},
			mode,
		);
		expect(json).toMatchObject([{ outcome, notifyAgent: false }]);
		if (outcome === 'held') expect(json[0]?.reason).toBe('otherExecution');
		expect(messagesTo(sandbox)).toHaveLength(outcome === 'sent' ? 1 : 0);
	});

	it('is looked up where its claim comes hours late, as by Retry, and goes on to a second claim', async () => {
		const claimedAt = new Date(Date.now() - 3600_000).toISOString();
		for (const body of ['On its way', 'Thanks'])
			sandbox.klaviyo.brandWrites({ to: CUSTOMER, body, kind: 'campaign' });
		expect((await send(claimed({ claimedAt }))).json).toMatchObject([{ outcome: 'missing' }]);
		sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'It ships today.', kind: 'inbox' });
		expect((await send(claimed({ claimedAt }))).json).toMatchObject([{ outcome: 'alreadySent' }]);
		expect(sends()).toEqual([]);
	});

	it("waits for Klaviyo's rate limit, and sends once", async () => {
		const sending = sendInto(() => {
			sandbox.switches.faults.tooManyRequests = 1;
		});
		await sandbox.until('a send is refused', () => sends().some(({ status }) => status === 429));
		sandbox.switches.faults.tooManyRequests = 0;
		expect((await sending).json).toMatchObject([{ outcome: 'sent' }]);
		expect(messagesTo(sandbox)).toHaveLength(1);
	});

	it("never sends again after a fault of Klaviyo's", async () => {
		const { json } = await sendInto(() => {
			sandbox.switches.faults.serverError = 1;
		});
		expect(json).toMatchObject([{ outcome: 'held', reason: 'noAnswer', notifyAgent: false }]);
		expect(sends()).toHaveLength(1);
	});

	it.each([
		['a prefix', { organisationPrefix: 'Acme: ' }],
		['shortened links', { shortenLinks: true }],
		['a suffix', { unsubscribeSuffix: '\nReply STOP to opt out' }],
		['plain characters', { plainCharacters: true }],
		[
			'all of that',
			{
				organisationPrefix: '[Acme] ',
				shortenLinks: true,
				unsubscribeSuffix: ' Text STOP to unsubscribe.',
				plainCharacters: true,
			},
		],
	])('knows its message in the log with %s', async (_, switches) => {
		Object.assign(sandbox.switches, switches);
		const body = 'It\u2019s here \u2013 \u201cnow\u201d\u2026\nhttps://acme.co/track?id=1 \n\n Bye';
		await send(claimed({ body }));
		expect((await send(claimed({ body, outcome: 'unclear' }))).json).toMatchObject([
			{ outcome: 'alreadySent' },
		]);
		expect((await send(claimed({ body, attempt: 2 }))).json).toMatchObject([
			{ outcome: 'alreadySent' },
		]);
		expect(messagesTo(sandbox)).toHaveLength(1);
	});

	it('counts a message that was not delivered as sent', async () => {
		sandbox.switches.undeliverablePhones = [CUSTOMER];
		await send(claimed());
		expect((await send(claimed({ attempt: 2 }))).json).toMatchObject([{ outcome: 'alreadySent' }]);
		expect(sends()).toHaveLength(1);
	});

	it('that was delivered and failed later counts as one', async () => {
		Object.assign(sandbox.switches, { undeliverablePhones: [CUSTOMER], failsAfterDelivery: true });
		const first = claimed({ key: 'reply:8' });
		await send(first);
		sandbox.switches.undeliverablePhones = [];
		const { sameWordsSince } = first;
		const again = async (attempt: number) =>
			(await send(claimed({ attempt, sameWordsBefore: 1, sameWordsSince }))).json;
		expect(await again(1)).toMatchObject([{ outcome: 'sent' }]);
		expect(sends()).toHaveLength(2);
		expect(await again(2)).toMatchObject([{ outcome: 'alreadySent' }]);
		expect(sends()).toHaveLength(2);
	});

	it('that was delivered and failed later is not guessed at where the log does not tell one from two', async () => {
		Object.assign(sandbox.switches, {
			undeliverablePhones: [CUSTOMER],
			failsAfterDelivery: true,
			sendingIds: false,
		});
		const first = claimed({ key: 'reply:8' });
		await send(first);
		const { sameWordsSince } = first;
		expect((await send(claimed({ key: 'reply:8', attempt: 2 }))).json).toMatchObject([
			{ outcome: 'alreadySent' },
		]);
		const second = await send(claimed({ sameWordsBefore: 1, sameWordsSince }));
		expect(second.json).toMatchObject([
			{
				outcome: 'held',
				reason: 'logUnreadable',
				message: expect.stringContaining('as delivered and as failed'),
			},
		]);
		expect(sends()).toHaveLength(1);
	});

	it('waits until an earlier reply with the same words is in the log', async () => {
		sandbox.switches.outboundLogLag = 60_000;
		const first = claimed({ key: 'reply:8' });
		await send(first);
		const { sameWordsSince } = first;
		const second = () => claimed({ sameWordsBefore: 1, sameWordsSince });
		expect((await send(second())).json).toMatchObject([
			{
				outcome: 'held',
				reason: 'earlierUnconfirmed',
				// Whether that one was sent is not known.
				message: expect.stringContaining('an earlier reply has the same words'),
				notifyAgent: false,
			},
		]);
		await sandbox.clock.advance(60_000);
		expect((await send(second())).json).toMatchObject([{ outcome: 'sent' }]);
		expect(messagesTo(sandbox)).toHaveLength(2);
	});

	it('sends 100 kB if Klaviyo accepts it, and is refused in its words if not', async () => {
		const body = 'x'.repeat(100_000);
		expect((await send(claimed({ body }))).json).toMatchObject([
			{ outcome: 'sent', segments: 654 },
		]);
		sandbox.switches.longestMessage = 1600;
		const { json } = await send(claimed({ body, key: 'reply:10' }));
		expect(json).toMatchObject([{ outcome: 'refused', reason: 'rejected', notifyAgent: true }]);
		expect(json[0]?.message).toContain('at most 1600 characters');
		expect(json[0]?.body).toBe(body);
		expect(messagesTo(sandbox)).toHaveLength(1);
	});

	it('says why a key that lacks a scope, or has expired, sends nothing', async () => {
		sandbox.switches.keyScopes = ['profiles:read', 'conversations:read'];
		const unwritten = await send(claimed());
		expect(unwritten.json).toMatchObject([{ outcome: 'refused', reason: 'rejected' }]);
		expect(unwritten.json[0]?.message).toContain('conversations:write');
		sandbox.switches.keyScopes = ['conversations:write'];
		const unread = await send(claimed({ key: 'reply:10' }));
		expect(unread.error?.message).toContain('The profile could not be read (status 403)');
		expect(unread.error?.description).toContain('scope');
		const { json } = await runMessage(
			sandbox,
			'sendReply',
			[claimed({ key: 'reply:11' }), claimed({ key: 'reply:12' })],
			{},
			{
				...goesOn,
				credentials: {
					klaviyoSyncApi: { ...credentialsOf(sandbox).klaviyoSyncApi, apiKey: 'old' },
				},
			},
		);
		expect(json.map(({ error }) => error)).toEqual(
			Array(2).fill('The credential was not accepted'),
		);
		expect(messagesTo(sandbox)).toEqual([]);
	});

	it('fails with a clear message when Klaviyo does not answer, or cannot look for the number', async () => {
		const { klaviyoSyncApi } = credentialsOf(sandbox);
		const closed = { klaviyoSyncApi: { ...klaviyoSyncApi, baseUrl: 'http://127.0.0.1:9' } };
		const down = await runMessage(sandbox, 'sendReply', [claimed()], {}, { credentials: closed });
		expect(down.error?.message).toBe('No answer from 127.0.0.1:9');
		sandbox.switches.strangeIdentifiers = 'refused';
		const { json } = await send(claimed({ phone: '123' }), claimed());
		expect(json).toMatchObject([
			{ key: 'reply:9', error: 'The profile could not be read (status 400)' },
			{ outcome: 'sent' },
		]);
	});

	it('works for an agent that is given a claimed reply and nothing else', async () => {
		const { json } = await runMessage(sandbox, 'sendReply', [{}], {
			reply: JSON.stringify(claimed()),
		});
		expect(json).toEqual([
			{
				outcome: 'sent',
				profileId: expect.any(String),
				segments: 1,
				encoding: 'GSM-7',
				notifyAgent: false,
			},
		]);
	});
});
