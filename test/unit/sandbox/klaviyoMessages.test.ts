import { createHmac } from 'node:crypto';
import type { AxiosInstance } from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { signature } from '../../../sandbox/klaviyo/deliveries';
import {
	klaviyoClient,
	klaviyoSecret,
	listenForWebhooks,
	subscribeKlaviyo,
	type Endpoint,
} from './bench';

const ada = '+12025550111';
let sandbox: Sandbox;
let client: AxiosInstance;
let endpoint: Endpoint;

beforeEach(async () => {
	sandbox = await startSandbox();
	client = klaviyoClient(sandbox);
	endpoint = await listenForWebhooks();
});
afterEach(async () => {
	await sandbox.close();
	await endpoint.close();
});

const metricId = async (name: string) => {
	const { data } = await client.get('/api/metrics');
	return data.data.find(
		(metric: { attributes: { name: string } }) => metric.attributes.name === name,
	).id as string;
};
const events = async (name: string) => {
	const { data } = await client.get('/api/events', {
		params: { filter: `equals(metric_id,"${await metricId(name)}")`, sort: 'datetime' },
	});
	return data.data as Array<{
		id: string;
		attributes: { datetime: string; event_properties: Record<string, unknown> };
	}>;
};
const conversationOf = async (profileId: string) =>
	(await client.get(`/api/profiles/${profileId}/conversations`)).data.data[0]?.id as
		string | undefined;
const reply = (conversationId: string, body: string, more: object = {}) =>
	client.post('/api/conversation-messages', {
		data: {
			type: 'conversation-message',
			attributes: { body, ...more },
			relationships: { conversation: { data: { type: 'conversation', id: conversationId } } },
		},
	});

test('the signature is hex of HMAC-SHA256 over body and timestamp header', () => {
	const body =
		'{"data":[{"external_id":"4L3cwQae2TX","topic":"event:klaviyo.sent_sms"}],"meta":{"klaviyo_webhook_id":"a8b890458b4bbfaa26d961471b83c101d6de23bd826e7e5173a15310985ec3cb"}}';
	expect(signature('klaviyo-test-secret', body, 'Thu, 04 Jan 2024 18:05:25 GMT')).toBe(
		'5aa0e720d80b3a04ca04baf3c65cdfe31da57504af69fee8da29c35d45f0596b',
	);
});

test('an inbound message reaches the webhook signed, and the event log', async () => {
	const id = await subscribeKlaviyo(client, endpoint.url, ['event:klaviyo.sent_sms']);
	const message = sandbox.klaviyo.customerWrites({ from: ada, body: 'Where is my order? ✨' });
	await sandbox.deliveriesSettled();
	const [request] = endpoint.received;
	const timestamp = String(request?.headers['klaviyo-timestamp']);
	const expected = createHmac('sha256', klaviyoSecret)
		.update(request?.raw ?? '')
		.update(timestamp)
		.digest('hex');
	expect(request?.headers).toMatchObject({
		'klaviyo-signature': expected,
		'klaviyo-webhook-id': id,
	});
	expect(timestamp).toMatch(/GMT$/);
	expect(request?.body).toMatchObject({
		meta: { klaviyo_webhook_id: id },
		data: [
			{
				topic: 'event:klaviyo.sent_sms',
				external_id: message.id,
				payload: {
					data: {
						type: 'event',
						id: message.id,
						attributes: {
							datetime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/),
							event_properties: {
								'From Number': ada,
								'To Number': sandbox.klaviyo.brandPhone,
								'Message Body': 'Where is my order? ✨',
							},
						},
					},
				},
			},
		],
	});
	expect((await events('Sent Text Message')).map((event) => event.id)).toEqual([message.id]);
});

test('several messages come in one request', async () => {
	await subscribeKlaviyo(client, endpoint.url, ['event:klaviyo.sent_sms']);
	sandbox.klaviyo.customersMessage(
		[1, 2, 3].map((n) => ({ from: `+1202555012${n}`, body: `${n}` })),
	);
	await sandbox.deliveriesSettled();
	expect(endpoint.received).toHaveLength(1);
	expect(endpoint.received[0]?.body).toMatchObject({ data: [{}, {}, {}] });
});

test('a reply reaches the phone at once and the log after its lag, with prefix and short links', async () => {
	const { id } = sandbox.klaviyo.addProfile({ phone: ada });
	expect(await conversationOf(id)).toBeUndefined();
	sandbox.klaviyo.customerWrites({ from: ada, body: 'Hi' });
	Object.assign(sandbox.switches, {
		outboundLogLag: 30_000,
		organisationPrefix: 'Acme: ',
		shortenLinks: true,
	});
	const answer = await reply((await conversationOf(id)) ?? '', 'See https://acme.example/o/1');
	expect([answer.status, answer.data]).toEqual([202, '']);
	expect(sandbox.klaviyo.phone(ada).map(({ direction }) => direction)).toEqual(['in', 'out']);
	expect(sandbox.klaviyo.phone(ada)[1]?.body).toMatch(/^Acme: See https:\/\/klv\.example\/\w+$/);
	expect(await events('Received Text Message')).toEqual([]);
	await sandbox.clock.advance(30_000);
	const [logged] = await events('Received Text Message');
	expect(logged?.attributes.event_properties).toMatchObject({
		'To Number': ada,
		'Carrier Delivery Status': 'Delivered',
		$extra: { 'Message Body': sandbox.klaviyo.phone(ada)[1]?.body },
	});
	expect(logged?.attributes.event_properties['Message Body']).toBeUndefined();
});

