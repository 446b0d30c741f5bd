/** Each fault does what its words say, and is counted. */
import axios from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import type { AskedSwitches } from '../../../sandbox/types';
import {
	type Endpoint,
	klaviyoClient,
	listenForWebhooks,
	subscribeZendesk,
	zendeskClient,
} from './bench';

let sandbox: Sandbox;
let endpoint: Endpoint | undefined;

const start = async (switches: AskedSwitches = {}): Promise<Sandbox> =>
	(sandbox = await startSandbox({ seed: 3, hurry: 100, switches }));
afterEach(async () => {
	await sandbox.close();
	await endpoint?.close();
	endpoint = undefined;
});

const newUser = { user: { name: 'Ada', email: 'ada@mail.example' } };
const users = () => sandbox.zendesk.users().filter(({ name }) => name === 'Ada').length;

it('drops a connection before anything was done', async () => {
	await start();
	sandbox.switches.faults.droppedConnection = 1;
	await expect(zendeskClient(sandbox).post('/api/v2/users', newUser)).rejects.toThrow();
	expect(users()).toBe(0);
	expect(sandbox.faults()).toMatchObject({ droppedConnection: 1, lostAnswer: 0 });
	expect(sandbox.callCounts()).toEqual({ zendesk: 0, klaviyo: 0 });
});

it('holds an answer back after the request was carried out', async () => {
	await start({ heldAnswer: 60_000 });
	sandbox.switches.faults.timeOut = 1;
	const asked = zendeskClient(sandbox).post('/api/v2/users', newUser);
	const refused = expect(asked).rejects.toThrow();
	await sandbox.until('the user', () => users() === 1);
	await sandbox.until('the answer to wait', () => sandbox.clock.waiting() === 1);
	await sandbox.clock.advance(60_000);
	await refused;
	expect(sandbox.faults()).toMatchObject({ timeOut: 1 });
});

it('ends OAuth tokens before their time, and leaves keys alone', async () => {
	await start();
	const { oauthClientId, oauthClientSecret } = sandbox.zendesk.account;
	const { data } = await axios.post(`${sandbox.zendesk.url}/oauth/tokens`, {
		grant_type: 'client_credentials',
		client_id: oauthClientId,
		client_secret: oauthClientSecret,
		scope: 'read write',
	});
	const asks = async () =>
		await axios.get(`${sandbox.zendesk.url}/api/v2/tickets.json`, {
			headers: { authorization: `Bearer ${String(data.access_token)}` },
			validateStatus: () => true,
		});
	expect((await asks()).status).toBe(200);
	sandbox.switches.faults.tokenExpiry = 1;
	expect((await asks()).status).toBe(401);
	sandbox.switches.faults.tokenExpiry = 0;
	expect((await asks()).status).toBe(401);
	sandbox.switches.faults.tokenExpiry = 1;
	expect((await klaviyoClient(sandbox).get('/api/accounts')).status).toBe(200);
	expect(sandbox.faults()).toMatchObject({ tokenExpiry: 1 });
});

it('counts refusals by their reason', async () => {
	await start({ faults: { tooManyRequests: 0.5, serverError: 0.9 } });
	for (let n = 0; n < 40; n += 1) await klaviyoClient(sandbox).get('/api/accounts');
	const counts = sandbox.faults();
	const sum = Object.values(counts).reduce((total, count) => total + count, 0);
	expect(sum).toBeGreaterThan(30);
	for (const name of [
		'tooManyRequestsWithRetryAfter',
		'tooManyRequestsWithoutRetryAfter',
		'error500',
		'error503',
	] as const)
		expect(counts[name]).toBeGreaterThan(0);
});

it('holds deliveries back, so that newer ones overtake them, and loses none', async () => {
	await start({ latestDelivery: 100_000, faults: { lateDelivery: 0.5 } });
	endpoint = await listenForWebhooks();
	await subscribeZendesk(zendeskClient(sandbox), endpoint.url, ['created']);
	const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Ada' });
	for (let n = 0; n < 20; n += 1)
		sandbox.zendesk.agentCreates({ subject: String(n), body: 'Hello', requesterId });
	const order = () =>
		(endpoint?.received ?? []).map(({ body }) =>
			Number((body as { detail: { subject: string } }).detail.subject),
		);
	const { lateDelivery } = sandbox.faults();
	expect(lateDelivery).toBeGreaterThan(0);
	await sandbox.until('the punctual ones', () => order().length === 20 - lateDelivery);
	await sandbox.clock.advance(100_000);
	await sandbox.deliveriesSettled();
	const all = Array.from({ length: 20 }, (_, n) => n);
	expect([...order()].sort((one, other) => one - other)).toEqual(all);
	expect(order()).not.toEqual(all);
});
