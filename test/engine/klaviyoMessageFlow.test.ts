import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { callsTo, claimed, CUSTOMER, runMessage, messagesTo } from './support/klaviyoMessages';

const METRIC = 'Zendesk Reply';

describe('Klaviyo: Message: Send Reply through a flow', () => {
	let sandbox: QuickSandbox;
	let profileId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		// The account that needs it: no Conversations API, and no permission to read conversations.
		sandbox.switches.conversationsEnabled = false;
		sandbox.switches.keyScopes = ['profiles:read', 'events:read', 'events:write', 'metrics:read'];
		profileId = sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@home.co' }).id;
	});
	afterEach(async () => await sandbox.close());

	const sendWith = async (parameters: INodeParameters, ...items: IDataObject[]) =>
		await runMessage(sandbox, 'sendReply', items, { sendThrough: 'flow', ...parameters });
	const send = async (...items: IDataObject[]) => await sendWith({}, ...items);
	const makeFlow = (body = '{{ event.body }}', metric = METRIC) =>
		sandbox.klaviyo.addMessageFlow({ metric, body });
	const tracks = () => callsTo(sandbox, '/api/events', 'POST');

	it('records an event that the flow turns into a message, for a customer who never texted', async () => {
		makeFlow();
		const { json } = await send(claimed());
		expect(json).toMatchObject([
			{ outcome: 'sent', profileId, segments: 1, encoding: 'GSM-7', notifyAgent: false },
		]);
		expect(messagesTo(sandbox)).toEqual(['It ships today.']);
		const [event] = sandbox.klaviyo.timeline(profileId).filter(({ metric }) => metric === METRIC);
		expect(event).toMatchObject({
			uniqueId: 'reply:9',
			properties: {
				body: 'It ships today.',
				ticket_id: '42',
				comment_id: '9',
				agent_name: 'Ada',
				agent_email: 'ada@acme.co',
				reply_key: 'reply:9',
			},
		});
		expect(sandbox.calls().map(({ method, path }) => `${method} ${path}`)).toEqual([
			'GET /api/profiles',
			'POST /api/events',
		]);
	});

	it("takes the builder's metric, and explains when there is none", async () => {
		makeFlow('{{ event.body }}', 'Agent Wrote');
		expect((await sendWith({ metric: 'Agent Wrote' }, claimed())).json).toMatchObject([
			{ outcome: 'sent' },
		]);
		expect(messagesTo(sandbox)).toHaveLength(1);
		expect((await sendWith({ metric: ' ' }, claimed())).error?.message).toContain("'Metric'");
	});

	it('sends once, however often it is run', async () => {
		makeFlow();
		await send(claimed(), claimed());
		await send(claimed());
		expect(messagesTo(sandbox)).toHaveLength(1);
	});

	it('asks again when the answer was lost, and sends once', async () => {
		makeFlow();
		const sending = send(claimed());
		await sandbox.until('the profile is read', () => sandbox.calls().length > 0);
		sandbox.switches.faults.lostAnswer = 1;
		await sandbox.until('an answer is lost', () => tracks().length > 0);
		sandbox.switches.faults.lostAnswer = 0;
		expect((await sending).json).toMatchObject([{ outcome: 'sent' }]);
		expect(messagesTo(sandbox)).toHaveLength(1);
	});

	it.each([
		['who unsubscribed', 'noConsent', () => sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' })], // prettier-ignore
		['whose address is the agent’s', 'agentIsCustomer', () => undefined],
	])('is refused for a customer %s', async (_, reason, happens) => {
		makeFlow();
		happens();
		const before = messagesTo(sandbox).length;
		const more = reason === 'agentIsCustomer' ? { agentEmail: 'cy@home.co' } : {};
		expect((await send(claimed(more))).json).toMatchObject([{ outcome: 'refused', reason }]);
		expect(tracks()).toEqual([]);
		expect(messagesTo(sandbox)).toHaveLength(before);
	});

	it('is held when too much time has passed since its claim', async () => {
		const claimedAt = new Date(Date.now() - 31_000).toISOString();
		expect((await send(claimed({ claimedAt }))).json).toMatchObject([
			{ outcome: 'held', reason: 'tooLate' },
		]);
		expect(sandbox.calls()).toEqual([]);
	});

	it('need not wait for an earlier reply with the same text', async () => {
		makeFlow();
		sandbox.switches.outboundLogLag = 60_000;
		await send(claimed({ key: 'reply:8' }));
		expect((await send(claimed({ sameWordsBefore: 1 }))).json).toMatchObject([{ outcome: 'sent' }]);
		expect(messagesTo(sandbox)).toHaveLength(2);
	});

	describe('an unclear reply', () => {
		const unclear = (more: IDataObject = {}) => claimed({ outcome: 'unclear', ...more });

		it('is missing while its event is not recorded', async () => {
			makeFlow();
			expect((await send(unclear())).json).toMatchObject([{ outcome: 'missing' }]);
			await send(claimed({ key: 'reply:8' }));
			// Another reply's message with the same text does not count as its own.
			expect((await send(unclear())).json).toMatchObject([{ outcome: 'missing' }]);
			expect((await send(claimed({ attempt: 2 }))).json).toMatchObject([{ outcome: 'sent' }]);
			expect(messagesTo(sandbox)).toHaveLength(2);
		});

		it.each(['{{ event.body }}', 'Acme: {{ event.body }} Best, {{ event.agent_name }}'])(
			'is found sent by its event and its message (%s)',
			async (template) => {
				makeFlow(template);
				await send(claimed());
				expect((await send(unclear())).json).toMatchObject([{ outcome: 'alreadySent' }]);
				expect((await send(claimed({ attempt: 2 }))).json).toMatchObject([
					{ outcome: 'alreadySent' },
				]);
				expect(messagesTo(sandbox)).toHaveLength(1);
			},
		);

		it('is reported to the agent when the flow has sent nothing', async () => {
			await send(claimed());
			const { json } = await send(unclear());
			expect(json).toMatchObject([
				{ outcome: 'held', reason: 'flowSentNothing', notifyAgent: true },
			]);
			expect(json[0]?.message).toContain('Check that the flow is live');
		});

		it('that went into the conversation is found sent', async () => {
			makeFlow();
			sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'It ships today.', kind: 'inbox' });
			expect((await send(unclear())).json).toMatchObject([{ outcome: 'alreadySent' }]);
		});

		it('is held when the log cannot be read', async () => {
			sandbox.switches.keyScopes = ['profiles:read', 'events:write'];
			expect((await send(unclear())).json).toMatchObject([
				{ outcome: 'held', reason: 'logUnreadable', notifyAgent: true },
			]);
		});
	});

	it('is refused with the reason when it is too long for an event, or the key may not write', async () => {
		const long = await send(claimed({ body: 'x'.repeat(100_001) }));
		expect(long.json).toMatchObject([{ outcome: 'refused', reason: 'rejected' }]);
		expect(tracks()).toEqual([]);
		sandbox.switches.keyScopes = ['profiles:read'];
		const forbidden = await send(claimed({ key: 'reply:10' }));
		expect(forbidden.json).toMatchObject([{ outcome: 'refused', reason: 'rejected' }]);
		expect(forbidden.json[0]?.message).toContain('events:write');
	});
});
