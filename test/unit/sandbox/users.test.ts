import axios, { type AxiosInstance } from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { startOfWindow, zendeskClient } from './bench';

let sandbox: Sandbox;
let client: AxiosInstance;
beforeEach(async () => {
	sandbox = await startSandbox();
	client = zendeskClient(sandbox);
});
afterEach(() => sandbox.close());

const make = (user: object) => client.post('/api/v2/users', { user });

test('a nameless user and a taken e-mail are refused, a taken number becomes shared', async () => {
	expect((await make({ phone: '+12025550111' })).status).toBe(422);
	const first = await make({ name: 'Ada', phone: '+12025550111', email: 'ada@acme.example' });
	expect(first.data.user).toMatchObject({ role: 'end-user', shared_phone_number: false });
	expect((await make({ name: 'Eve', phone: '+12025550111' })).data.user.shared_phone_number).toBe(
		true,
	);
	const taken = await make({ name: 'Eve', email: 'ada@acme.example' });
	expect(taken.status).toBe(422);
	expect(taken.data.details.email[0].description).toContain('is already being used');
});

test('search finds parts of numbers and lags by the switch; external ids are exact', async () => {
	await make({ name: 'Ada', phone: '+12025550111', external_id: 'klaviyo:1' });
	const search = async (params: object) =>
		(await client.get('/api/v2/users/search', { params })).data.users.length;
	expect(await search({ query: 'phone:+1202555011' })).toBe(1);
	await make({ name: 'Bo', phone: '(202) 555-0112 x4' });
	expect(await search({ query: 'phone:2025550112' })).toBe(0);
	expect(await search({ query: 'phone:*2025550112' })).toBe(1);
	expect(await search({ query: 'phone:*202555011' })).toBe(0);
	expect(await search({ external_id: 'klaviyo:' })).toBe(0);
	expect(await search({ external_id: 'klaviyo:1' })).toBe(1);
	sandbox.switches.searchLag = 60_000;
	expect(await search({ query: 'phone:+12025550111' })).toBe(0);
	expect(
		(await client.get('/api/v2/users', { params: { external_id: 'klaviyo:1' } })).data.users,
	).toHaveLength(1);
});

test('create_or_update matches by external id, and only five times a minute', async () => {
	await startOfWindow(sandbox);
	const statuses: number[] = [];
	for (let n = 0; n < 6; n += 1) {
		await sandbox.clock.advance(1_000);
		statuses.push(
			(
				await client.post('/api/v2/users/create_or_update', {
					user: { name: `Ada ${n}`, external_id: 'X' },
				})
			).status,
		);
	}
	expect(statuses.filter((status) => status === 201)).toHaveLength(1);
	expect(statuses).toContain(429);
});

test('the control server plays customer and agent', async () => {
	const post = (path: string, body: object) => axios.post(`${sandbox.controlUrl}${path}`, body);
	await post('/profile', { phone: '+12025550111', firstName: 'Ada' });
	await post('/message', { from: '+12025550111', body: 'Hi' });
	const { data: user } = await post('/user', { name: 'Ada' });
	const { data: ticket } = await post('/ticket', { subject: 's', body: 'b', requesterId: user.id });
	await post('/reply', { ticketId: ticket.id, body: 'Hello', status: 'solved' });
	await post('/clock', { advanceMs: 1000 });
	await axios.patch(`${sandbox.controlUrl}/switches`, {
		auditLag: 5,
		faults: { serverError: 0.5 },
	});
	expect(sandbox.switches.auditLag).toBe(5);
	expect(sandbox.switches.faults).toMatchObject({ serverError: 0.5, lostAnswer: 0 });
	const { data: state } = await axios.get(`${sandbox.controlUrl}/state`);
	expect(state.tickets[0]).toMatchObject({
		status: 'solved',
		comments: [
			{ body: expect.stringMatching(/^b\n/) },
			{ body: expect.stringMatching(/^Hello\n/) },
		],
	});
	expect(state.phones['+12025550111']).toHaveLength(1);
	await expect(axios.patch(`${sandbox.controlUrl}/switches`, { unknown: 1 })).rejects.toThrow();
});
