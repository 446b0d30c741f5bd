import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { ICredentialDataDecryptedObject, ICredentialType, IDataObject } from 'n8n-workflow';
import { KlaviyoSyncApi } from '../../credentials/KlaviyoSyncApi.credentials';
import { KlaviyoSyncOAuth2Api } from '../../credentials/KlaviyoSyncOAuth2Api.credentials';
import { ZendeskSyncApi } from '../../credentials/ZendeskSyncApi.credentials';
import { ZendeskSyncOAuth2Api } from '../../credentials/ZendeskSyncOAuth2Api.credentials';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { type NodeSetup, resolve, runChain, runNode } from './support/engine';

const CUSTOMER = '+12125550123';

describe('Klaviyo', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const run = async (items: IDataObject[], setup: NodeSetup = {}) =>
		await runNode(Klaviyo, {
			credentials: {
				klaviyoSyncApi: {
					apiKey: sandbox.klaviyo.account.apiKey,
					webhookSecret: '',
					baseUrl: sandbox.klaviyo.url,
				},
			},
			...setup,
			items,
		});

	const pathsOf = () => sandbox.calls().map(({ method, path }) => `${method} ${path}`);

	describe('Message: Screen', () => {
		const text = (more: IDataObject = {}): IDataObject => ({
			key: 'message:1',
			direction: 'inbound',
			body: 'Where is my order?',
			from: CUSTOMER,
			to: sandbox.klaviyo.brandPhone,
			...more,
		});

		it('uses the API revision of the recorded answers and the sandbox', async () => {
			await run([text()]);
			const revisions = sandbox.calls().map(({ headers }) => headers.revision);
			expect([...new Set(revisions)]).toEqual(['2026-07-15']);
		});

		it('says with default settings whether a message opens a ticket, and who sent it', async () => {
			const profile = sandbox.klaviyo.addProfile({
				phone: CUSTOMER,
				email: 'cy@home.co',
				firstName: 'Cy',
				smsMarketing: true,
			});
			const { json, items } = await run([text({ profileId: profile.id })]);
			expect(json).toEqual([
				{
					...text({ profileId: profile.id }),
					opensTicket: true,
					reason: 'message',
					customer: {
						profileId: profile.id,
						email: 'cy@home.co',
						name: 'Cy',
						firstName: 'Cy',
						lastName: null,
						phone: CUSTOMER,
						canReceiveSms: true,
					},
				},
			]);
			expect(items[0]?.pairedItem).toEqual({ item: 0 });
		});

		it('reads a hundred profiles with one call', async () => {
			const profiles = Array.from({ length: 250 }, (_, n) =>
				sandbox.klaviyo.addProfile({
					phone: `+1212555${1000 + n}`,
					smsMarketing: n % 2 === 0,
					smsTransactional: false,
				}),
			);
			const { json } = await run(
				profiles.map(({ id, phone }) => text({ profileId: id, from: phone })),
			);
			expect(json.map(({ reason }) => reason)).toEqual(
				profiles.map((_, n) => (n % 2 === 0 ? 'message' : 'noConsent')),
			);
			expect(pathsOf()).toEqual(Array(3).fill('GET /api/profiles'));
		});

		it('finds by number a customer without a profile id, or with one that was merged', async () => {
			const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
			const { json } = await run([text({ profileId: null }), text({ profileId: '01GONE' })]);
			expect(json).toMatchObject([
				{ opensTicket: true, customer: { profileId: id } },
				{ opensTicket: true, customer: { profileId: id } },
			]);
		});

		it('opens nothing for an unknown sender, and says why', async () => {
			const { json } = await run([text()]);
			expect(json).toMatchObject([
				{
					opensTicket: false,
					reason: 'noConsent',
					customer: { phone: CUSTOMER, canReceiveSms: false },
				},
			]);
		});

		it("takes the account's own keywords", async () => {
			sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
			const options = { automation: 'order', match: 'wholeMessage' };
			const { json } = await run([text(), text({ body: 'Order!' })], { parameters: { options } });
			expect(json.map(({ reason }) => reason)).toEqual(['message', 'automationKeyword']);
		});

		it('keeps every item, with the reason, when Klaviyo refuses and the node continues', async () => {
			const bad = { klaviyoSyncApi: { apiKey: 'pk_wrong', baseUrl: sandbox.klaviyo.url } };
			const stopped = await run([text()], { credentials: bad });
			expect(stopped.error?.message).toBe('The credential was not accepted');
			const { json } = await run([text(), text()], {
				credentials: bad,
				onError: 'continueRegularOutput',
			});
			expect(json).toMatchObject([
				{ ...text(), error: 'The credential was not accepted' },
				{ ...text(), error: 'The credential was not accepted' },
			]);
		});
	});

	it('sends failed items, with their input, to the output for errors where there is one', async () => {
		const credentials = { klaviyoSyncApi: { apiKey: 'pk_wrong', baseUrl: sandbox.klaviyo.url } };
		const runs = await runChain(
			[
				{ type: KlaviyoTrigger, credentials },
				{ type: Klaviyo, credentials, onError: 'continueErrorOutput' },
			],
			[{ json: { body: 'Hi', from: CUSTOMER } }],
		);
		expect(runs.Klaviyo?.json).toEqual([]);
		expect(runs.Klaviyo?.errorJson).toMatchObject([
			{ body: 'Hi', from: CUSTOMER, error: 'The credential was not accepted' },
		]);
	});

	describe('Event: Track Ticket', () => {
		const ticket = (more: IDataObject = {}): IDataObject => ({
			key: 'solved:42:900',
			event: 'solved',
			ticketId: '42',
			brandId: '7',
			status: 'solved',
			previousStatus: 'open',
			tags: ['sms'],
			externalId: `klaviyo:sms:${CUSTOMER}`,
			channel: 'api',
			requesterId: '5',
			occurredAt: new Date().toISOString(),
			catchUp: false,
			raw: {},
			subject: 'Order',
			description: null,
			priority: null,
			type: null,
			via: 'api',
			zendeskUrl: 'https://acme.zendesk.com/agent/tickets/42',
			assignee: null,
			group: null,
			requester: { id: '5', name: 'Cy', email: 'cy@home.co', phone: null },
			fields: {},
			createdAt: new Date().toISOString(),
			updatedAt: new Date().toISOString(),
			...more,
		});
		const track = async (items: IDataObject[], setup: NodeSetup = {}) =>
			await run(items, { parameters: { resource: 'event', operation: 'trackTicket' }, ...setup });

		it("records the metric with its fourteen properties on the customer's timeline", async () => {
			const profile = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
			const given = ticket();
			const { json } = await track([given]);
			expect(json).toEqual([
				{
					...given,
					tracked: true,
					metric: 'Solved Ticket',
					uniqueId: 'solved:42:900:acme.zendesk.com',
					profile: { phone_number: CUSTOMER },
				},
			]);
			const timeline = sandbox.klaviyo.timeline(profile.id);
			expect(timeline).toMatchObject([
				{ metric: 'Solved Ticket', uniqueId: 'solved:42:900:acme.zendesk.com' },
			]);
			expect(
				Object.keys(timeline[0]?.properties ?? {}).filter((name) => !name.startsWith('$')),
			).toHaveLength(14);
		});

		it('adds how long support took, to the event that it was counted for', async () => {
			const profile = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
			const solvedAt = new Date().toISOString();
			const times = {
				firstReplyMinutes: 4,
				firstReplyBusinessMinutes: 4,
				resolutionMinutes: 90,
				resolutionBusinessMinutes: 30,
				replies: 2,
				reopens: 1,
				solvedAt,
			};
			await track([
				ticket({ times, occurredAt: solvedAt }),
				ticket({ times, occurredAt: '2026-01-01T00:00:00.000Z', key: 'solved:42:800' }),
			]);
			const properties = sandbox.klaviyo.timeline(profile.id).map((event) => event.properties);
			expect(properties).toHaveLength(2);
			expect(properties).toContainEqual(
				expect.objectContaining({ resolution_minutes: 90, replies: 2, reopens: 1 }),
			);
			expect(properties.filter((one) => 'resolution_minutes' in one)).toHaveLength(1);
		});

		it('makes one event of a ticket event that arrives twice', async () => {
			const profile = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
			await track([ticket(), ticket()]);
			await track([ticket()]);
			expect(sandbox.klaviyo.timeline(profile.id)).toHaveLength(1);
		});

		it('skips items without a metric or a person, with the reason', async () => {
			const { json } = await track([
				ticket({ event: 'agentReplied', key: 'reply:1' }),
				ticket({ externalId: null, requester: null }),
			]);
			expect(json).toMatchObject([
				{ tracked: false, reason: 'noMetric', ticketId: '42' },
				{ tracked: false, reason: 'noProfile', ticketId: '42' },
			]);
			expect(sandbox.calls()).toEqual([]);
		});

		it('explains an item that is no ticket event, or has no key yet', async () => {
			expect((await track([{ hello: 1 }])).error?.message).toContain('not a ticket event');
			expect((await track([ticket({ key: null })])).error?.description).toContain('Ticket: Get');
		});
	});

	describe('Message: Send Reply', () => {
		const reply = (more: IDataObject = {}): IDataObject => ({
			outcome: 'claimed',
			key: 'reply:9',
			ticketId: '42',
			commentId: '9',
			externalId: `klaviyo:sms:${CUSTOMER}`,
			phone: CUSTOMER,
			profileId: null,
			body: 'It ships today.',
			attachments: [],
			agentEmail: 'ada@acme.co',
			agentName: 'Ada',
			attempt: 1,
			claimNumber: more.attempt ?? 1,
			claimedAt: new Date().toISOString(),
			writtenAt: new Date().toISOString(),
			sameWordsBefore: 0,
			sameWordsSince: new Date().toISOString(),
			...more,
		});
		const send = async (items: IDataObject[]) =>
			await run(items, { parameters: { resource: 'message', operation: 'sendReply' } });
		const outMessages = () =>
			sandbox.klaviyo
				.phone(CUSTOMER)
				.filter(({ direction }) => direction === 'out')
				.map(({ body }) => body);

		beforeEach(() => {
			sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@home.co', smsMarketing: true });
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		});

		it.each(['plural', 'singular'] as const)(
			'sends the reply to the customer (conversation shape: %s)',
			async (shape) => {
				sandbox.switches.conversationShape = shape;
				const { json } = await send([reply()]);
				expect(json).toMatchObject([
					{ outcome: 'sent', key: 'reply:9', ticketId: '42', notifyAgent: false },
				]);
				expect(outMessages()).toEqual(['It ships today.']);
				expect(pathsOf()).toEqual(['GET /api/profiles', 'POST /api/conversation-messages']);
			},
		);

		it("sends nothing on a second attempt if Klaviyo's log shows the message", async () => {
			await send([reply()]);
			const { json } = await send([reply({ attempt: 2 })]);
			expect(json).toMatchObject([{ outcome: 'alreadySent' }]);
			expect(outMessages()).toHaveLength(1);
		});

		it('never sends twice when the answer was lost', async () => {
			const sending = send([reply()]);
			await sandbox.until('the profile is read', () => sandbox.calls().length > 0);
			sandbox.switches.faults.lostAnswer = 1;
			expect((await sending).json).toMatchObject([{ outcome: 'held', reason: 'noAnswer' }]);
			sandbox.switches.faults.lostAnswer = 0;
			expect((await send([reply({ attempt: 2 })])).json).toMatchObject([
				{ outcome: 'alreadySent' },
			]);
			expect(outMessages()).toHaveLength(1);
		});

		it("looks up an unclear reply, and says whether it is in Klaviyo's log", async () => {
			const claimedAt = new Date(Date.now() - 500_000).toISOString();
			const unclear = { outcome: 'unclear', claimedAt, sameWordsSince: claimedAt };
			// The log is ahead of the claim: another customer has been messaged since.
			sandbox.klaviyo.addProfile({ phone: '+12125550188', smsMarketing: true });
			sandbox.klaviyo.brandWrites({ to: '+12125550188', body: 'Sale!', kind: 'campaign' });
			expect((await send([reply(unclear)])).json).toMatchObject([{ outcome: 'missing' }]);
			await send([reply()]);
			expect((await send([reply(unclear)])).json).toMatchObject([{ outcome: 'alreadySent' }]);
			expect(outMessages()).toHaveLength(1);
		});

		it('sends the others when one reply cannot be read', async () => {
			const { json } = await send([{ body: 'Hi' }, reply()]);
			expect(json).toMatchObject([
				{ body: 'Hi', error: expect.stringContaining('not a claimed reply') },
				{ outcome: 'sent' },
			]);
		});

		it.each([
			['an unknown number', 'unknownCustomer', { phone: '+12125550199' }],
			["the customer's own address", 'agentIsCustomer', { agentEmail: 'CY@home.co' }],
		])('is refused with a reason for %s', async (_, reason, more) => {
			expect((await send([reply(more)])).json).toMatchObject([
				{ outcome: 'refused', reason, notifyAgent: true },
			]);
			expect(outMessages()).toEqual([]);
		});

		it("is refused with Klaviyo's reason when replies are not enabled", async () => {
			sandbox.switches.conversationsEnabled = false;
			const { json } = await send([reply()]);
			expect(json).toMatchObject([{ outcome: 'refused', reason: 'rejected', notifyAgent: true }]);
			expect(json[0]?.message).toContain('Conversations API');
			expect(outMessages()).toEqual([]);
		});

		it('passes on what was not claimed, and sends nothing', async () => {
			const notNow = { outcome: 'notNow', message: 'Claimed by another run' };
			expect((await send([notNow])).json).toEqual([notNow]);
			expect((await send([{ body: 'Hi' }])).error?.message).toContain('not a claimed reply');
			expect(outMessages()).toEqual([]);
		});
	});
});

