import { createHmac } from 'node:crypto';
import type { AxiosInstance } from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { signature } from '../../../sandbox/zendesk/events';
import { listenForWebhooks, subscribeZendesk, zendeskClient, type Endpoint } from './bench';

let sandbox: Sandbox;
let client: AxiosInstance;
let endpoint: Endpoint;

beforeEach(async () => {
	sandbox = await startSandbox({ hurry: 100 });
	client = zendeskClient(sandbox);
	endpoint = await listenForWebhooks();
});
afterEach(async () => {
	await sandbox.close();
	await endpoint.close();
});

const open = () => {
	const { id } = sandbox.zendesk.addUser({ name: 'Ada' });
	return sandbox.zendesk.agentCreates({ subject: 'Hello', body: 'First', requesterId: id });
};

test('the signature is base64 of HMAC-SHA256 over timestamp and body', async () => {
	const secret = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';
	const known = createHmac('sha256', Buffer.from(secret, 'utf8'))
		.update('2021-03-25T05:09:27Z{"a":1}')
		.digest('base64');
	expect(signature(secret, '2021-03-25T05:09:27Z', '{"a":1}')).toBe(known);

	const id = await subscribeZendesk(client, endpoint.url, ['comment_added']);
	const ticket = open();
	await sandbox.zendesk.agentComments(ticket.id, 'Grüße');
	await sandbox.deliveriesSettled();
	const own = (await client.get(`/api/v2/webhooks/${id}/signing_secret`)).data.signing_secret
		.secret;
	for (const { headers, raw } of endpoint.received) {
		const timestamp = String(headers['x-zendesk-webhook-signature-timestamp']);
		const expected = createHmac('sha256', own).update(timestamp).update(raw).digest('base64');
		expect(headers['x-zendesk-webhook-signature']).toBe(expected);
		expect(headers['x-zendesk-webhook-id']).toBe(id);
	}
	expect(endpoint.received).toHaveLength(2);
});

test('a status change is reported with string ids and upper-case statuses', async () => {
	await subscribeZendesk(client, endpoint.url, ['status_changed']);
	const ticket = open();
	sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
	await sandbox.deliveriesSettled();
	expect(endpoint.received[0]?.body).toMatchObject({
		type: 'zen:event-type:ticket.status_changed',
		subject: `zen:ticket:${ticket.id}`,
		event: { current: 'SOLVED', previous: 'NEW' },
		detail: {
			id: ticket.id,
			status: 'SOLVED',
			requester_id: ticket.requesterId,
			actor_id: sandbox.zendesk.agent.id,
		},
		time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(\d{3}|\d{6}|\d{9}))?Z$/),
	});
});

test.each([true, false])(
	'a first comment is reported as comment_added when the switch is %s',
	async (on) => {
		sandbox.switches.commentAddedOnCreate = on;
		await subscribeZendesk(client, endpoint.url, ['created', 'comment_added']);
		open();
		await sandbox.deliveriesSettled();
		expect(endpoint.ofType('zen:event-type:ticket.created')).toHaveLength(1);
		expect(endpoint.ofType('zen:event-type:ticket.comment_added')).toHaveLength(on ? 1 : 0);
	},
);

test.each([true, false])("an automation's close is reported when the switch is %s", async (on) => {
	sandbox.switches.statusChangedOnAutomation = on;
	const ticket = open();
	sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved', tags: ['sms'] });
	await subscribeZendesk(client, endpoint.url, ['status_changed']);
	await sandbox.clock.advance(25 * 3_600_000);
	await sandbox.deliveriesSettled();
	expect(sandbox.zendesk.ticket(ticket.id).status).toBe('closed');
	expect(endpoint.received).toHaveLength(on ? 1 : 0);
});

test.each([
	[
		'409 comes again three times',
		[{ status: 409 }, { status: 409 }, { status: 409 }, { status: 409 }],
		4,
	],
	['500 is lost', [{ status: 500 }], 1],
	['401 is lost', [{ status: 401 }], 1],
	['503 without Retry-After is lost', [{ status: 503 }], 1],
	[
		'503 with a short Retry-After comes again',
		[{ status: 503, headers: { 'retry-after': '30' } }],
		2,
	],
	['429 with a long Retry-After is lost', [{ status: 429, headers: { 'retry-after': '60' } }], 1],
])('%s', async (_name, answers, attempts) => {
	await subscribeZendesk(client, endpoint.url, ['created']);
	endpoint.answers.push(...answers);
	open();
	await sandbox.deliveriesSettled();
	expect(endpoint.received).toHaveLength(attempts);
	expect(sandbox.deliveries().map(({ attempt }) => attempt)).toEqual(
		[...Array(attempts).keys()].map((n) => n + 1),
	);
});

test('a merge writes two notices, closes the source and reports both', async () => {
	const source = open();
	const target = open();
	await subscribeZendesk(client, endpoint.url, ['merged', 'comment_added', 'status_changed']);
	sandbox.zendesk.merge(source.id, target.id, { public: true });
	await sandbox.deliveriesSettled();
	expect(sandbox.zendesk.ticket(source.id)).toMatchObject({ status: 'closed' });
	expect(endpoint.ofType('zen:event-type:ticket.merged')).toHaveLength(1);
	expect(endpoint.ofType('zen:event-type:ticket.comment_added')).toHaveLength(2);
});

test('unknown event names, plain http and mixed uses are refused', async () => {
	await expect(subscribeZendesk(client, endpoint.url, ['updated'])).rejects.toThrow(/^400/);
	await expect(subscribeZendesk(client, 'http://example.com/hook', ['created'])).rejects.toThrow(
		/^400/,
	);
	const mixed = await client.post('/api/v2/webhooks', {
		webhook: {
			name: 'x',
			status: 'active',
			endpoint: endpoint.url,
			http_method: 'POST',
			request_format: 'json',
			subscriptions: ['conditional_ticket_events', 'zen:event-type:ticket.created'],
		},
	});
	expect(mixed.status).toBe(400);
});

test('webhooks are found by a part of their name, changed and deleted', async () => {
	const id = await subscribeZendesk(client, endpoint.url, ['created']);
	const listed = await client.get('/api/v2/webhooks', {
		params: { 'filter[name_contains]': 'TES' },
	});
	expect(listed.data.webhooks).toHaveLength(1);
	expect(
		(await client.patch(`/api/v2/webhooks/${id}`, { webhook: { status: 'inactive' } })).status,
	).toBe(204);
	expect((await client.get(`/api/v2/webhooks/${id}`)).data.webhook.status).toBe('inactive');
	expect((await client.delete(`/api/v2/webhooks/${id}`)).status).toBe(204);
	expect((await client.get(`/api/v2/webhooks/${id}`)).status).toBe(404);
});

test('the last page of the list has neither a cursor nor links', async () => {
	for (let webhooks = 0; webhooks < 3; webhooks += 1)
		await subscribeZendesk(client, endpoint.url, ['created']);
	const page = async (more: object) =>
		(await client.get('/api/v2/webhooks', { params: { 'page[size]': 2, ...more } })).data;
	const first = await page({});
	expect(first).toMatchObject({ meta: { has_more: true }, links: { next: expect.any(String) } });
	const last = await page({ 'page[after]': first.meta.after_cursor });
	expect(Object.keys(last).sort()).toEqual(['meta', 'webhooks']);
	expect(last.meta).toEqual({ has_more: false });
});
