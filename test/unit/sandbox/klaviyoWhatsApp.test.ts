/** The sandbox's WhatsApp, and RCS as a second way to send text messages. */
import type { AxiosInstance } from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { hour, second } from '../../../sandbox/clock';
import type { AskedSwitches } from '../../../sandbox/types';
import { klaviyoClient } from './bench';

const ADA = '+12125550111';

let sandbox: Sandbox;
let client: AxiosInstance;

const start = async (switches: AskedSwitches = {}) => {
	sandbox = await startSandbox({ switches });
	client = klaviyoClient(sandbox);
};
afterEach(async () => await sandbox.close());

const writes = (body: string, channel: 'sms' | 'whatsapp' | 'rcs' = 'whatsapp') =>
	sandbox.klaviyo.customerWrites({ from: ADA, body, channel });
const names = async () => {
	const { data } = await client.get('/api/metrics');
	return data.data.map((metric: { attributes: { name: string } }) => metric.attributes.name);
};
const topics = async () => {
	// One such request a second.
	await sandbox.clock.advance(second);
	const { data } = await client.get('/api/webhook-topics');
	return data.data.map(({ id }: { id: string }) => id);
};
const profile = async () => {
	const { data } = await client.get('/api/profiles', {
		params: {
			filter: `equals(phone_number,"${ADA}")`,
			'additional-fields[profile]': 'subscriptions',
			include: 'conversations',
		},
	});
	return {
		subscriptions: data.data[0].attributes.subscriptions,
		conversations: data.included as Array<{ id: string; attributes: { channel: string } }>,
	};
};
const reply = async (channel: string, body = 'Here you are') => {
	const { conversations } = await profile();
	const { id } = conversations.find(({ attributes }) => attributes.channel === channel) ?? {};
	const conversation = { data: { type: 'conversation', id } };
	return await client.post(
		'/api/conversation-messages',
		{
			data: {
				type: 'conversation-message',
				attributes: { body },
				relationships: { conversation },
			},
		},
		{ validateStatus: () => true },
	);
};
const received = () =>
	sandbox.klaviyo
		.phone(ADA)
		.filter(({ direction }) => direction === 'out')
		.map(({ channel, body }) => ({ channel, body }));

test('metrics and topics of WhatsApp are there from their first event on', async () => {
	await start();
	expect(await names()).not.toContain('Sent WhatsApp');
	expect(await topics()).not.toContain('event:klaviyo.sent_whatsapp');
	writes('Hi');
	expect(await names()).toContain('Sent WhatsApp');
	expect(await topics()).toContain('event:klaviyo.sent_whatsapp');
	expect(await names()).not.toContain('Received WhatsApp');
});

test('an account that has used WhatsApp before has them from the start', async () => {
	await start();
	sandbox.switches.whatsAppFromStart = true;
	expect(await names()).toEqual(expect.arrayContaining(['Sent WhatsApp', 'Received WhatsApp']));
	expect(await topics()).toContain('event:klaviyo.sent_whatsapp');
	writes('Hi');
	expect((await names()).filter((name: string) => name === 'Sent WhatsApp')).toHaveLength(1);
});

test('a profile has a conversation for each channel, and RCS is in that of SMS', async () => {
	await start();
	for (const channel of ['sms', 'whatsapp', 'rcs'] as const) writes('Hi', channel);
	const { conversations } = await profile();
	expect(conversations.map(({ attributes }) => attributes.channel)).toEqual(['sms', 'whatsapp']);
});

test('a reply goes out by the channel by which the customer last wrote in the conversation', async () => {
	await start();
	const { id } = sandbox.klaviyo.addProfile({ phone: ADA, smsMarketing: true });
	for (const channel of ['sms', 'whatsapp', 'rcs'] as const) writes('Hi', channel);
	expect((await reply('sms', 'One')).status).toBe(202);
	expect((await reply('whatsapp', 'Two')).status).toBe(202);
	expect(received()).toEqual([
		{ channel: 'rcs', body: 'One' },
		{ channel: 'whatsapp', body: 'Two' },
	]);
	expect(sandbox.klaviyo.timeline(id).map(({ metric }) => metric)).toEqual([
		'Sent Text Message',
		'Sent WhatsApp',
		'Sent Text Message',
		'Received Text Message',
		'Received WhatsApp',
	]);
});

