import { LoadOptionsContext } from 'n8n-core';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { file } from './support/desk';
import { additionalDataOf, nodeOf, workflowOf } from './support/engine';
import { benches, CUSTOMER, MINUTE } from './support/klaviyoTrigger';
import type { ActiveTrigger, TriggerSetup } from './support/trigger';

const HOUR = 60 * MINUTE;
const REVIEW = 'Submitted Rating';

describe('Klaviyo Trigger: any other metric', () => {
	const { bench, pass } = benches();

	/** As a shop's app tracks it. */
	const track = async (properties: IDataObject, more: IDataObject = {}) =>
		await bench().send('POST', '/api/events', {
			type: 'event',
			attributes: {
				properties,
				metric: { data: { type: 'metric', attributes: { name: REVIEW } } },
				profile: {
					data: {
						type: 'profile',
						attributes: { email: 'cy@home.co', phone_number: CUSTOMER, first_name: 'Cy' },
					},
				},
				time: new Date(pass(0)).toISOString(),
				unique_id: String(unique++),
				...more,
			},
		});
	let unique = 10_000;

	const search = async (filter?: string) => {
		const credentials = bench().credentials();
		const node = nodeOf(KlaviyoTrigger, { credentials, parameters: {} });
		const workflow = workflowOf([{ node, type: KlaviyoTrigger }], {});
		const data = additionalDataOf('workflow', 'manual', credentials);
		const context = new LoadOptionsContext(workflow, node, data, 'parameters.metricId');
		const { searchAllMetrics } = new KlaviyoTrigger().methods.listSearch;
		return (await searchAllMetrics.call(context, filter)).results;
	};
	const idOf = async (name: string): Promise<string> =>
		String((await search(name))[0]?.value ?? '');

	const forMetric = (id: string, more: INodeParameters = {}): INodeParameters => ({
		events: ['otherMetric'],
		metricId: { __rl: true, mode: 'list', value: id },
		...more,
	});
	/** A trigger for ratings, which the account has. */
	const rated = async (more: INodeParameters = {}, setup: TriggerSetup = {}) => {
		await track({ rating: 5 });
		pass(48 * 60);
		const trigger = await bench().publish(forMetric(await idOf(REVIEW), more), setup);
		expect(await trigger.poll()).toEqual([]);
		return trigger;
	};
	const ratings = (items: INodeExecutionData[]) =>
		items.map(({ json }) => (json.properties as IDataObject).rating);
	const after = async (trigger: ActiveTrigger, minutes: number) => {
		pass(minutes);
		return ratings(await trigger.poll());
	};

	it("lists all of the account's metrics, each with whose it is", async () => {
		await track({ rating: 5 });
		expect(await search('RATING')).toEqual([
			{ name: 'Submitted Rating (API)', value: expect.stringMatching(/^\w{6}$/) },
		]);
		const names = (await search()).map(({ name }) => name);
		expect(names).toContain('Opened Email (Klaviyo)');
		expect(names).toEqual(names.toSorted((one, other) => one.localeCompare(other)));
		expect(await search('nothing like it')).toEqual([]);
	});

	it.each(['short', 'long'] as const)(
		'brings an event of a metric that is given by name, although there was none (%s)',
		async (names) => {
			const { sandbox } = bench();
			sandbox.switches.agentMetrics = names;
			const trigger = await bench().publish({
				events: ['otherMetric'],
				metricId: { __rl: true, mode: 'name', value: 'Conversation Escalated' },
			});
			expect(await trigger.poll()).toEqual([]);
			const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
			pass(2);
			sandbox.klaviyo.marketing.agent(id, 'escalated');
			pass(2);
			const brought = await trigger.poll();
			expect(brought.map(({ json }) => json)).toMatchObject([
				{
					metric: { name: expect.stringMatching(/^Conversation.* Escalated$/) },
					profileId: id,
					properties: { Channel: 'SMS' },
				},
			]);
		},
	);

	it('brings an event with metric, profile, properties and value, with the next poll', async () => {
		const trigger = await rated();
		const at = pass(1);
		await track({ rating: 3, $extra: { Words: 'So so' } }, { value: 19.99, value_currency: 'EUR' });
		pass(1);
		const items = await trigger.poll();
		const profile = bench().klaviyo.profiles()[0];
		expect(items.map(({ json }) => json)).toEqual([
			{
				key: expect.stringMatching(/^metric:\w{11}$/),
				event: 'otherMetric',
				eventId: expect.stringMatching(/^\w{11}$/),
				metric: { id: await idOf(REVIEW), name: REVIEW },
				profileId: profile?.id,
				profile: {
					id: profile?.id,
					email: 'cy@home.co',
					phone: CUSTOMER,
					externalId: null,
					firstName: 'Cy',
					lastName: null,
				},
				properties: {
					rating: 3,
					$extra: { Words: 'So so' },
					$value: 19.99,
					$currency_code: 'EUR',
					$event_id: expect.any(String),
				},
				value: 19.99,
				occurredAt: new Date(Math.floor(at / 1000) * 1000).toISOString(),
				catchUp: true,
				raw: expect.objectContaining({ type: 'event' }),
			},
		]);
	});

	it('needs no webhook, and no secret for one', async () => {
		const credentials = bench().credentials('');
		const trigger = await rated({}, { credentials, n8nUrl: 'http://localhost:5678' });
		expect(bench().klaviyo.webhooks()).toEqual([]);
		await track({ rating: 1 });
		expect(await after(trigger, 1)).toEqual([1]);
	});

	it('brings it again at the ages, and to a new process once', async () => {
		const trigger = await rated();
		await track({ rating: 1 });
		expect(await after(trigger, 1)).toEqual([1]);
		expect(await after(trigger, 1)).toEqual([]);
		expect(await after(trigger, 10)).toEqual([1]);
		pass(60);
		await track({ rating: 2 });
		trigger.restart();
		expect(await after(trigger, 5)).toEqual([1, 2]);
		expect(await after(trigger, 1)).toEqual([]);
	});

	it('passes an event on once, over a restart, where each is delivered once', async () => {
		const trigger = await rated({ deliverEachEvent: 'once' });
		const passed: unknown[] = [];
		const runs = async (minutes: number) => {
			pass(minutes);
			const items = await trigger.poll();
			if (items.length > 0) passed.push(...ratings(await trigger.execute(items)));
		};
		await track({ rating: 1 });
		await runs(1);
		await track({ rating: 2 });
		for (let half = 0; half < 48; half++) {
			if (half === 20) trigger.restart();
			await runs(30);
		}
		expect(passed).toEqual([1, 2]);
	});

	it('brings nothing from before its first publication', async () => {
		await track({ rating: 5 });
		pass(10);
		const trigger = await bench().publish(forMetric(await idOf(REVIEW)), { isNew: true });
		expect(await after(trigger, 0)).toEqual([]);
		await track({ rating: 4 });
		expect(await after(trigger, 1)).toEqual([4]);
	});

	it('reads 1,500 events of a downtime, each once', async () => {
		const trigger = await rated();
		const at = pass(30);
		for (const first of [0, 750]) {
			const events = Array.from({ length: 750 }, (_, n) => ({
				type: 'event',
				attributes: {
					properties: { rating: first + n + 1 },
					metric: { data: { type: 'metric', attributes: { name: REVIEW } } },
					time: new Date(at - (first + n) * 100).toISOString(),
					unique_id: `${first + n}`,
				},
			}));
			await bench().send('POST', '/api/event-bulk-create-jobs', {
				type: 'event-bulk-create-job',
				attributes: {
					'events-bulk-create': {
						data: [
							{
								type: 'event-bulk-create',
								attributes: {
									profile: { data: { type: 'profile', attributes: { phone_number: CUSTOMER } } },
									events: { data: events },
								},
							},
						],
					},
				},
			});
		}
		const found = await after(trigger, 1);
		expect(found).toHaveLength(1500);
		expect(new Set(found).size).toBe(1500);
	});

	it('leaves out what cannot be read, with a warning, and brings the rest', async () => {
		const trigger = await rated();
		const deep = (levels: number): IDataObject => (levels === 0 ? {} : { in: deep(levels - 1) });
		await track({ rating: 1 });
		await track({ rating: 2, ...deep(200) });
		expect(await after(trigger, 1)).toEqual([1]);
	});

	it('opens a ticket for a poor rating, once, as the recipe says', async () => {
		const { sandbox } = bench();
		const trigger = await rated();
		await track({ rating: 3, review: 'The lid does not fit' });
		pass(1);
		const items = (await trigger.poll()).map(({ json }) => json);
		const parameters = {
			customerPhone: '={{ $json.profile.phone }}',
			text: '={{ `Rated ${$json.properties.rating} of 5: ${$json.properties.review}` }}',
			sentAt: '={{ $json.occurredAt }}',
			customerName: '={{ $json.profile.firstName }}',
			customerEmail: '={{ $json.profile.email }}',
		};
		for (const outcome of ['created', 'duplicate']) {
			const { json, error } = await file(sandbox, items, { parameters });
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ outcome, key: items[0]?.key }]);
			await sandbox.clock.advance(5 * MINUTE);
		}
		expect(sandbox.zendesk.tickets()).toMatchObject([
			{ comments: [{ body: expect.stringContaining('Rated 3 of 5: The lid does not fit') }] },
		]);
	});

	describe('beside messages', () => {
		const both = async (source: string) =>
			await rated({ events: ['customerMessaged', 'otherMetric'], source });
		const kinds = (items: INodeExecutionData[]) => items.map(({ json }) => json.event);

		it('comes at once, and messages by their webhook', async () => {
			const trigger = await both('systemWebhook');
			await track({ rating: 1 });
			bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hello' });
			await bench().sandbox.deliveriesSettled();
			await trigger.settled();
			expect(kinds(trigger.executions.flat())).toEqual(['customerMessaged']);
			pass(1);
			expect(kinds(await trigger.poll())).toEqual(['otherMetric']);
			pass(10);
			expect(kinds(await trigger.poll()).sort()).toEqual(['customerMessaged', 'otherMetric']);
		});

		it.each(['flowWebhook', 'polling'])('comes by polling (%s)', async (source) => {
			const trigger = await both(source);
			await track({ rating: 1 });
			pass(1);
			expect(kinds(await trigger.poll())).toEqual(['otherMetric']);
		});
	});

	describe('on the test button', () => {
		it('shows the newest event', async () => {
			await track({ rating: 5 });
			pass(1);
			await track({ rating: 3 });
			const trigger = await bench().prepare(forMetric(await idOf(REVIEW)));
			expect(ratings(await trigger.poll('manual'))).toEqual([3]);
		});

		it('says so if there is none', async () => {
			const trigger = await bench().prepare(forMetric(await idOf('Opened Email')));
			await expect(trigger.poll('manual')).rejects.toThrow('There is no event to show yet');
		});
	});

	it.each(['none', 'refused'] as const)(
		'says that the metric is gone and what to do (Klaviyo: %s)',
		async (unknownMetrics) => {
			const { switches } = bench().sandbox;
			switches.unknownMetrics = unknownMetrics;
			const trigger = await rated();
			switches.goneMetrics = [REVIEW];
			pass(HOUR / MINUTE);
			await expect(trigger.poll()).rejects.toMatchObject({
				message: expect.stringMatching(/^This Klaviyo account has no metric with the ID '\w{6}'$/),
				description: expect.stringContaining("Choose a metric from the list in 'Metric'"),
			});
			switches.goneMetrics = [];
			await track({ rating: 4 });
			expect(await after(trigger, 1)).toEqual([4]);
		},
	);

	it('refuses to be published without a metric', async () => {
		const trigger = await bench().publish(forMetric(''));
		await expect(trigger.poll()).rejects.toMatchObject({
			message: 'No metric is chosen',
			description: expect.stringContaining("'Other Metric'"),
		});
	});
});
