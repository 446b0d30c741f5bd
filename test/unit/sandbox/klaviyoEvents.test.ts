import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { klaviyoClient, startOfWindow } from './bench';

let sandbox: Sandbox;
let client: AxiosInstance;
beforeEach(async () => {
	sandbox = await startSandbox();
	client = klaviyoClient(sandbox);
});
afterEach(() => sandbox.close());

const event = (
	uniqueId: string,
	email = 'ada@acme.example',
	properties: object = { ticket_id: '1' },
): object => ({
	data: {
		type: 'event',
		attributes: {
			properties,
			unique_id: uniqueId,
			metric: { data: { type: 'metric', attributes: { name: 'Opened Ticket' } } },
			profile: { data: { type: 'profile', attributes: { email } } },
		},
	},
});
const bulk = (uniqueIds: string[]): object => ({
	data: {
		type: 'event-bulk-create-job',
		attributes: {
			'events-bulk-create': {
				data: uniqueIds.map((id) => ({
					type: 'event-bulk-create',
					attributes: {
						profile: { data: { type: 'profile', attributes: { email: 'ada@acme.example' } } },
						events: {
							data: [
								{
									type: 'event',
									attributes: {
										properties: {},
										unique_id: id,
										metric: { data: { type: 'metric', attributes: { name: 'Opened Ticket' } } },
									},
								},
							],
						},
					},
				})),
			},
		},
	},
});
const recorded = () => sandbox.klaviyo.profiles().flatMap(({ id }) => sandbox.klaviyo.timeline(id));

test('a repeated unique id is recorded once; empty values are not kept', async () => {
	for (let n = 0; n < 2; n += 1)
		expect(
			(
				await client.post(
					'/api/events',
					event('opened:1', undefined, { a: 0, b: '', c: null, d: false, e: 'x' }),
				)
			).status,
		).toBe(202);
	expect(recorded()).toHaveLength(1);
	expect(recorded()[0]?.properties).toEqual({ d: false, e: 'x', $event_id: 'opened:1' });
});

test('events for reserved addresses are accepted and dropped', async () => {
	expect((await client.post('/api/events', event('1', 'ada@example.com'))).status).toBe(202);
	expect(recorded()).toEqual([]);
});

test('unknown attributes, a missing revision and a wrong content type are refused', async () => {
	const wrong = {
		data: {
			type: 'event',
			attributes: {
				...(event('1') as { data: { attributes: object } }).data.attributes,
				metadata: {},
			},
		},
	};
	const refused = await client.post('/api/events', wrong);
	expect(refused.status).toBe(400);
	expect(refused.data.errors[0].source.pointer).toBe('/data/attributes/metadata');
	expect(
		(await client.post('/api/events', event('1'), { headers: { revision: null } })).status,
	).toBe(400);
	expect(
		(
			await client.post('/api/events', event('1'), {
				headers: { 'content-type': 'application/json' },
			})
		).status,
	).toBe(415);
	const stranger = await axios.get(`${sandbox.klaviyo.url}/api/accounts`, {
		validateStatus: () => true,
		headers: { revision: '2026-07-15' },
	});
	expect(stranger.status).toBe(401);
});

test.each([
	['refused', 400],
	['swallowed', 202],
] as const)('a bulk job with a repeated id is %s whole', async (repeatedBulkId, status) => {
	sandbox.switches.repeatedBulkId = repeatedBulkId;
	await client.post('/api/events', event('a'));
	expect((await client.post('/api/event-bulk-create-jobs', bulk(['a', 'b']))).status).toBe(status);
	expect((await client.post('/api/event-bulk-create-jobs', bulk(['c', 'c']))).status).toBe(status);
	expect(recorded()).toHaveLength(1);
	expect((await client.post('/api/event-bulk-create-jobs', bulk(['d', 'e']))).status).toBe(202);
	expect(recorded()).toHaveLength(3);
});

test('events are read by metric, profile and time, page by page; a bare + in the offset is refused', async () => {
	for (let n = 0; n < 5; n += 1) {
		await client.post('/api/events', event(`${n}`));
		await sandbox.clock.advance(1_000);
	}
	const [profile] = sandbox.klaviyo.profiles();
	const { data: metrics } = await client.get('/api/metrics', {
		params: { filter: "equals(integration.name,'API')" },
	});
	const since = new Date(sandbox.clock.now() - 3_600_000).toISOString().replace(/\.\d+Z/, '+00:00');
	const filter = `and(equals(metric_id,"${metrics.data[0].id}"),equals(profile_id,"${profile?.id}"),greater-or-equal(datetime,${since}))`;
	const ids: string[] = [];
	let url: string | undefined =
		`/api/events?filter=${encodeURIComponent(filter)}&sort=datetime&page[size]=2&include=metric`;
	while (url !== undefined) {
		const { data }: AxiosResponse = await client.get(url);
		ids.push(
			...data.data.map(
				(each: { attributes: { event_properties: { $event_id: string } } }) =>
					each.attributes.event_properties.$event_id,
			),
		);
		url = data.links.next ?? undefined;
	}
	expect(ids).toEqual(['0', '1', '2', '3', '4']);
	expect((await client.get(`/api/events?filter=${filter}`)).status).toBe(400);
	expect(
		(await client.get('/api/events', { params: { filter: 'equals(metric_name,"x")' } })).status,
	).toBe(400);
});

test('a profile import creates, then changes; null clears and the rest stays', async () => {
	const send = (attributes: object) =>
		client.post('/api/profile-import', {
			data: { type: 'profile', attributes: { external_id: 'zd-1', ...attributes } },
		});
	expect((await send({ first_name: 'Ada', properties: { tickets: 1 } })).status).toBe(201);
	const second = await send({ first_name: null, properties: { other: 0 } });
	expect(second.status).toBe(200);
	expect(second.data.data.attributes).toMatchObject({
		first_name: null,
		properties: { tickets: 1, other: 0 },
	});
});

test('limits: 429 with Retry-After instead of RateLimit headers', async () => {
	await startOfWindow(sandbox);
	const first = await client.get('/api/accounts');
	expect(first.headers['ratelimit-limit']).toContain('15;w=60');
	const second = await client.get('/api/accounts');
	expect(second.status).toBe(429);
	expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
	expect(second.headers['ratelimit-remaining']).toBeUndefined();
});

test('faults: the same seed gives the same sequence, and a lost answer was carried out', async () => {
	const row = async (): Promise<number[]> => {
		const other = await startSandbox({
			seed: 7,
			switches: {
				faults: { tooManyRequests: 0.3, serverError: 0.3, lostAnswer: 0, duplicateDelivery: 0 },
			},
		});
		const statuses: number[] = [];
		for (let n = 0; n < 10; n += 1)
			statuses.push((await klaviyoClient(other).get('/api/profiles')).status);
		await other.close();
		return statuses;
	};
	expect(await row()).toEqual(await row());
	sandbox.switches.faults.lostAnswer = 1;
	await expect(client.post('/api/events', event('1'))).rejects.toThrow();
	expect(recorded()).toHaveLength(1);
});
