/** Klaviyo's metric names, and whose metrics they are: messages and replies work whatever they are. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import type { AskedSwitches } from '../../sandbox/types';
import { claimed, CUSTOMER, OTHER, runMessage, messagesTo } from './support/klaviyoMessages';
import { runNode } from './support/engine';

const HOUR = 3600_000;
const MINUTE = 60_000;

const known: AskedSwitches[] = [
	{},
	{ metricNames: 'sms' },
	{ metricNames: 'older' },
	{ metricIdLists: false },
	{ messageTypes: false },
];

describe('Whatever Klaviyo calls its metrics', () => {
	let sandbox: QuickSandbox;
	const open = async (switches: AskedSwitches) => {
		sandbox = await startQuickSandbox({ switches });
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@home.co', smsMarketing: true });
		sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
	};
	afterEach(async () => await sandbox.close());

	const send = async (item: IDataObject) =>
		(await runMessage(sandbox, 'sendReply', [item])).json[0] ?? {};
	const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();
	/** A reply whose first execution ended without an outcome, ten minutes ago. */
	const unclear = (more: IDataObject = {}) =>
		claimed({
			outcome: 'unclear',
			claimedAt: ago(10 * MINUTE),
			claimedBefore: ago(10 * MINUTE),
			writtenAt: ago(10 * MINUTE),
			sameWordsSince: ago(10 * MINUTE),
			...more,
		});
	const second = () =>
		unclear({ outcome: 'claimed', attempt: 2, claimedAt: new Date().toISOString() });
	const wordsToSend = () => messagesTo(sandbox).filter((body) => body === 'It ships today.');

	it.each(known)('a reply is sent once, and found sent (%o)', async (switches) => {
		await open(switches);
		expect(await send(claimed())).toMatchObject({ outcome: 'sent' });
		expect(await send(unclear())).toMatchObject({ outcome: 'alreadySent' });
		expect(await send(second())).toMatchObject({ outcome: 'alreadySent' });
		expect(wordsToSend()).toHaveLength(1);
	});

	it.each(known)('what was sent is listed (%o)', async (switches) => {
		await open(switches);
		await send(claimed());
		const { json } = await runMessage(sandbox, 'getMany', [{ from: CUSTOMER }]);
		expect(json.map(({ direction, body }) => [direction, body])).toEqual([
			['inbound', 'Where is my order?'],
			['outbound', 'It ships today.'],
		]);
	});

	it('a reply whose answer was lost is held when no metric of outbound messages is found', async () => {
		await open({});
		const sending = send(claimed());
		await sandbox.until('the profile is read', () => sandbox.calls().length > 0);
		sandbox.switches.faults.lostAnswer = 1;
		expect(await sending).toMatchObject({ outcome: 'held', reason: 'noAnswer' });
		sandbox.switches.faults.lostAnswer = 0;
		sandbox.switches.metricNames = 'renamed';
		for (const item of [unclear(), second()])
			expect(await send(item)).toMatchObject({
				outcome: 'held',
				reason: 'logUnreadable',
				notifyAgent: true,
			});
		expect(wordsToSend()).toHaveLength(1);
	});

	it('and it does not list an empty history when no metric of messages is found', async () => {
		await open({ metricNames: 'renamed' });
		const { error } = await runMessage(sandbox, 'getMany', [{ from: CUSTOMER }]);
		expect(error?.message).toBe('This Klaviyo account has no metric for these messages');
		const { json } = await runMessage(
			sandbox,
			'screen',
			[{ direction: 'inbound', body: 'Hello?', from: CUSTOMER, to: null, sentAt: ago(0) }],
			{ options: { includeRecentHistory: 5 } },
		);
		expect(json).toMatchObject([{ opensTicket: true, historyError: expect.any(String) }]);
	});

	describe('and its log is hours behind', () => {
		/** Another customer gets a message every five minutes. */
		const traffic = async (milliseconds: number) => {
			for (let passed = 0; passed < milliseconds; passed += 5 * MINUTE) {
				sandbox.klaviyo.brandWrites({ to: OTHER, body: `Sale ${passed}`, kind: 'campaign' });
				await sandbox.clock.advance(5 * MINUTE);
			}
		};

		it('a reply whose answer was lost is held, and found sent when the log is there again', async () => {
			await open({});
			await traffic(2 * HOUR);
			sandbox.switches.outboundLogLag = 3 * HOUR;
			await traffic(2 * HOUR);
			await send(claimed());
			for (const item of [unclear(), second()])
				expect(await send(item)).toMatchObject({
					outcome: 'held',
					reason: 'logMayBeLate',
					message: expect.stringContaining('may be late'),
					notifyAgent: true,
				});
			const item = unclear();
			await sandbox.clock.advance(3 * HOUR);
			expect(await send(item)).toMatchObject({ outcome: 'alreadySent' });
			expect(wordsToSend()).toHaveLength(1);
		});

		it('is not assumed of a log that shows what was sent since', async () => {
			await open({});
			await traffic(4 * HOUR);
			expect(await send(unclear())).toMatchObject({ outcome: 'missing' });
			expect(await send(second())).toMatchObject({ outcome: 'sent' });
			expect(wordsToSend()).toHaveLength(1);
		});
	});
});