test('what has no words has no property for them, and names the sender', async () => {
	await start();
	const { properties } = sandbox.klaviyo.customerWrites({
		from: ADA,
		body: '',
		channel: 'whatsapp',
		displayName: 'Ada',
	});
	expect(properties).toMatchObject({ 'From Number': ADA, 'WhatsApp Display Name': 'Ada' });
	expect(properties).not.toHaveProperty('Message Body');
});

test('a customer keeps the name that they gave themselves, until they give another', async () => {
	await start();
	const shownName = (displayName?: string) =>
		sandbox.klaviyo.customerWrites({ from: ADA, body: 'Hi', channel: 'whatsapp', displayName })
			.properties['WhatsApp Display Name'];
	expect([shownName(), shownName('Ada'), shownName(), shownName('Lady A')]).toEqual([
		...['Guest', 'Ada', 'Ada', 'Lady A'],
	]);
});

test('the receiver of an RCS message is a name, or a number by a switch', async () => {
	await start();
	expect(writes('Hi', 'rcs').properties).toMatchObject({
		'To Number': 'Acme',
		'Message Format': 'RCS',
	});
	sandbox.switches.rcsReceiver = 'number';
	expect(writes('Hi', 'rcs').properties['To Number']).toBe(sandbox.klaviyo.brandPhone);
});

test('a message opens a window of 24 hours, as the profile shows; without any it shows nothing', async () => {
	await start();
	sandbox.klaviyo.addProfile({ phone: ADA });
	expect((await profile()).subscriptions.whatsapp).toBeNull();
	const { at } = writes('Hi');
	const until = new Date(Date.parse(at) + 24 * hour).toISOString().slice(0, 19);
	expect((await profile()).subscriptions.whatsapp).toMatchObject({
		marketing: null,
		conversational: { can_receive: true, valid_until: `${until}+00:00`, phone_number: ADA },
	});
	sandbox.switches.whatsAppWindow = 'withoutEnd';
	expect((await profile()).subscriptions.whatsapp.conversational.valid_until).toBeNull();
	sandbox.switches.whatsAppWindow = 'hidden';
	expect((await profile()).subscriptions.whatsapp).toBeNull();
});

test.each([
	['refused', 400, 'Sent WhatsApp'],
	['undelivered', 202, 'Failed to Deliver WhatsApp'],
] as const)('after 24 hours a reply is %s', async (afterWindow, status, last) => {
	await start({ afterWindow });
	writes('Hi');
	await sandbox.clock.advance(24 * hour);
	expect((await profile()).subscriptions.whatsapp.conversational.can_receive).toBe(false);
	expect((await reply('whatsapp')).status).toBe(status);
	expect(received()).toEqual([]);
	const [{ id } = { id: '' }] = sandbox.klaviyo.profiles();
	expect(sandbox.klaviyo.timeline(id).at(-1)?.metric).toBe(last);
});

test("a flow's template reaches a customer after 24 hours", async () => {
	await start();
	writes('Hi');
	await sandbox.clock.advance(25 * hour);
	sandbox.klaviyo.addMessageFlow({ metric: 'Asked', body: 'May we go on?', channel: 'whatsapp' });
	await client.post('/api/events', {
		data: {
			type: 'event',
			attributes: {
				properties: {},
				metric: { data: { type: 'metric', attributes: { name: 'Asked' } } },
				profile: { data: { type: 'profile', attributes: { phone_number: ADA } } },
			},
		},
	});
	expect(received()).toEqual([{ channel: 'whatsapp', body: 'May we go on?' }]);
});

test('STOP ends one channel, not the other, and is answered on its own', async () => {
	await start();
	const { id } = sandbox.klaviyo.addProfile({ phone: ADA, smsMarketing: true });
	sandbox.klaviyo.setConsent(id, { whatsAppMarketing: true });
	writes('STOP');
	const { subscriptions } = await profile();
	expect(subscriptions.whatsapp.marketing).toMatchObject({
		consent: 'UNSUBSCRIBED',
		can_receive: false,
	});
	expect(subscriptions.sms.marketing.consent).toBe('SUBSCRIBED');
	expect(received()).toEqual([{ channel: 'whatsapp', body: expect.any(String) }]);
	expect(sandbox.klaviyo.timeline(id).map(({ metric }) => metric)).toEqual([
		'Subscribed to WhatsApp Marketing',
		'Sent WhatsApp',
		'Unsubscribed from WhatsApp Marketing',
		'Received Automated Response WhatsApp',
	]);
});