test('a reply is refused when disabled, to a stranger, without consent, and with unknown attributes', async () => {
	sandbox.klaviyo.customerWrites({ from: ada, body: 'Hi' });
	const [profile] = sandbox.klaviyo.profiles();
	const conversation = (await conversationOf(profile?.id ?? '')) ?? '';
	expect((await reply(conversation, 'Hello')).status).toBe(400);
	expect((await reply('nobody', 'Hello')).status).toBe(404);
	expect((await reply(conversation, 'Hello', { from: '+1' })).status).toBe(400);
	sandbox.switches.conversationsEnabled = false;
	await sandbox.clock.advance(1_000);
	expect((await reply(conversation, 'Hello')).status).toBe(403);
	expect(sandbox.klaviyo.phone(ada)).toHaveLength(1);
});

test('STOP withdraws consent and JOIN gives it back, with automated answers of their own metric', async () => {
	const { id } = sandbox.klaviyo.addProfile({ phone: ada });
	const consent = () => sandbox.klaviyo.profiles().map(({ smsMarketing }) => smsMarketing);
	sandbox.klaviyo.customerWrites({ from: ada, body: 'please stop messaging me' });
	expect(consent()).toEqual([false]);
	sandbox.klaviyo.customerWrites({ from: ada, body: 'Join' });
	expect(consent()).toEqual([true]);
	sandbox.klaviyo.customerWrites({ from: ada, body: 'HELP' });
	expect(await events('Received Automated Response Text Message')).toHaveLength(3);
	expect(sandbox.klaviyo.timeline(id).map(({ metric }) => metric)).toContain(
		'Unsubscribed from Text Messaging Marketing',
	);
});

test('consent shows only when it is requested', async () => {
	sandbox.klaviyo.addProfile({ phone: ada });
	const get = async (more: object) =>
		(
			await client.get('/api/profiles', {
				params: { filter: `equals(phone_number,"${ada}")`, ...more },
			})
		).data.data[0].attributes;
	expect((await get({})).subscriptions).toBeUndefined();
	const { subscriptions } = await get({ 'additional-fields[profile]': 'subscriptions' });
	expect(subscriptions.sms.marketing.can_receive_sms_marketing).toBe(true);
});

test('a webhook that fails is tried again, and disabled after 48 hours in error', async () => {
	await subscribeKlaviyo(client, endpoint.url, ['event:klaviyo.sent_sms']);
	endpoint.answers.push({ status: 500 }, { status: 204 });
	sandbox.klaviyo.customerWrites({ from: ada, body: 'one' });
	await sandbox.until('the first attempt', () => sandbox.deliveries().length === 1);
	await sandbox.clock.advance(10_000);
	expect(sandbox.deliveries().map(({ status }) => status)).toEqual([500, 204, 200]);
	endpoint.answers.push(...Array<{ status: number }>(200).fill({ status: 500 }));
	sandbox.klaviyo.customerWrites({ from: ada, body: 'two' });
	await sandbox.until('another attempt', () => sandbox.deliveries().length === 4);
	await sandbox.clock.advance(47 * 3_600_000);
	expect(sandbox.klaviyo.webhooks()[0]?.enabled).toBe(true);
	await sandbox.clock.advance(3 * 3_600_000);
	expect(sandbox.klaviyo.webhooks()[0]?.enabled).toBe(false);
	await sandbox.deliveriesSettled();
});

test('an endpoint that is silent for five seconds gets the same events again', async () => {
	await subscribeKlaviyo(client, endpoint.url, ['event:klaviyo.sent_sms']);
	endpoint.answers.push('hang');
	sandbox.klaviyo.customerWrites({ from: ada, body: 'one' });
	await sandbox.deliveriesSettled();
	expect(sandbox.deliveries().map(({ status }) => status)).toEqual([null, 200]);
	expect(endpoint.received[0]?.raw).toBe(endpoint.received[1]?.raw);
}, 20_000);

test('webhooks: short secrets, plain http, unknown topics and small accounts are refused; the address is hidden', async () => {
	const make = (attributes: object, topic = 'event:klaviyo.sent_sms') =>
		client.post('/api/webhooks', {
			data: {
				type: 'webhook',
				attributes: {
					name: 'n8n',
					endpoint_url: 'https://n8n.example/webhook/x',
					secret_key: klaviyoSecret,
					...attributes,
				},
				relationships: { 'webhook-topics': { data: [{ type: 'webhook-topic', id: topic }] } },
			},
		});
	const good = await make({});
	expect(good.data.data.attributes.endpoint_url).toBe('https://n8n.example/*****');
	for (const attempt of [
		() => make({ secret_key: 'short' }),
		() => make({ endpoint_url: 'http://n8n.example' }),
		() => make({}, 'event:klaviyo.texted'),
	]) {
		await sandbox.clock.advance(1_000);
		expect((await attempt()).status).toBe(400);
	}
	sandbox.switches.systemWebhooksAllowed = false;
	await sandbox.clock.advance(1_000);
	expect((await make({})).status).toBe(403);
	// As trial accounts were seen to.
	expect((await client.get('/api/webhooks')).status).toBe(200);
});
