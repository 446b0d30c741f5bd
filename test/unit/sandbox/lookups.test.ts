/** What the sandbox finds by index is what a look at everything would find. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxiosInstance } from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import type { SandboxOptions } from '../../../sandbox/types';
import { klaviyoClient, zendeskClient } from './bench';

let sandbox: Sandbox;
let zendesk: AxiosInstance;
let klaviyo: AxiosInstance;

const start = async (options: SandboxOptions = {}): Promise<void> => {
	sandbox = await startSandbox({ limits: 1000, ...options });
	zendesk = zendeskClient(sandbox);
	klaviyo = klaviyoClient(sandbox);
};
afterEach(() => sandbox.close());

const idsOf = (list: Array<{ id: number | string }>): string[] => list.map(({ id }) => String(id));
const minutes = (count: number): number => count * 60_000;

describe('Zendesk', () => {
	const users = async (params: object): Promise<string[]> =>
		idsOf((await zendesk.get('/api/v2/users/search', { params })).data.users);
	const tickets = async (externalId: string): Promise<string[]> =>
		idsOf(
			(await zendesk.get('/api/v2/tickets', { params: { external_id: externalId } })).data.tickets,
		);
	const open = (requesterId: string, externalId: string): string =>
		sandbox.zendesk.agentCreates({ subject: 'SMS', body: 'Hi', requesterId, externalId }).id;

	it('finds users by parts of numbers, including those created after the first search', async () => {
		await start();
		const { id: first } = sandbox.zendesk.addUser({ name: 'Ada', phone: '+12025550111' });
		expect(await users({ query: 'phone:5550111' })).toEqual([first]);
		const { id: second } = sandbox.zendesk.addUser({ name: 'Ben', phone: '+13125550111' });
		expect(await users({ query: 'phone:5550111' })).toEqual([first, second]);
		expect(await users({ query: 'phone:5550111 name:ben' })).toEqual([second]);
		expect(await users({ query: 'ben' })).toEqual([second]);
	});

	it('finds a user by the current number and id, no longer by former ones', async () => {
		await start();
		const { id } = sandbox.zendesk.addUser({ name: 'Ada', phone: '+12025550111', externalId: 'a' });
		expect(await users({ query: 'phone:+12025550111' })).toEqual([id]);
		await zendesk.put(`/api/v2/users/${id}`, { user: { phone: '+12025550122', external_id: 'b' } });
		expect(await users({ query: 'phone:+12025550111' })).toEqual([]);
		expect(await users({ query: 'phone:+12025550122' })).toEqual([id]);
		expect(await users({ external_id: 'a' })).toEqual([]);
		expect(await users({ external_id: 'b' })).toEqual([id]);
		expect(() => sandbox.zendesk.addUser({ name: 'Ben', externalId: 'a' })).not.toThrow();
		expect(() => sandbox.zendesk.addUser({ name: 'Cem', externalId: 'B' })).toThrow();
	});

	it('lists a ticket under its current conversation and requester', async () => {
		await start();
		const [ada, ben] = ['Ada', 'Ben'].map((name) => sandbox.zendesk.addUser({ name }).id);
		if (ada === undefined || ben === undefined) throw new Error('Nobody was added');
		const id = open(ada, 'a');
		await zendesk.put(`/api/v2/tickets/${id}`, {
			ticket: { external_id: 'b', requester_id: Number(ben) },
		});
		expect(await tickets('a')).toEqual([]);
		expect(await tickets('b')).toEqual([id]);
		const requested = async (user: string): Promise<string[]> =>
			idsOf((await zendesk.get(`/api/v2/users/${user}/tickets/requested`)).data.tickets);
		expect(await requested(ada)).toEqual([]);
		expect(await requested(ben)).toEqual([id]);
		const found = await zendesk.get('/api/v2/search', { params: { query: 'external_id:b' } });
		expect(idsOf(found.data.results)).toEqual([id]);
	});

	it('lists and finds at once what was changed since it was last listed', async () => {
		await start();
		const { id: requester } = sandbox.zendesk.addUser({ name: 'Ada' });
		const [first, second] = [open(requester, 'a'), open(requester, 'b')];
		const lists = async (): Promise<string[][]> => {
			const all = await zendesk.get('/api/v2/tickets', { params: { sort: '-id' } });
			const query = { query: 'status<solved', 'filter[type]': 'ticket' };
			const found = await zendesk.get('/api/v2/search/export', { params: query });
			return [idsOf(all.data.tickets), idsOf(found.data.results)];
		};
		expect(await lists()).toEqual([
			[second, first],
			[first, second],
		]);
		sandbox.zendesk.agentUpdates(first, { status: 'solved' });
		expect(await lists()).toEqual([[second, first], [second]]);
		sandbox.zendesk.deleteTicket(second);
		expect(await lists()).toEqual([[first], []]);
		const third = open(requester, 'c');
		expect(await lists()).toEqual([[third, first], [third]]);
	});

	it('exports each ticket once, where its last change was', async () => {
		await start();
		const { id: requester } = sandbox.zendesk.addUser({ name: 'Ada' });
		const [first, second, third] = ['a', 'b', 'c'].map((name) => open(requester, name));
		if (first === undefined) throw new Error('No ticket was opened');
		await sandbox.clock.advance(5000);
		sandbox.zendesk.agentUpdates(first, { tags: ['late'] });
		await sandbox.clock.advance(minutes(2));
		const seen: string[][] = [];
		let params: object = { start_time: 0, per_page: 2 };
		for (let isOver = false; !isOver;) {
			const { data } = await zendesk.get('/api/v2/incremental/tickets/cursor', { params });
			seen.push(idsOf(data.tickets));
			params = { cursor: data.after_cursor, per_page: 2 };
			isOver = data.end_of_stream;
		}
		expect(seen).toEqual([[second, third], [first]]);
	});
});

describe('Klaviyo', () => {
	const read = async (params: Record<string, unknown>, pages = 10): Promise<string[]> => {
		const ids: string[] = [];
		let url: string | undefined = '/api/events';
		let asked: object | undefined = params;
		for (let page = 0; url !== undefined && page < pages; page += 1) {
			const { data }: { data: { data: Array<{ id: string }>; links: { next: string | null } } } =
				await klaviyo.get(url, { params: asked });
			ids.push(...idsOf(data.data));
			url = data.links.next ?? undefined;
			asked = undefined;
		}
		return ids;
	};

	it('pages through events of several metrics by time, late ones in their place', async () => {
		await start();
		const now = sandbox.clock.now();
		const times = [-50, -10, -30, -20, -40, -60].map((seconds) => now + seconds * 1000);
		const profile = sandbox.klaviyo.addProfile({ phone: '+12025550111' });
		const messages = times.map((at) =>
			sandbox.klaviyo.customerWrites({ from: '+12025550111', body: `at ${at}`, at }),
		);
		const sent = sandbox.klaviyo.brandWrites({
			to: '+12025550111',
			body: 'Sale',
			kind: 'campaign',
		});
		sandbox.klaviyo.customerWrites({ from: '+12025550122', body: 'Hi', at: now - 3_600_000 });
		const inOrder = [...messages].sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ id }) => id);
		const ofProfile = `equals(profile_id,"${profile.id}")`;
		const oldestFirst = { sort: 'datetime', 'page[size]': 2 };
		expect(await read({ ...oldestFirst, filter: ofProfile })).toEqual([...inOrder, sent.id]);
		const recent = new Date(now - 120_000).toISOString().replace(/\.\d+/, '');
		const since = { filter: `greater-or-equal(datetime,${recent})` };
		expect(await read({ ...oldestFirst, ...since })).toEqual([...inOrder, sent.id]);
		expect(await read({ ...since, 'page[size]': 2 })).toEqual([sent.id, ...[...inOrder].reverse()]);
		const before = new Date(now - 25_000).toISOString().replace(/\.\d+/, '');
		const both = { filter: `${since.filter},less-than(datetime,${before})` };
		expect(await read({ ...oldestFirst, ...both })).toEqual(inOrder.slice(0, 4));
		expect((await klaviyo.get('/api/events?page[cursor]=bm9uZQ')).status).toBe(400);
	});

	it('finds profiles by their current identifiers, in the order of their creation', async () => {
		await start();
		const [ada, ben] = ['+12025550111', '+12025550122'].map(
			(phone) => sandbox.klaviyo.addProfile({ phone }).id,
		);
		const found = async (filter: string): Promise<string[]> =>
			idsOf((await klaviyo.get('/api/profiles', { params: { filter } })).data.data);
		expect(await found(`any(id,["${ben}","${ada}"])`)).toEqual([ada, ben]);
		await klaviyo.patch(`/api/profiles/${ada}`, {
			data: { type: 'profile', id: ada, attributes: { phone_number: '+12025550133' } },
		});
		expect(await found('equals(phone_number,"+12025550111")')).toEqual([]);
		expect(await found('any(phone_number,["+12025550122","+12025550133"])')).toEqual([ada, ben]);
	});
});

describe('A long run', () => {
	it('has every call in its recording when it is closed, and counts those it does not keep', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
		const record = join(folder, 'calls.jsonl');
		await start({ record, keepCalls: false });
		await Promise.all(Array.from({ length: 200 }, () => zendesk.get('/api/v2/users/me')));
		expect(sandbox.calls()).toEqual([]);
		expect(sandbox.callCounts()).toEqual({ zendesk: 200, klaviyo: 0 });
		await sandbox.close();
		expect(readFileSync(record, 'utf8').trim().split('\n')).toHaveLength(200);
		rmSync(folder, { recursive: true });
	});

	it('checks a condition less often if the check takes long', async () => {
		await start();
		let looks = 0;
		const isTime = (): boolean => {
			looks += 1;
			for (const end = performance.now() + 20; performance.now() < end;);
			return sandbox.zendesk.users().length >= 102;
		};
		const waiting = sandbox.until('a hundred users', isTime);
		for (let made = 0; made < 100; made += 1) {
			sandbox.zendesk.addUser({ name: 'Ada' });
			await new Promise((resolve) => setImmediate(resolve));
		}
		await waiting;
		expect(looks).toBeLessThan(10);
	});
});
