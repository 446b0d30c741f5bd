import axios, { type AxiosInstance } from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { startOfWindow, zendeskClient } from './bench';

const hour = 3_600_000;
let sandbox: Sandbox;
let client: AxiosInstance;

beforeEach(async () => {
	sandbox = await startSandbox();
	client = zendeskClient(sandbox);
});
afterEach(() => sandbox.close());

const customer = () => sandbox.zendesk.addUser({ name: 'Ada', phone: '+12025550111' });
const newTicket = (requesterId: string, more: object = {}): object => ({
	ticket: {
		subject: 'SMS',
		requester_id: Number(requesterId),
		external_id: 'klaviyo:sms:+12025550111',
		tags: ['sms'],
		comment: {
			html_body: '<p>Where is my &lt;order&gt;?<br>Ada</p>',
			public: true,
			author_id: Number(requesterId),
		},
		metadata: { key: 'message:1' },
		...more,
	},
});
const create = async (more: object = {}) =>
	(await client.post('/api/v2/tickets', newTicket(customer().id, more))).data.ticket;

test('an API ticket keeps its text, its author and its marker', async () => {
	const { id } = customer();
	const answer = await client.post('/api/v2/tickets', newTicket(id));
	expect(answer.status).toBe(201);
	expect(answer.data.ticket).toMatchObject({
		status: 'new',
		via: { channel: 'api' },
		requester_id: Number(id),
		tags: ['sms'],
	});
	const audits = await client.get(
		`/api/v2/tickets/${answer.data.ticket.id}/audits?include=users&page[size]=100`,
	);
	expect(audits.data.audits[0].metadata.custom).toEqual({ key: 'message:1' });
	const comment = audits.data.audits[0].events.find(
		(event: { type: string }) => event.type === 'Comment',
	);
	expect(comment).toMatchObject({
		author_id: Number(id),
		body: 'Where is my <order>?\nAda',
		public: true,
	});
	expect(audits.data.users.map((user: { name: string }) => user.name).sort()).toEqual([
		'Ada',
		'Integration',
	]);
});

test('an idempotency key answers hit, refuses another body, and is forgotten after two hours', async () => {
	const { id } = customer();
	const send = (more?: object) =>
		client.post('/api/v2/tickets', newTicket(id, more), {
			headers: { 'Idempotency-Key': 'conversation:0' },
		});
	const first = await send();
	expect(first.headers['x-idempotency-lookup']).toBe('miss');
	const second = await send();
	expect(second.headers['x-idempotency-lookup']).toBe('hit');
	expect(second.data.ticket.id).toBe(first.data.ticket.id);
	const other = await send({ subject: 'Another' });
	expect(other.status).toBe(400);
	expect(other.data.error).toBe('IdempotentRequestError');
	await sandbox.clock.advance(2 * hour + 1000);
	const third = await send();
	expect(third.headers['x-idempotency-lookup']).toBe('miss');
	expect(third.data.ticket.id).not.toBe(first.data.ticket.id);
});

test.each([
	['409', 409],
	['wait', 201],
] as const)('a key in flight answers by the switch %s', async (concurrentKey, status) => {
	sandbox.switches.concurrentKey = concurrentKey;
	sandbox.switches.createDuration = 100;
	const { id } = customer();
	const send = () =>
		client.post('/api/v2/tickets', newTicket(id), { headers: { 'Idempotency-Key': 'k' } });
	const answers = await Promise.all([send(), send()]);
	expect(answers.map((answer) => answer.status).sort()).toEqual([201, status]);
	expect(sandbox.zendesk.tickets()).toHaveLength(1);
});

test('a creation under way ends when the switch says so', async () => {
	sandbox.switches.createDuration = hour;
	const { id } = customer();
	const sent = client.post('/api/v2/tickets', newTicket(id));
	await sandbox.until('the creation', () => sandbox.clock.waiting() === 1);
	expect(sandbox.zendesk.tickets()).toEqual([]);
	sandbox.switches.createDuration = 0;
	expect((await sent).status).toBe(201);
	expect(sandbox.zendesk.tickets()).toHaveLength(1);
});

