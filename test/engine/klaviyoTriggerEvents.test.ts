import { createHmac } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';
import type { AskedSwitches } from '../../sandbox/types';
import { benches, CUSTOMER, MINUTE, SECRET } from './support/klaviyoTrigger';
import { type ActiveTrigger, deliver } from './support/trigger';

const ALL = [
	'customerMessaged',
	'delivered',
	'failed',
	'autoResponse',
	'subscribed',
	'unsubscribed',
];
const UNREACHABLE = '+12125550199';

describe('Klaviyo Trigger: events', () => {
	const { bench, pass } = benches();
	const remote = () => bench().klaviyo.webhooks();
	const kinds = (items: INodeExecutionData[]) =>
		items.map(({ json }) => `${json.direction} ${json.event} ${json.kind}`).sort();

	/** One of everything that can happen to messages. */
	const everything = () => {
		const { klaviyo, switches } = bench().sandbox;
		switches.undeliverablePhones = [UNREACHABLE];
		klaviyo.addProfile({ phone: CUSTOMER });
		klaviyo.addProfile({ phone: UNREACHABLE });
		klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		klaviyo.brandWrites({ to: CUSTOMER, body: 'Sale!', kind: 'campaign' });
		klaviyo.brandWrites({ to: CUSTOMER, body: 'Welcome', kind: 'flow' });
		klaviyo.brandWrites({ to: CUSTOMER, body: 'On its way', kind: 'inbox' });
		klaviyo.brandWrites({ to: UNREACHABLE, body: 'Hello?', kind: 'inbox' });
		klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' });
		klaviyo.customerWrites({ from: UNREACHABLE, body: 'JOIN' });
	};
	const happened = [
		'inbound customerMessaged customer',
		'inbound customerMessaged customer',
		'inbound customerMessaged customer',
		'inbound subscribed customer',
		'inbound unsubscribed customer',
		'outbound autoResponse autoResponse',
		'outbound delivered campaign',
		'outbound delivered conversation',
		'outbound delivered flow',
		'outbound failed autoResponse',
		'outbound failed conversation',
	];

	const spellings: AskedSwitches[] = [
		{},
		{ topicNames: 'textMessage' },
		{ topicNames: 'sms' },
		{ topicSent: 'textMessage' },
		{ topicSent: 'sms' },
		{ metricNames: 'sms', topicNames: 'sms' },
		{ metricNames: 'older' },
		{ messageTypes: false },
	];
	it.each(spellings)(
		'brings all of them once, by webhook and by polling, whatever they are called (%o)',
		async (switches) => {
			Object.assign(bench().sandbox.switches, switches);
			const trigger = await bench().publish({ events: ALL });
			everything();
			await bench().sandbox.deliveriesSettled();
			await trigger.settled();
			const delivered = trigger.executions.flat();
			expect(kinds(delivered)).toEqual(happened);
			pass(2);
			const polled = await trigger.poll();
			const byKey = (items: INodeExecutionData[]) =>
				new Map(items.map(({ json }) => [json.key, { ...json, raw: 0, catchUp: 0 }]));
			expect(byKey(polled)).toEqual(byKey(delivered));
			expect(polled).toHaveLength(delivered.length);
		},
	);

	it('brings none that was not chosen', async () => {
		const trigger = await bench().publish({ events: ['failed', 'unsubscribed'] });
		everything();
		await bench().sandbox.deliveriesSettled();
		await trigger.settled();
		const chosen = ['inbound unsubscribed customer', 'outbound failed conversation'];
		expect(kinds(trigger.executions.flat())).toEqual(chosen);
		pass(2);
		expect(kinds(await trigger.poll())).toEqual(chosen);
	});

	it("says what is wrong when it knows none of the account's metrics", async () => {
		bench().sandbox.switches.metricNames = 'renamed';
		const trigger = await bench().publish({
			source: 'polling',
			events: ['customerMessaged', 'failed'],
		});
		pass(0);
		// n8n turns the workflow on with the first poll, and leaves it off when that fails.
		expect(await trigger.poll()).toEqual([]);
		pass(1);
		await expect(trigger.poll()).rejects.toMatchObject({
			message: 'This Klaviyo account has no metric for these messages',
			description: expect.stringMatching(/'Sent Text Message'.*Check Setup/s),
		});
		bench().sandbox.switches.metricNames = 'textMessage';
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hello?' });
		pass(1);
		expect((await trigger.poll()).map(({ json }) => json.body)).toEqual(['Hello?']);
	});

	describe('topics', () => {
		const slug = (...names: string[]) => names.map((name) => `event:klaviyo.${name}`);
		const topics = () => remote()[0]?.topics.toSorted();

		it('are all that the account lists for the chosen events, under every spelling', async () => {
			await bench().publish({ events: ['customerMessaged', 'autoResponse', 'unsubscribed'] });
			expect(topics()).toEqual(
				slug(
					'failed_to_deliver_automated_response_sms',
					'failed_to_deliver_automated_response_text_message',
					'received_automated_response_sms',
					'received_automated_response_text_message',
					'sent_sms',
					'sent_text_message',
					'unsubscribed_from_sms_marketing',
					'unsubscribed_from_text_messaging_marketing',
				),
			);
		});

		it.each<[AskedSwitches, string[]]>([
			[{ metricNames: 'older' }, slug('consented_to_receive_sms', 'unsubscribed_from_sms')],
			[
				{ topicNames: 'textMessage' },
				slug(
					'subscribed_to_text_messaging_marketing',
					'unsubscribed_from_text_messaging_marketing',
				),
			],
		])('are looked up in the account, which may have others (%o)', async (switches, expected) => {
			Object.assign(bench().sandbox.switches, switches);
			await bench().publish({ events: ['subscribed', 'unsubscribed'] });
			expect(topics()).toEqual(expected);
		});

		it.each(['Unsubscribed from Text Messaging Marketing', 'Failed to Deliver Text Message'])(
			'are registered as far as they exist: %s comes by polling',
			async (missing) => {
				bench().sandbox.switches.missingTopics = [missing];
				const trigger = await bench().publish({
					events: ['customerMessaged', 'failed', 'unsubscribed'],
				});
				expect(topics()).toHaveLength(4);
				expect(await trigger.call('checkExists')).toBe(true);
				everything();
				pass(6);
				const polled = kinds(await trigger.poll());
				expect(polled).toContain('outbound failed conversation');
				expect(polled).toContain('inbound unsubscribed customer');
			},
		);

		it('that the account lacks leave everything to polling, until there are some', async () => {
			bench().sandbox.switches.missingTopics = ['Sent Text Message'];
			const trigger = await bench().publish({ events: ['customerMessaged'] });
			expect(remote()).toEqual([]);
			pass(0);
			await trigger.poll();
			bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hello?' });
			pass(1);
			expect((await trigger.poll()).map(({ json }) => json.body)).toEqual(['Hello?']);
			bench().sandbox.switches.missingTopics = [];
			pass(60);
			await trigger.poll();
			expect(topics()).toEqual(slug('sent_sms', 'sent_text_message'));
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('of a spelling that is added later are registered within the hour', async () => {
			bench().sandbox.switches.topicNames = 'sms';
			const trigger = await bench().publish({ events: ['customerMessaged'] });
			expect(topics()).toEqual(slug('sent_sms'));
			bench().sandbox.switches.topicNames = 'both';
			pass(0);
			await trigger.poll();
			pass(60);
			await trigger.poll();
			expect(topics()).toEqual(slug('sent_sms', 'sent_text_message'));
		});

		it('are registered again when somebody has changed them in Klaviyo', async () => {
			const trigger = await bench().publish({ events: ['customerMessaged', 'failed'] });
			const id = remote()[0]?.id;
			const change = async () =>
				await bench().call('PATCH', `/api/webhooks/${id}`, {
					type: 'webhook',
					id,
					attributes: {},
					relationships: {
						'webhook-topics': {
							data: [{ type: 'webhook-topic', id: 'event:klaviyo.clicked_sms' }],
						},
					},
				});
			const chosen = slug(
				'failed_to_deliver_sms',
				'failed_to_deliver_text_message',
				'sent_sms',
				'sent_text_message',
			);
			await change();
			expect(await trigger.call('checkExists')).toBe(false);
			await trigger.register();
			expect(remote().map((webhook) => webhook.topics.toSorted())).toEqual([chosen]);

			pass(0);
			await trigger.poll();
			await change();
			pass(60);
			await trigger.poll();
			expect(remote().map((webhook) => webhook.topics.toSorted())).toEqual([chosen]);
		});
	});

	/** Posts events as Klaviyo does, and says what the answer's status was. */
	const post = async (trigger: ActiveTrigger, data: unknown[]): Promise<number> => {
		const body = JSON.stringify({ meta: 'none', data });
		const timestamp = 'Thu, 04 Jan 2024 18:05:25 GMT';
		const { status } = await deliver(trigger, body, {
			'klaviyo-timestamp': timestamp,
			'klaviyo-signature': createHmac('sha256', SECRET)
				.update(body)
				.update(timestamp)
				.digest('hex'),
		});
		return status;
	};

	it('turns its webhook on again within the hour when Klaviyo has turned it off', async () => {
		const trigger = await bench().publish();
		pass(0);
		await trigger.poll();
		const id = remote()[0]?.id;
		await bench().call('PATCH', `/api/webhooks/${id}`, {
			type: 'webhook',
			id,
			attributes: { enabled: false },
		});
		pass(59);
		await trigger.poll();
		expect(remote()[0]?.enabled).toBe(false);
		pass(1);
		await trigger.poll();
		expect(remote()).toMatchObject([{ id, enabled: true }]);
	});

	it('brings an event once that arrives under two topics, in separate requests', async () => {
		const trigger = await bench().prepare();
		const data = { type: 'event', id: 'E1', attributes: { timestamp: 1700503941 } };
		for (const topic of ['sent_sms', 'sent_text_message', 'sent_text_message'])
			expect(await post(trigger, [{ topic: `event:klaviyo.${topic}`, payload: { data } }])).toBe(
				200,
			);
		expect(trigger.executions.map((items) => items.map(({ json }) => json.key))).toEqual([
			['message:E1'],
		]);
	});

	it('starts one execution for a thousand messages in one request', async () => {
		bench().sandbox.switches.topicSent = 'textMessage';
		const trigger = await bench().publish();
		bench().klaviyo.customersMessage(
			Array.from({ length: 1000 }, (_, n) => ({
				from: `+1212555${String(n).padStart(4, '0')}`,
				body: `Text ${n}`,
			})),
		);
		await bench().sandbox.deliveriesSettled();
		expect(bench().sandbox.deliveries()).toMatchObject([{ status: 200, attempt: 1 }]);
		expect(trigger.executions.map((items) => items.length)).toEqual([1000]);
	});

	it('loses no event of a request because another one is broken', async () => {
		const trigger = await bench().prepare();
		const event = (id: string) => ({
			topic: 'event:klaviyo.sent_sms',
			payload: {
				data: { type: 'event', id, attributes: { timestamp: 1700503941, event_properties: {} } },
			},
		});
		const broken = [
			null,
			7,
			{},
			{ topic: 5 },
			{ topic: 'event:klaviyo.sent_sms' },
			{ topic: 'event:klaviyo.sent_sms', payload: null },
			{ topic: 'event:klaviyo.sent_sms', payload: { data: { type: 'event', id: 'X' } } },
		];
		expect(await post(trigger, [event('E1'), ...broken, event('E2')])).toBe(200);
		expect(trigger.executions.map((items) => items.map(({ json }) => json.key))).toEqual([
			['message:E1', 'message:E2'],
		]);
	});

	it('shows the newest of each chosen event when it is tested', async () => {
		everything();
		const test = await bench().publish({ events: ALL }, { isTest: true });
		await bench().sandbox.deliveriesSettled();
		await test.shown();
		expect(kinds(test.executions[0] ?? [])).toEqual([
			'inbound customerMessaged customer',
			'inbound subscribed customer',
			'inbound unsubscribed customer',
			'outbound autoResponse autoResponse',
			expect.stringContaining('outbound delivered'),
			'outbound failed autoResponse',
			'outbound failed conversation',
		]);
	});
});

describe('Klaviyo Trigger, while Klaviyo refuses to list topics', () => {
	const { bench } = benches({ limits: 1 });

	it('registers the ones that it knows', async () => {
		const { sandbox } = bench();
		// From the start of a minute, in which Klaviyo allows fifteen.
		await sandbox.clock.advance(MINUTE - (sandbox.clock.now() % MINUTE));
		for (let call = 0; call < 15; call++) {
			await bench().call('GET', '/api/webhook-topics');
			await sandbox.clock.advance(1001);
		}
		await bench().publish({ events: ['customerMessaged'] });
		expect(sandbox.calls().find(({ status }) => status === 429)?.path).toBe('/api/webhook-topics');
		expect(bench().klaviyo.webhooks()).toMatchObject([
			{ topics: ['event:klaviyo.sent_text_message'] },
		]);
	});
});
