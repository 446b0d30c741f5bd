import { get } from 'node:http';
import axios from 'axios';
import { type Sandbox, startSandbox } from '../../../sandbox';
import { makeSwitches } from '../../../sandbox/switches';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

/** What a page's stream has told so far, newest last. */
function openStream(query = ''): { told: Array<Record<string, unknown>>; close: () => void } {
	const told: Array<Record<string, unknown>> = [];
	let unread = '';
	const request = get(`${sandbox.controlUrl}/console/stream?${query}`, (response) => {
		response.setEncoding('utf8').on('data', (chunk: string) => {
			const parts = `${unread}${chunk}`.split('\n\n');
			unread = parts.pop() ?? '';
			for (const part of parts) if (part.startsWith('data: ')) told.push(JSON.parse(part.slice(6)));
		});
	});
	request.on('error', () => undefined);
	return { told, close: () => request.destroy() };
}

async function until(condition: () => boolean): Promise<void> {
	const end = Date.now() + 20_000;
	while (!condition()) {
		if (Date.now() > end) throw new Error('Waited in vain');
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

const control = (method: 'post' | 'patch', path: string, body: unknown) =>
	axios[method](`${sandbox.controlUrl}${path}`, body, { validateStatus: () => true });

test('a page gets everything once, then only what has changed', async () => {
	const { told, close } = openStream();
	await until(() => told.length === 1);
	expect(Object.keys(told[0] ?? {})).toEqual([
		'clock',
		'setup',
		'customers',
		'thread',
		'profile',
		'tickets',
		'ticket',
		'log',
		'switches',
	]);
	await control('patch', '/switches', { auditLag: 1500 });
	await until(() => told.length === 2);
	expect(Object.keys(told[1] ?? {})).toEqual(['switches']);
	await control('post', '/clock', { advanceMs: 60_000 });
	await until(() => told.some((sections) => 'clock' in sections && sections !== told[0]));
	close();
});

test('many changes arrive in few parts, and the last is the newest', async () => {
	const { id } = sandbox.klaviyo.addProfile({ phone: '+12025550111' });
	const { told, close } = openStream(`customer=${id}`);
	await until(() => told.length === 1);
	for (let n = 0; n < 300; n += 1) {
		sandbox.klaviyo.customerWrites({ from: '+12025550111', body: `Text ${n}` });
		if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	}
	const last = () =>
		JSON.stringify(told.findLast((sections) => 'thread' in sections)?.thread ?? '');
	await until(() => last().includes('Text 299'));
	expect(told.length).toBeLessThan(20);
	expect(last()).toContain('"earlier":240');
	close();
});

test('each switch is in the table with its default', async () => {
	const { told, close } = openStream();
	await until(() => told.length === 1);
	const { faults, switches, changed } = told[0]?.switches as Record<
		'faults' | 'switches',
		Array<{ name: string; value: unknown }>
	> & { changed: number };
	const values = (rows: typeof faults) =>
		Object.fromEntries(rows.map(({ name, value }) => [name, value]));
	expect({ ...values(switches), faults: values(faults) }).toEqual(makeSwitches());
	expect(changed).toBe(0);
	close();
});

test.each([
	[{ auditLag: -1 }, 'auditLag'],
	[{ concurrentKey: 'never' }, 'concurrentKey'],
	[{ zendeskForbids: ['everything'] }, 'zendeskForbids'],
	[{ faults: { lostAnswer: 2 } }, 'lostAnswer'],
	[{ faults: { unheardOf: 0.5 } }, 'unheardOf'],
	[{ toString: 1 }, 'toString'],
])('a switch does not accept %j, and the others stay', async (change, name) => {
	const answer = await control('patch', '/switches', { webhooks: false, ...change });
	expect(answer.status).toBe(400);
	expect(answer.data.error).toContain(name);
	expect(sandbox.switches).toEqual(makeSwitches());
});

test('a refusal is said in plain words', async () => {
	const person = { firstName: 'Ana', phone: '+12025550111' };
	await control('post', '/profile', person);
	const again = await control('post', '/profile', person);
	expect([again.status, again.data]).toEqual([
		400,
		{ error: 'A profile already exists with one of these identifiers.' },
	]);
	const { id } = sandbox.zendesk.addUser({ name: 'Ana' });
	const ticket = sandbox.zendesk.agentCreates({ subject: 'S', body: 'B', requesterId: id });
	sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
	const late = await control('post', '/reply', { ticketId: ticket.id, body: 'Too late' });
	expect(late.data).toEqual({ error: 'Status: closed prevents ticket update' });
});

test('consent given or withdrawn is recorded as Klaviyo does', async () => {
	const { id } = sandbox.klaviyo.addProfile({ phone: '+12025550111' });
	await control('post', '/consent', { profileId: id, marketing: true, transactional: true });
	await control('post', '/consent', { profileId: id, marketing: false });
	expect(sandbox.klaviyo.profiles()).toMatchObject([
		{ smsMarketing: false, smsTransactional: true },
	]);
	expect(sandbox.klaviyo.timeline(id).map(({ metric }) => metric)).toEqual([
		'Unsubscribed from Text Messaging Marketing',
	]);
});

test('a program can play a customer on each channel, and the brand on WhatsApp', async () => {
	const from = '+12025550111';
	const profile = await control('post', '/profile', { phone: from, whatsAppMarketing: true });
	expect(profile.data).toMatchObject({ whatsAppMarketing: true, whatsAppUntil: null });
	const message = { from, body: 'Hi', channel: 'whatsapp', displayName: 'Ana' };
	const { data: sent } = await control('post', '/message', message);
	expect(sent).toMatchObject({
		metric: 'Sent WhatsApp',
		properties: { 'WhatsApp Display Name': 'Ana' },
	});
	await control('post', '/messages', [{ from, body: 'Hi', channel: 'rcs' }]);
	await control('post', '/brand-message', {
		...{ to: from, body: 'Sale', kind: 'campaign', channel: 'whatsapp' },
	});
	await control('post', '/brand-message', { to: from, body: 'Sale', kind: 'campaign' });
	const shown = sandbox.klaviyo.phone(from).map(({ channel }) => channel);
	expect(shown).toEqual(['whatsapp', 'rcs', 'whatsapp', 'sms']);
	const [{ whatsAppUntil } = { whatsAppUntil: null }] = sandbox.klaviyo.profiles();
	expect(Date.parse(whatsAppUntil ?? '') - sandbox.clock.now()).toBeGreaterThan(23.9 * 3_600_000);

	await control('post', '/consent', { profileId: profile.data.id, whatsAppMarketing: false });
	expect(sandbox.klaviyo.profiles()).toMatchObject([{ whatsAppMarketing: false }]);
	expect((await control('post', '/message', { ...message, channel: 'pigeon' })).status).toBe(400);
});

test('a picture must be on the web', async () => {
	const message = { from: '+12025550111', body: 'See' };
	const refused = await control('post', '/message', {
		...message,
		mediaUrl: 'javascript:alert(1)',
	});
	expect(refused.status).toBe(400);
	const taken = await control('post', '/message', {
		...message,
		mediaUrl: 'https://a.example/1.jpg',
	});
	expect(taken.data.properties['Media URL']).toBe('https://a.example/1.jpg');
});

test('the log keeps what was delivered and answered, and says when an answer was lost', async () => {
	const hook = 'http://127.0.0.1:9/none';
	const auth = {
		username: `${sandbox.zendesk.account.email}/token`,
		password: sandbox.zendesk.account.apiToken,
	};
	sandbox.switches.faults.lostAnswer = 1;
	await axios.get(`${sandbox.zendesk.url}/api/v2/tickets`, { auth }).catch(() => undefined);
	sandbox.klaviyo.addFlowWebhook({ metric: 'Sent Text Message', url: hook, body: '{"a":1}' });
	sandbox.klaviyo.customerWrites({ from: '+12025550111', body: 'Hello' });
	await sandbox.until('the attempt', () => sandbox.deliveries().length > 0);
	const { told, close } = openStream('logKind=problem');
	await until(() => told.length === 1);
	expect(told[0]?.log).toMatchObject({
		matching: 2,
		rows: [
			{ kind: 'webhook', vendor: 'klaviyo', path: '/none', status: null, attempt: 1 },
			{ kind: 'call', vendor: 'zendesk', path: '/api/v2/tickets', status: 200, lost: true },
		],
	});
	const detail = await axios.get(`${sandbox.controlUrl}/console/log/1`);
	expect(detail.data).toMatchObject({ body: { a: 1 }, response: '' });
	close();
});