test('safe_update refuses an older stamp with 409, and cannot tell writers in one second apart', async () => {
	const ticket = await create();
	const put = (stamp: string) =>
		client.put(`/api/v2/tickets/${ticket.id}`, {
			ticket: { priority: 'high', safe_update: true, updated_stamp: stamp },
		});
	expect((await put('2020-01-01T00:00:00Z')).status).toBe(409);
	expect((await put(ticket.updated_at)).status).toBe(200);
});

test("a closed ticket answers 422 in the account's language", async () => {
	const ticket = await create();
	const put = () => client.put(`/api/v2/tickets/${ticket.id}`, { ticket: { status: 'open' } });
	expect(
		(await client.put(`/api/v2/tickets/${ticket.id}`, { ticket: { status: 'closed' } })).status,
	).toBe(200);
	const english = await put();
	expect(english.status).toBe(422);
	expect(english.data.details.status[0].description).toBe('Status: closed prevents ticket update');
	sandbox.switches.errorLanguage = 'xx';
	const other = await put();
	expect(other.status).toBe(422);
	expect(JSON.stringify(other.data)).not.toContain('closed prevents');
});

test('a deleted ticket is neither found nor listed', async () => {
	const ticket = await create();
	sandbox.zendesk.deleteTicket(String(ticket.id));
	expect((await client.get(`/api/v2/tickets/${ticket.id}`)).status).toBe(404);
	expect(
		(await client.get('/api/v2/tickets', { params: { external_id: ticket.external_id } })).data
			.tickets,
	).toEqual([]);
});

test('the list by external id lags by the switch, in status too', async () => {
	const ticket = await create();
	sandbox.switches.ticketListLag = 5_000;
	const list = async () =>
		(await client.get('/api/v2/tickets', { params: { external_id: ticket.external_id } })).data
			.tickets;
	expect(await list()).toEqual([]);
	await sandbox.clock.advance(6_000);
	expect(await list()).toHaveLength(1);
	sandbox.zendesk.agentUpdates(String(ticket.id), { status: 'solved' });
	expect((await list())[0].status).toBe('new');
	await sandbox.clock.advance(6_000);
	expect((await list())[0].status).toBe('solved');
});

test('a comment above 64 kB is silently cut', async () => {
	const ticket = await create();
	const answer = await client.put(`/api/v2/tickets/${ticket.id}`, {
		ticket: { comment: { html_body: 'é'.repeat(40_000), public: true } },
	});
	expect(answer.status).toBe(200);
	const [, comment] = sandbox.zendesk.ticket(String(ticket.id)).comments;
	expect(Buffer.byteLength(comment?.body ?? '')).toBe(65_534);
});

test("placeholders are filled in staff comments and stay text in customers' comments", async () => {
	const ticket = await create();
	const { requester_id: requesterId } = ticket;
	const comment = (more: object) =>
		client.put(`/api/v2/tickets/${ticket.id}`, {
			ticket: { comment: { html_body: 'No {{ticket.id}} {{secret}}', public: true, ...more } },
		});
	await comment({});
	await comment({ author_id: requesterId });
	const bodies = sandbox.zendesk.ticket(String(ticket.id)).comments.map(({ body }) => body);
	expect(bodies.slice(1)).toEqual([`No ${ticket.id} `, 'No {{ticket.id}} {{secret}}']);
});

test('the 31st update of a ticket in ten minutes answers 429 with Retry-After', async () => {
	await startOfWindow(sandbox);
	const ticket = await create();
	const put = (n: number) =>
		client.put(`/api/v2/tickets/${ticket.id}`, { ticket: { subject: `n${n}` } });
	for (let n = 0; n < 30; n += 1) expect((await put(n)).status).toBe(200);
	const refused = await put(30);
	expect(refused.status).toBe(429);
	await sandbox.clock.advance(Number(refused.headers['retry-after']) * 1000);
	expect((await put(31)).status).toBe(200);
});