describe('The credential tests', () => {
	let sandbox: QuickSandbox;
	beforeAll(async () => {
		sandbox = await startQuickSandbox({ limits: 1 });
	});
	afterAll(async () => await sandbox.close());

	const statusOf = async (
		type: KlaviyoSyncApi | ZendeskSyncApi,
		fields: Record<string, string>,
	) => {
		const { baseURL, url, headers } = resolve(type.test.request, fields) as Record<string, never>;
		if (typeof type.authenticate !== 'function') throw new Error('no function');
		const signed = await type.authenticate(fields, { url: String(url), headers: headers ?? {} });
		const { username, password } = signed.auth ?? { username: '', password: '' };
		const basic = username && `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
		const response = await fetch(`${baseURL}${url}`, {
			headers: {
				...(signed.headers as Record<string, string>),
				...(basic ? { authorization: basic } : {}),
			},
		});
		return response.status;
	};

	it('pass with the right key and fail with a wrong one', async () => {
		const klaviyo = {
			apiKey: sandbox.klaviyo.account.apiKey,
			baseUrl: ` ${sandbox.klaviyo.url}/ `,
		};
		expect(await statusOf(new KlaviyoSyncApi(), klaviyo)).toBe(200);
		expect(await statusOf(new KlaviyoSyncApi(), { ...klaviyo, apiKey: 'pk_wrong' })).toBe(401);
		const { email, apiToken } = sandbox.zendesk.account;
		const zendesk = { zendeskUrl: sandbox.zendesk.url, email, apiToken };
		expect(await statusOf(new ZendeskSyncApi(), zendesk)).toBe(200);
		expect(await statusOf(new ZendeskSyncApi(), { ...zendesk, apiToken: 'wrong' })).toBe(401);
	});

	it.each([
		['acme', 'https://acme.zendesk.com'],
		['http://acme.zendesk.com/agent/dashboard', 'https://acme.zendesk.com'],
		[' https://help.acme.com/ ', 'https://help.acme.com'],
	])('take %j for %s', (zendeskUrl, origin) => {
		expect(resolve(new ZendeskSyncApi().test.request, { zendeskUrl })).toMatchObject({
			baseURL: origin,
		});
	});

	it('go to Klaviyo itself when no base URL is given', () => {
		expect(resolve(new KlaviyoSyncApi().test.request, { baseUrl: '' })).toMatchObject({
			baseURL: 'https://a.klaviyo.com',
		});
	});
});

describe('The OAuth2 credentials', () => {
	it.each<ICredentialDataDecryptedObject>([{}, { oauthTokenData: {} }])(
		'say what to do as long as nobody has connected them (stored: %j)',
		async (stored) => {
			const { error } = await runNode(Klaviyo, {
				credentials: {
					klaviyoSyncOAuth2Api: {
						...stored,
						grantType: 'pkce',
						clientId: 'app',
						clientSecret: 'secret',
						accessTokenUrl: 'http://127.0.0.1:1/oauth/token',
						baseUrl: 'http://127.0.0.1:1',
					},
				},
				parameters: { authentication: 'oAuth2', resource: 'profile', operation: 'get' },
				items: [{ phone: CUSTOMER }],
			});
			expect(error?.message).toBe('The credential is not connected');
			expect(error?.description).toContain('click the button that connects it');
		},
	);

	const urlsOf = ({ properties }: ICredentialType, fields: Record<string, string>) => {
		const defaults = Object.fromEntries(properties.map((field) => [field.name, field.default]));
		const { authUrl, accessTokenUrl } = defaults;
		return resolve({ authUrl, accessTokenUrl }, fields);
	};

	it("send people to Klaviyo's www host and programs to its a host", () => {
		expect(urlsOf(new KlaviyoSyncOAuth2Api(), { baseUrl: '' })).toEqual({
			authUrl: 'https://www.klaviyo.com/oauth/authorize',
			accessTokenUrl: 'https://a.klaviyo.com/oauth/token',
		});
	});

	it('go to the base URL where one is given, and to the Zendesk account', () => {
		expect(urlsOf(new KlaviyoSyncOAuth2Api(), { baseUrl: 'http://127.0.0.1:4011/' })).toEqual({
			authUrl: 'http://127.0.0.1:4011/oauth/authorize',
			accessTokenUrl: 'http://127.0.0.1:4011/oauth/token',
		});
		expect(urlsOf(new ZendeskSyncOAuth2Api(), { zendeskUrl: 'acme' })).toEqual({
			authUrl: 'https://acme.zendesk.com/oauth/authorizations/new',
			accessTokenUrl: 'https://acme.zendesk.com/oauth/tokens',
		});
	});
});
