import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeHelpers } from 'n8n-workflow';
import { flowTemplate } from '../../nodes/Klaviyo/api/flowTemplate';
import { messageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { nodeOf } from './support/engine';
import { benches, CUSTOMER, MINUTE, SECRET } from './support/klaviyoTrigger';
import { type ActiveTrigger, deliver } from './support/trigger';

const FLOW = { source: 'flowWebhook' };
const HEADER = { 'X-Klaviyo-Sync-Secret': SECRET };
const NASTY = 'He said "it\'s late & <cold>",\n\tthen }\n{ 🎉 안녕';

/** What the node shows for these parameters, by parameter name. */
const shown = (parameters: { [name: string]: string | string[] }) => {
	const node = nodeOf(KlaviyoTrigger, { parameters });
	const { description } = new KlaviyoTrigger();
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(node.parameters, property, node, description),
	);
};

describe('Klaviyo Trigger: flow webhook', () => {
	const { bench, pass } = benches();

	/** A flow that a person built as the node says. */
	const build = (
		trigger: ActiveTrigger,
		metric: keyof typeof messageMetrics.sms = 'customerMessaged',
	) =>
		bench().klaviyo.addFlowWebhook({
			metric: messageMetrics.sms[metric].name,
			url: trigger.url,
			headers: HEADER,
			body: flowTemplate(messageMetrics.sms[metric]),
		});
	const post = async (trigger: ActiveTrigger, change: object = {}, headers: object = HEADER) =>
		await deliver(
			trigger,
			JSON.stringify({
				event: 'customerMessaged',
				channel: 'sms',
				from: CUSTOMER,
				time: 1700503941,
				...change,
				body: 'Hi',
			}),
			{ ...headers },
		);
	const ours = () => bench().sandbox.calls();

	it('shows what to do in Klaviyo, and the JSON of each chosen event', () => {
		const names = shown({ ...FLOW, events: ['customerMessaged', 'failed'] }).map(
			({ name }) => name,
		);
		expect(names.filter((name) => name.startsWith('flow'))).toEqual([
			'flowNotice',
			'flowJsonCustomerMessaged',
			'flowJsonFailed',
			'flowJsonWhatsAppCustomerMessaged',
			'flowJsonWhatsAppFailed',
		]);
		const others = [{ source: 'systemWebhook' }, { source: 'polling' }].flatMap(shown);
		expect(others.filter(({ name }) => name.startsWith('flow'))).toEqual([]);
	});

	it('gets a request as it was sent, although n8n would refuse broken JSON, whatever options are set', async () => {
		const { description } = new KlaviyoTrigger();
		const node = nodeOf(KlaviyoTrigger, { parameters: FLOW });
		const options = { ...(node.parameters.options as object), lookBack: 48 };
		// As the editor saves it, without defaults.
		const saved = NodeHelpers.getNodeParameters(
			description.properties,
			{ ...node.parameters, options },
			false,
			false,
			node,
			description,
		);
		const trigger = await bench().publish({ ...saved });
		const broken = `{"event":"customerMessaged","channel":"sms","from":"${CUSTOMER}","time":1700503941,"body":"He said "no""}`;
		expect(await deliver(trigger, broken, HEADER)).toMatchObject({ status: 200 });
		expect(trigger.executions.flat()).toMatchObject([{ json: { body: 'He said "no"' } }]);
	});

	it('registers nothing at Klaviyo, and leaves nothing to remove', async () => {
		const trigger = await bench().publish(FLOW);
		expect(await trigger.call('delete')).toBe(true);
		expect(ours()).toEqual([]);
	});

	it('removes what was registered before the source was changed', async () => {
		const before = await bench().publish({}, { workflowId: 'w' });
		const after = await bench().prepare(FLOW, { workflowId: 'w' });
		after.staticData = JSON.parse(
			JSON.stringify(before.staticData).replaceAll(before.url, after.url),
		);
		await after.register();
		expect(bench().klaviyo.webhooks()).toEqual([]);
	});

	it.each(['escaped', 'raw', 'html'] as const)(
		'brings a message, and catch-up the same one, when Klaviyo puts variables in %s',
		async (flowJson) => {
			bench().sandbox.switches.flowJson = flowJson;
			const trigger = await bench().publish(FLOW);
			build(trigger);
			const { id, profileId } = bench().klaviyo.customerWrites({ from: CUSTOMER, body: NASTY });
			await bench().sandbox.deliveriesSettled();
			const [posted] = trigger.executions.flat();
			expect(posted?.json).toMatchObject({
				key: posted?.json.flowKey,
				flowKey: expect.stringMatching(/^message:flow:[0-9a-f]{32}$/),
				event: 'customerMessaged',
				direction: 'inbound',
				kind: 'customer',
				body: NASTY,
				from: CUSTOMER,
				to: bench().klaviyo.brandPhone,
				profileId,
				catchUp: false,
			});
			pass(2);
			const [polled] = await trigger.poll();
			const identity = { key: `message:${id}`, eventId: id, catchUp: true, raw: 0 };
			expect({ ...polled?.json, raw: 0 }).toEqual({ ...posted?.json, ...identity });
		},
	);

	it('cannot hide a real message behind a forged one with the id of its event', async () => {
		const trigger = await bench().publish(FLOW);
		const real = bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		for (const from of [CUSTOMER, '+12125550199']) {
			const forged = {
				event: 'customerMessaged',
				channel: 'sms',
				eventId: real.id,
				from,
				time: 1,
				body: 'Never mind',
			};
			const time = Math.floor(Date.now() / 1000);
			await deliver(trigger, JSON.stringify({ ...forged, time, body: forged.body }), HEADER);
		}
		await trigger.settled();
		for (const { json } of trigger.executions.flat()) {
			expect(json.key).not.toContain(real.id);
			expect(json.eventId).toBeNull();
		}
		const keys = trigger.executions.flat().map(({ json }) => json.flowKey);
		pass(2);
		const polled = (await trigger.poll()).map(({ json }) => json);
		expect(polled).toMatchObject([{ key: `message:${real.id}`, body: 'Where is my order?' }]);
		expect(keys).not.toContain(polled[0]?.flowKey);
	});

	it('also brings deliveries and failures, each by a flow of its own', async () => {
		const events = ['delivered', 'failed', 'autoResponse', 'subscribed', 'unsubscribed'] as const;
		const trigger = await bench().publish({ ...FLOW, events: [...events] });
		for (const event of events) build(trigger, event);
		const { klaviyo, switches } = bench().sandbox;
		klaviyo.addProfile({ phone: CUSTOMER });
		klaviyo.brandWrites({ to: CUSTOMER, body: 'Sale!', kind: 'campaign' });
		klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' });
		klaviyo.customerWrites({ from: CUSTOMER, body: 'START' });
		switches.undeliverablePhones = [CUSTOMER];
		klaviyo.brandWrites({ to: CUSTOMER, body: 'Lost', kind: 'inbox' });
		await bench().sandbox.deliveriesSettled();
		await trigger.settled();
		const posted = trigger.executions.flat();
		expect(posted.map(({ json }) => `${json.event} ${json.kind} ${json.body}`).sort()).toEqual([
			expect.stringContaining('autoResponse autoResponse Thanks'),
			expect.stringContaining('autoResponse autoResponse You have'),
			'delivered campaign Sale!',
			'failed conversation Lost',
			'subscribed customer START',
			'unsubscribed customer STOP',
		]);
		pass(2);
		const keys = (items: typeof posted) => items.map(({ json }) => json.flowKey).sort();
		expect(keys(await trigger.poll())).toEqual(keys(posted));
	});

	it('brings a message by polling at 5 minutes, 1 hour and 2.5 hours of age', async () => {
		const trigger = await bench().publish(FLOW);
		const now = pass(0);
		await trigger.poll();
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi', at: now + MINUTE / 2 });
		const seen: number[] = [];
		for (let minute = 1; minute <= 160; minute++) {
			pass(1);
			if ((await trigger.poll()).length > 0) seen.push(minute);
		}
		// The higher ages are read every ten minutes.
		expect(seen).toEqual([6, 70, 160]);
	});

	it.each([
		['no secret', {}],
		['an empty secret', { 'X-Klaviyo-Sync-Secret': '' }],
		['another secret of the same length', { 'X-Klaviyo-Sync-Secret': `${SECRET.slice(1)}x` }],
		['the beginning of the secret', { 'X-Klaviyo-Sync-Secret': SECRET.slice(0, 20) }],
	])('refuses a request with %s, and starts nothing', async (_, headers) => {
		const trigger = await bench().publish(FLOW);
		expect(await post(trigger, {}, headers)).toMatchObject({
			status: 401,
			body: expect.stringContaining("'Webhook Secret'"),
		});
		expect(trigger.executions).toEqual([]);
	});

	it('accepts no secret that is too short, even the right one, and says so when it is published', async () => {
		const short = { credentials: bench().credentials('short') };
		const trigger = await bench().prepare(FLOW, short);
		await expect(trigger.register()).rejects.toThrow("'Webhook Secret' is too short");
		const { status } = await post(trigger, {}, { 'X-Klaviyo-Sync-Secret': 'short' });
		expect(status).toBe(401);
		const none = await bench().prepare(FLOW, { credentials: bench().credentials('') });
		expect((await post(none, {}, { 'X-Klaviyo-Sync-Secret': '' })).status).toBe(401);
	});

	it('accepts a new secret within seconds, and the old one for a minute at most', async () => {
		const credentials = bench().credentials();
		const trigger = await bench().publish(FLOW, { credentials });
		const statusOf = async (secret: string) =>
			(await post(trigger, {}, { 'X-Klaviyo-Sync-Secret': secret })).status;
		expect(await statusOf(SECRET)).toBe(200);
		const next = `${SECRET}, the next`;
		Object.assign(credentials, bench().credentials(next));
		pass(1.1);
		expect(await statusOf(SECRET)).toBe(401);
		expect(await statusOf(next)).toBe(200);
		expect(await statusOf(SECRET)).toBe(401);
		Object.assign(credentials, bench().credentials(SECRET));
		pass(0.1);
		expect(await statusOf(SECRET)).toBe(200);
	});

	it('accepts a secret in any script', async () => {
		const secret = 'ein längeres Geheimnis 한국어';
		const trigger = await bench().publish(FLOW, { credentials: bench().credentials(secret) });
		const sent = Buffer.from(secret).toString('latin1');
		const { status } = await post(trigger, {}, { 'X-Klaviyo-Sync-Secret': sent });
		expect([status, trigger.executions.length]).toEqual([200, 1]);
	});

	it.each([
		['without a time', { time: '' }, '"time"'],
		['without a number', { from: '' }, '"from"'],
		['without an event', { event: '' }, '"event"'],
	])('refuses a request %s, and tells the builder of the flow', async (_, change, said) => {
		const trigger = await bench().publish(FLOW);
		expect(await post(trigger, change)).toMatchObject({
			status: 400,
			body: expect.stringContaining(said),
		});
		expect(trigger.executions).toEqual([]);
	});

	it('accepts an event that was not chosen, and starts nothing', async () => {
		const trigger = await bench().publish({ ...FLOW, events: ['delivered'] });
		expect(await post(trigger)).toMatchObject({ status: 200 });
		expect(trigger.executions).toEqual([]);
	});

	it('brings by polling what no flow could send', async () => {
		bench().sandbox.switches.flowTime = 'none';
		const trigger = await bench().publish(FLOW);
		build(trigger);
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		await bench().sandbox.until('it was refused', () => bench().sandbox.deliveries().length > 0);
		// Klaviyo tries for a day; this one, in its hurry, for half an hour.
		await bench().sandbox.deliveriesSettled();
		const statuses = bench()
			.sandbox.deliveries()
			.map(({ status }) => status);
		expect(statuses).toEqual(Array(18).fill(400));
		pass(2);
		expect((await trigger.poll()).map(({ json }) => json.body)).toEqual(['Hi']);
	});

	it('shows the newest real message when it is tested, and touches no webhook', async () => {
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: NASTY });
		const test = await bench().publish(FLOW, { isTest: true });
		await test.shown();
		expect(test.executions.flat()).toMatchObject([{ json: { body: NASTY, from: CUSTOMER } }]);
		expect(ours().map(({ path }) => path)).toEqual(['/api/metrics', '/api/events']);
		const [sample] = await test.poll('manual');
		expect(sample?.json.flowKey).toBe(test.executions[0]?.[0]?.json.flowKey);
	});

	it.each([
		['to where its address sends it on', '127.0.0.1', 1],
		['in clear text to another machine', '127.0.0.2', 0],
	])('never sends its secret %s when it is tested', async (_where, host, asked) => {
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		const seen: string[] = [];
		const server = createServer((request, response) => {
			seen.push(request.url ?? '');
			response.writeHead(307, { location: '/elsewhere' }).end();
		});
		await new Promise<void>((done) => server.listen(0, host, done));
		const n8nUrl = `http://${host}:${(server.address() as AddressInfo).port}`;
		await bench().publish(FLOW, { isTest: true, n8nUrl });
		await new Promise((done) => setTimeout(done, 2500));
		await new Promise((done) => server.close(done));
		expect(seen).toHaveLength(asked);
		expect(seen).not.toContain('/elsewhere');
	});
});