test('/users/me answers strangers as anonymous, everything else answers 401', async () => {
	const me = await axios.get(`${sandbox.zendesk.url}/api/v2/users/me`);
	expect(me.data.user.id).toBeNull();
	const wrong = { auth: { username: 'x/token', password: 'y' }, validateStatus: () => true };
	expect(
		(await axios.get(`${sandbox.zendesk.url}/api/v2/users/me`, wrong)).data.user.id,
	).toBeNull();
	const tickets = await axios.get(`${sandbox.zendesk.url}/api/v2/tickets`, wrong);
	expect([tickets.status, tickets.data]).toEqual([401, { error: "Couldn't authenticate you" }]);
	expect((await client.get('/api/v2/users/me')).data.user.name).toBe('Integration');
});

test('the hourly automation closes a solved SMS ticket after 24 hours, any other after four days', async () => {
	const text = await create();
	const other = await create({ tags: [], external_id: null });
	for (const { id } of [text, other])
		sandbox.zendesk.agentUpdates(String(id), { status: 'solved' });
	const statuses = () => sandbox.zendesk.tickets().map(({ status }) => status);
	await sandbox.clock.advance(23 * hour);
	expect(statuses()).toEqual(['solved', 'solved']);
	await sandbox.clock.advance(2 * hour);
	expect(statuses()).toEqual(['closed', 'solved']);
	await sandbox.clock.advance(73 * hour);
	expect(statuses()).toEqual(['closed', 'closed']);
});

test('the event export leaves out the last minute and shows comments with their authors', async () => {
	const start = Math.floor(sandbox.clock.now() / 1000) - 120;
	const ticket = await create();
	await sandbox.clock.advance(1000);
	sandbox.zendesk.agentComments(String(ticket.id), 'On its way');
	const read = () =>
		client.get(`/api/v2/incremental/ticket_events?start_time=${start}&include=comment_events`);
	expect((await read()).data.ticket_events).toEqual([]);
	await sandbox.clock.advance(61_000);
	const { data } = await read();
	expect(data.end_of_stream).toBe(true);
	const [, reply] = data.ticket_events;
	expect(reply.child_events[0]).toMatchObject({
		event_type: 'Comment',
		comment_public: true,
		body: 'On its way\n\nMia Jensen\nAcme Support | +1 202 555 0100',
		author_id: Number(sandbox.zendesk.agent.id),
	});
	sandbox.switches.incrementalExportAllowed = false;
	expect((await read()).status).toBe(403);
});

test('cursor pages have every ticket once, in the requested order', async () => {
	for (let n = 0; n < 5; n += 1) {
		await create();
		await sandbox.clock.advance(1_000);
	}
	const ids: number[] = [];
	let query = 'page[size]=2&sort=-updated_at';
	for (let more = true; more;) {
		const { data } = await client.get(`/api/v2/tickets?${query}`);
		ids.push(...data.tickets.map((ticket: { id: number }) => ticket.id));
		more = data.meta.has_more;
		query = `page[size]=2&sort=-updated_at&page[after]=${data.meta.after_cursor}`;
	}
	expect(ids).toEqual([...ids].sort((a, b) => b - a));
	expect(new Set(ids).size).toBe(5);
});

test('an exhausted limit of the whole account answers 429', async () => {
	await sandbox.close();
	sandbox = await startSandbox({ limits: 0.005 });
	client = zendeskClient(sandbox);
	await startOfWindow(sandbox);
	const statuses: number[] = [];
	for (let n = 0; n < 5; n += 1) statuses.push((await client.get('/api/v2/brands')).status);
	expect(statuses.slice(0, 4)).toEqual([200, 200, 200, 200]);
	expect(statuses[4]).toBe(429);
});
