import { createHmac } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';
import { benches, CUSTOMER, MINUTE, SECRET } from './support/klaviyoTrigger';
import { deliver } from './support/trigger';

const ALL = ['textedIn', 'delivered', 'failed', 'autoResponse', 'subscribed', 'unsubscribed'];
const UNREACHABLE = '+12125550199';

describe('Klaviyo Trigger: events', () => {
	const { bench, pass } = benches();
	const remote = () => bench().klaviyo.webhooks();
	const kinds = (items: INodeExecutionData[]) =>
		items.map(({ json }) => `${json.direction} ${json.event} ${json.kind}`).sort();

	/** One of everything that can happen to texts. */
	const everything = () => {
		const { klaviyo, switches } = bench().sandbox;
		switches.undeliverableNumbers = [UNREACHABLE];
		klaviyo.addProfile({ phone: CUSTOMER });
		klaviyo.addProfile({ phone: UNREACHABLE });
		klaviyo.customerTexts({ from: CUSTOMER, body: 'Where is my order?' });
		klaviyo.brandTexts({ to: CUSTOMER, body: 'Sale!', kind: 'campaign' });
		klaviyo.brandTexts({ to: CUSTOMER, body: 'Welcome', kind: 'flow' });
		klaviyo.brandTexts({ to: CUSTOMER, body: 'On its way', kind: 'inbox' });
		klaviyo.brandTexts({ to: UNREACHABLE, body: 'Hello?', kind: 'inbox' });
		klaviyo.customerTexts({ from: CUSTOMER, body: 'STOP' });
		klaviyo.customerTexts({ from: UNREACHABLE, body: 'JOIN' });
	};
	const happened = [
		'inbound subscribed customer',
		'inbound textedIn customer',
		'inbound textedIn customer',
		'inbound textedIn customer',
		'inbound unsubscribed customer',
		'outbound autoResponse autoResponse',
		'outbound delivered campaign',
		'outbound delivered conversation',
		'outbound delivered flow',
		'outbound failed autoResponse',
		'outbound failed conversation',
	];

	it.each(['current', 'older'] as const)(
		'brings all of them by webhook and by polling alike, under the %s names of consent',
		async (consentNames) => {
			bench().sandbox.switches.consentNames = consentNames;
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

	describe('topics', () => {
		it('are those of the chosen events', async () => {
			await bench().publish({ events: ['textedIn', 'autoResponse', 'unsubscribed'] });
			expect(remote()[0]?.topics.toSorted()).toEqual([
				'event:klaviyo.failed_to_deliver_automated_response_sms',
				'event:klaviyo.received_automated_response_sms',
				'event:klaviyo.sent_sms',
				'event:klaviyo.unsubscribed_from_sms_marketing',
			]);
		});

		it('are looked up in the account, which may have older ones', async () => {
			bench().sandbox.switches.consentNames = 'older';
			await bench().publish({ events: ['subscribed', 'unsubscribed'] });
			expect(remote()[0]?.topics.toSorted()).toEqual([
				'event:klaviyo.consented_to_receive_sms',
				'event:klaviyo.unsubscribed_from_sms',
			]);
		});

		it('that the account does not have are named, with what to do', async () => {
			bench().sandbox.switches.missingTopics = ['Unsubscribed from SMS Marketing'];
			const trigger = await bench().prepare({ events: ['textedIn', 'unsubscribed'] });
			await expect(trigger.register()).rejects.toMatchObject({
				message: "Klaviyo has no webhook topic for 'Unsubscribed' in this account",
				description: expect.stringMatching(/Untick 'Unsubscribed'.*'Polling Only'/),
			});
			expect(remote()).toEqual([]);
		});

		it('of automatic responses that fail may be missing', async () => {
			bench().sandbox.switches.missingTopics = ['Failed to Deliver Automated Response SMS'];
			const trigger = await bench().publish({ events: ['autoResponse'] });
			expect(remote()[0]?.topics).toEqual(['event:klaviyo.received_automated_response_sms']);
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('are registered again when somebody has changed them in Klaviyo', async () => {
			const trigger = await bench().publish({ events: ['textedIn', 'failed'] });
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
			const topics = ['event:klaviyo.failed_to_deliver_sms', 'event:klaviyo.sent_sms'];
			await change();
			expect(await trigger.call('checkExists')).toBe(false);
			await trigger.register();
			expect(remote().map((webhook) => webhook.topics.toSorted())).toEqual([topics]);

			pass(0);
			await trigger.poll();
			await change();
			pass(60);
			await trigger.poll();
			expect(remote().map((webhook) => webhook.topics.toSorted())).toEqual([topics]);
		});
	});

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

	it('makes one execution of a thousand texts that come in one request', async () => {
		const trigger = await bench().publish();
		bench().klaviyo.customersText(
			Array.from({ length: 1000 }, (_, n) => ({
				from: `+1212555${String(n).padStart(4, '0')}`,
				body: `Text ${n}`,
			})),
		);
		await bench().sandbox.deliveriesSettled();
		expect(bench().sandbox.deliveries()).toMatchObject([{ status: 200, attempt: 1 }]);
		expect(trigger.executions.map((items) => items.length)).toEqual([1000]);
	});

	it('loses no event of a request for another that is broken', async () => {
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
		const body = JSON.stringify({
			meta: 'none',
			data: [event('E1'), ...broken, event('E2')],
		});
		const timestamp = 'Thu, 04 Jan 2024 18:05:25 GMT';
		const { status } = await deliver(trigger, body, {
			'klaviyo-timestamp': timestamp,
			'klaviyo-signature': createHmac('sha256', SECRET)
				.update(body)
				.update(timestamp)
				.digest('hex'),
		});
		expect(status).toBe(200);
		expect(trigger.executions.map((items) => items.map(({ json }) => json.key))).toEqual([
			['text:E1', 'text:E2'],
		]);
	});

	it('shows the newest of each chosen event when it is tried out', async () => {
		everything();
		const test = await bench().publish({ events: ALL }, { isTest: true });
		await bench().sandbox.deliveriesSettled();
		while (test.executions.length === 0) await new Promise((done) => setTimeout(done, 50));
		expect(kinds(test.executions[0] ?? [])).toEqual([
			'inbound subscribed customer',
			'inbound textedIn customer',
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
		await bench().publish({ events: ['textedIn'] });
		expect(sandbox.calls().find(({ status }) => status === 429)?.path).toBe('/api/webhook-topics');
		expect(bench().klaviyo.webhooks()).toMatchObject([{ topics: ['event:klaviyo.sent_sms'] }]);
	});
});