describe('When the key of another account is put into a credential', () => {
	let klaviyo: Server;
	const asked: string[] = [];
	/** The account that an OAuth2 app's key stands for. */
	let appsAccount = 'A';
	/** Two accounts at one address: the key says which one answers. Ids of the other are refused, or find nothing. */
	const serve = async (foreignIds: 'refused' | 'unknown'): Promise<string> => {
		klaviyo = createServer((request, response) => {
			const key = request.headers.authorization?.at(-1) ?? '';
			const account = key === 'C' ? appsAccount : key;
			const url = new URL(request.url ?? '', 'http://localhost');
			const filter = url.searchParams.get('filter') ?? '';
			asked.push(`${account} ${url.pathname} ${/"in[AB]"/.exec(filter)?.[0] ?? ''}`.trim());
			const isForeign = filter.includes(`"in${account === 'A' ? 'B' : 'A'}"`);
			const name = 'Sent Text Message';
			const integration = { name: 'Klaviyo', key: 'klaviyo' };
			const data = {
				'/api/metrics': [{ type: 'metric', id: `in${account}`, attributes: { name, integration } }],
				'/api/events': [inbound(account)],
				'/api/profiles': [{ type: 'profile', id: 'P', attributes: { phone_number: CUSTOMER } }],
			}[url.pathname];
			const refused = isForeign && foreignIds === 'refused';
			response.writeHead(refused ? 400 : 200, { 'content-type': 'application/vnd.api+json' });
			const errors = [{ detail: 'metric_id is not valid' }];
			response.end(JSON.stringify(refused ? { errors } : { data: isForeign ? [] : data }));
		});
		await new Promise<void>((listening) => klaviyo.listen(0, '127.0.0.1', listening));
		return `http://127.0.0.1:${(klaviyo.address() as AddressInfo).port}`;
	};
	const inbound = (account: string) => ({
		type: 'event',
		id: `event${account}`,
		attributes: {
			timestamp: 1_790_000_000,
			event_properties: { 'Message Body': `Hello, ${account}`, 'From Number': CUSTOMER },
		},
		relationships: { metric: { data: { type: 'metric', id: `in${account}` } } },
	});
	afterEach(() => klaviyo.close());

	const listing = (baseUrl: string) => async (apiKey: string) => {
		const credentials = { klaviyoSyncApi: { apiKey, webhookSecret: '', baseUrl } };
		const filters = { events: ['customerMessaged'] };
		const item = { profileId: 'P' };
		const parameters = { resource: 'message', operation: 'getMany', filters };
		return await runNode(Klaviyo, { credentials, parameters, items: [item] });
	};

	it.each(['refused', 'unknown'] as const)(
		'its own metrics are asked for (those of the other are %s)',
		async (foreignIds) => {
			const baseUrl = await serve(foreignIds);
			asked.length = 0;
			const list = listing(baseUrl);
			expect((await list('pk_A')).json).toMatchObject([{ body: 'Hello, A' }]);
			expect((await list('pk_B')).json).toMatchObject([{ body: 'Hello, B' }]);
			expect((await list('pk_B')).json).toMatchObject([{ body: 'Hello, B' }]);
			expect(asked.filter((call) => call.includes('/api/metrics'))).toEqual([
				'A /api/metrics',
				'B /api/metrics',
			]);
			expect(asked).not.toContain('B /api/events "inA"');
		},
	);

	it('ids are looked up again when Klaviyo refuses them', async () => {
		const list = listing(await serve('refused'));
		expect((await list('pk_C')).json).toMatchObject([{ body: 'Hello, A' }]);
		appsAccount = 'B';
		expect((await list('pk_C')).json).toMatchObject([{ body: 'Hello, B' }]);
	});
});
