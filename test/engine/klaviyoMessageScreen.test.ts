import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { NodeSetup } from './support/engine';
import {
	callsTo,
	credentialsOf,
	CUSTOMER,
	goesOn,
	OTHER,
	runMessage,
} from './support/klaviyoMessages';

const MINUTE = 60_000;

describe('Klaviyo: Message: Screen', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const text = (more: IDataObject = {}): IDataObject => ({
		key: 'message:1',
		event: 'customerMessaged',
		direction: 'inbound',
		body: 'Where is my order?',
		from: CUSTOMER,
		to: sandbox.klaviyo.brandPhone,
		sentAt: new Date().toISOString(),
		...more,
	});
	const screen = async (
		items: IDataObject[],
		options: INodeParameters = {},
		setup: NodeSetup = {},
	) => await runMessage(sandbox, 'screen', items, { options }, setup);

	it('gives every reason there is, one per item', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: false });
		const cases: Array<[IDataObject, boolean, string]> = [
			[{}, true, 'message'],
			[{ body: 'HELP' }, true, 'helpKeyword'],
			[{ body: 'info', from: OTHER }, true, 'helpKeyword'],
			[{ from: OTHER }, false, 'noConsent'],
			[{ body: 'stop' }, false, 'optOutKeyword'],
			[{ body: 'I want to cancel my order' }, false, 'optOutInMessage'],
			[{ body: 'Liked “It ships today.”' }, true, 'reaction'],
			[{ body: 'JOIN' }, false, 'subscribeKeyword'],
			[{ body: 'Yes' }, false, 'complianceKeyword'],
			[{ body: 'the menu please' }, false, 'automationKeyword'],
			[{ to: 'ACME' }, true, 'message'],
			[{ from: 'ACME' }, false, 'brandedSender'],
			[{ direction: 'outbound', event: 'delivered' }, false, 'notInbound'],
			[{ event: 'subscribed', body: 'Where is my order?' }, false, 'notAText'],
			[{ event: 'unsubscribed' }, false, 'notAText'],
			[{ event: null, direction: null }, true, 'message'],
		];
		const { json } = await screen(
			cases.map(([more]) => text(more)),
			{ automation: 'menu' },
		);
		expect(json.map(({ opensTicket, reason }) => [opensTicket, reason])).toEqual(
			cases.map(([, opensTicket, reason]) => [opensTicket, reason]),
		);
	});

	it('opens a ticket for an opt-out word in a longer message if the builder wants that', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: false });
		const { json } = await screen([text({ body: 'I want to cancel my order' })], {
			openOnOptOutInMessage: true,
		});
		expect(json).toMatchObject([{ opensTicket: true, reason: 'optOutInMessage' }]);
	});

	it('treats a message as an opt-out when Klaviyo has withdrawn consent because of it', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		await sandbox.clock.advance(60_000);
		const sentAt = new Date(sandbox.clock.now()).toISOString();
		sandbox.klaviyo.setConsent(id, { marketing: false, transactional: false });
		const earlier = new Date(sandbox.clock.now() + 3600_000).toISOString();
		const words = { body: 'Please no more messages' };
		const { json } = await screen(
			[text({ ...words, sentAt }), text({ ...words, sentAt: earlier })],
			{ openOnOptOutInMessage: true },
		);
		expect(json).toMatchObject([
			{ opensTicket: true, reason: 'optOutInMessage' },
			{ opensTicket: false, reason: 'noConsent' },
		]);
	});

	it.each(['unknown', 'refused'] as const)(
		'screens the others when a profile id or number is impossible (Klaviyo: %s)',
		async (strangeIdentifiers) => {
			sandbox.switches.strangeIdentifiers = strangeIdentifiers;
			const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
			const { json } = await screen([
				text({ profileId: 'not an id "' }),
				text({ profileId: id }),
				text({ profileId: '', from: '(212) 555' }),
				text({ profileId: null, from: OTHER }),
			]);
			expect(json).toMatchObject([
				{ reason: 'message', customer: { profileId: id } },
				{ reason: 'message', customer: { profileId: id } },
				{ reason: 'brandedSender', customer: { phone: null } },
				{ reason: 'noConsent', customer: { profileId: null, phone: OTHER } },
			]);
		},
	);

	it('screens a message of 64 kB', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		const body = '가 나-다.라/ '.repeat(7000);
		const { json } = await screen([text({ body }), text({ body: `${body} stop` })]);
		expect(json.map(({ reason }) => reason)).toEqual(['message', 'optOutInMessage']);
	});

	it('says what to map where an item is no message, instead of screening it out', async () => {
		const items = [{ words: 'Hello' }, text({ from: null }), text()];
		const { json } = await screen(items, {}, goesOn);
		expect(json).toMatchObject([
			{
				words: 'Hello',
				error: "'From' is empty",
				errorDescription: expect.stringContaining("Map the customer's number to it."),
			},
			// Klaviyo names no sender.
			{ reason: 'brandedSender' },
			{ key: text().key },
		]);
	});

	it('keeps each item, and says how to fix it, when Klaviyo refuses', async () => {
		sandbox.switches.keyScopes = ['events:read'];
		const { json } = await screen([text(), text({ key: 'message:2' })], {}, goesOn);
		expect(json).toMatchObject([
			{ ...text({ sentAt: expect.any(String) }), error: expect.stringContaining('status 403') },
			{ key: 'message:2', errorDescription: expect.stringContaining('scope') },
		]);
	});

	it('says that Klaviyo does not answer', async () => {
		const { klaviyoSyncApi } = credentialsOf(sandbox);
		const closed = { klaviyoSyncApi: { ...klaviyoSyncApi, baseUrl: 'http://127.0.0.1:9' } };
		const { json } = await screen([text()], {}, { ...goesOn, credentials: closed });
		expect(json).toMatchObject([{ key: 'message:1', error: 'No answer from 127.0.0.1:9' }]);
	});

	it('works for an agent that fills in its fields and nothing else', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		const { json } = await runMessage(sandbox, 'screen', [{}], { body: 'Hi', from: CUSTOMER });
		expect(json).toMatchObject([
			{ opensTicket: true, reason: 'message', customer: { profileId: id } },
		]);
	});

	describe('with recent history', () => {
		const history = { includeRecentHistory: 3 };
		const bodies = (json: IDataObject | undefined) =>
			(json?.history as IDataObject[] | undefined)?.map(({ body }) => body);
		const eventReads = () => callsTo(sandbox, '/api/events');

		/** One text a minute, both ways. */
		const converse = async () => {
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hello' });
			await sandbox.clock.advance(MINUTE);
			sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'Spring sale!', kind: 'campaign' });
			await sandbox.clock.advance(MINUTE);
			sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'Can I help?', kind: 'inbox' });
			await sandbox.clock.advance(MINUTE);
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Do you ship to Seoul?' });
			await sandbox.clock.advance(MINUTE);
		};
		const now = () => new Date(sandbox.clock.now()).toISOString();

		beforeEach(() => {
			sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		});

		it('brings the messages before one that opens a ticket, both ways, oldest first', async () => {
			await converse();
			const event = sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Anybody?' });
			const { json } = await screen(
				[text({ body: 'Anybody?', key: `message:${event.id}`, sentAt: event.at })],
				history,
			);
			expect(bodies(json[0])).toEqual(['Spring sale!', 'Can I help?', 'Do you ship to Seoul?']);
			expect(json[0]?.history).toMatchObject([
				{ direction: 'outbound', kind: 'campaign', campaign: { name: 'Spring sale' } },
				{ direction: 'outbound', kind: 'conversation' },
				{ direction: 'inbound', kind: 'customer', from: CUSTOMER },
			]);
			expect(Object.keys((json[0]?.history as IDataObject[])[0] ?? {})).not.toContain('raw');
		});

		it('adds nothing to a message that opens no ticket, and without the option', async () => {
			await converse();
			const stop = text({ body: 'STOP', sentAt: now() });
			const { json } = await screen([stop], history);
			expect(Object.keys(json[0] ?? {})).not.toContain('history');
			expect(Object.keys((await screen([text({ sentAt: now() })])).json[0] ?? {})).not.toContain(
				'history',
			);
			expect(eventReads()).toEqual([]);
		});

		it("reads a customer's log once, however many of their messages come", async () => {
			await converse();
			const early = text({ key: 'message:2', sentAt: now() });
			await sandbox.clock.advance(MINUTE);
			sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'In between', kind: 'inbox' });
			await sandbox.clock.advance(MINUTE);
			const { json } = await screen([early, text({ key: 'message:3', sentAt: now() })], history);
			expect(json.map(bodies)).toEqual([
				['Spring sale!', 'Can I help?', 'Do you ship to Seoul?'],
				['Can I help?', 'Do you ship to Seoul?', 'In between'],
			]);
			expect(eventReads()).toHaveLength(5);
		});

		it('lets the message go on, with the reason, when it cannot be read', async () => {
			sandbox.switches.keyScopes = ['profiles:read', 'metrics:read'];
			const { json } = await screen([text()], history);
			expect(json).toMatchObject([
				{
					opensTicket: true,
					history: [],
					historyError: expect.stringContaining('Messages could not be read (status 403)'),
				},
			]);
		});

		it('is empty for a sender whom Klaviyo does not know', async () => {
			const { json } = await screen([text({ from: OTHER, body: 'HELP' })], history);
			expect(json).toMatchObject([{ reason: 'helpKeyword', history: [] }]);
			expect(eventReads()).toEqual([]);
		});
	});

	describe('leaves to an automation', () => {
		const byAgent: INodeParameters = { leaveTo: 'customerAgent', waitForAutomation: 0 };
		let profileId: string;
		beforeEach(() => {
			profileId = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true }).id;
		});
		const agent = (
			what: 'started' | 'resolved' | 'escalated',
			secondsAgo: number,
			more: { channel?: string } = {},
		) =>
			sandbox.klaviyo.marketing.agent(profileId, what, {
				at: Date.now() - secondsAgo * 1000,
				...more,
			});
		const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
		const left = { opensTicket: false, reason: 'leftToAutomation' };
		const opens = { opensTicket: true, reason: 'message' };

		it.each(['short', 'long'] as const)(
			"a message in the Customer Agent's conversation, until that is escalated (metrics: %s)",
			async (names) => {
				sandbox.switches.agentMetrics = names;
				expect((await screen([text()], byAgent)).json).toMatchObject([opens]);
				agent('started', 120);
				await sandbox.clock.advance(2 * MINUTE);
				const items = [text({ sentAt: ago(60) }), text({ sentAt: ago(10) })];
				expect((await screen(items, byAgent)).json).toMatchObject([left, left]);
				// Whoever asks for a person gets one, and so does HELP.
				const asking = [text({ body: 'A human please' }), text({ body: 'HELP' })];
				expect((await screen(asking, byAgent)).json).toMatchObject([
					opens,
					{ opensTicket: true, reason: 'helpKeyword' },
				]);
				agent('escalated', 5);
				await sandbox.clock.advance(2 * MINUTE);
				expect((await screen(items, byAgent)).json).toMatchObject([opens, opens]);
			},
		);

		it('a message that the Customer Agent has resolved, and none that it has forgotten', async () => {
			agent('started', 7200);
			const item = text({ sentAt: ago(3600) });
			expect((await screen([item], byAgent)).json).toMatchObject([opens]);
			agent('resolved', 3000);
			// A metric comes with its first event, and is looked for again after a minute.
			await sandbox.clock.advance(2 * MINUTE);
			expect((await screen([item], byAgent)).json).toMatchObject([left]);
		});

		it('nothing on another channel, unless the events do not say on which they were', async () => {
			agent('started', 60, { channel: 'Web chat' });
			expect((await screen([text()], byAgent)).json).toMatchObject([opens]);
			sandbox.switches.agentChannels = false;
			agent('started', 60);
			expect((await screen([text()], byAgent)).json).toMatchObject([left]);
		});

		it('a message that it begins to answer a few seconds after the message', async () => {
			const screening = screen([text({ sentAt: ago(0) })], { ...byAgent, waitForAutomation: 20 });
			agent('started', -3);
			expect((await screening).json).toMatchObject([left]);
		});

		it('a message with an automatic answer', async () => {
			const byAnswers: INodeParameters = { leaveTo: 'automaticAnswers', waitForAutomation: 0 };
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'HELP' });
			await sandbox.clock.advance(MINUTE);
			expect((await screen([text({ sentAt: ago(0) })], byAnswers)).json).toMatchObject([left]);
			const early = text({ sentAt: ago(3 * 3600) });
			expect((await screen([early], byAnswers)).json).toMatchObject([opens]);
		});

		it('no message while Klaviyo does not show its events: the ticket says nothing of it', async () => {
			agent('started', 60);
			sandbox.switches.keyScopes = ['profiles:read', 'conversations:read'];
			expect((await screen([text()], byAgent)).json).toMatchObject([
				{ ...opens, automationError: expect.stringContaining('could not be read') },
			]);
		});

		it('nothing without the option, at no cost', async () => {
			agent('started', 60);
			expect((await screen([text()])).json).toMatchObject([opens]);
			expect(callsTo(sandbox, '/api/events')).toEqual([]);
			expect(callsTo(sandbox, '/api/metrics')).toEqual([]);
		});
	});
});
