import type { INodeExecutionData } from 'n8n-workflow';
import { benches, CUSTOMER, MINUTE } from './support/klaviyoTrigger';
import type { ActiveTrigger } from './support/trigger';

describe('Klaviyo Trigger: catch-up', () => {
	const { bench, pass } = benches();
	const POLLING = { source: 'polling' };

	const texts = (count: number, at: (n: number) => number) =>
		bench().klaviyo.customersMessage(
			Array.from({ length: count }, (_, n) => ({
				from: `+1212555${String(n % 10_000).padStart(4, '0')}`,
				body: `Text ${n}`,
				at: at(n),
			})),
		);
	const bodiesAfter = async (trigger: ActiveTrigger, minutes: number) => {
		pass(minutes);
		return (await trigger.poll()).map(({ json }) => json.body);
	};

	it('reads 2,500 messages of one window, 900 of them in one second, each once', async () => {
		const trigger = await bench().prepare();
		const now = pass(0);
		const events = texts(2500, (n) => now - (n < 900 ? 60_000 : 61_000 + n * 10));
		const items = await trigger.poll();
		expect(items).toHaveLength(2500);
		expect(new Set(items.map(({ json }) => json.eventId))).toEqual(
			new Set(events.map(({ id }) => id)),
		);
		expect(bench().callsOf('/api/events')).toBe(3);
	});

	it('brings what was read when a page in the middle fails, and what was not with the next poll', async () => {
		const trigger = await bench().prepare();
		const { sandbox } = bench();
		const now = pass(0);
		texts(1500, (n) => now - 60_000 - n * 10);
		const failing = trigger.poll();
		await sandbox.until('a page is read', () => bench().callsOf('/api/events') === 1);
		sandbox.switches.faults.serverError = 1;
		const keysOf = (items: INodeExecutionData[]) => items.map(({ json }) => json.key);
		const first = keysOf(await failing);
		expect(first).toHaveLength(1000);
		expect(bench().callsOf('/api/events')).toBeGreaterThan(1);
		sandbox.switches.faults.serverError = 0;
		const rest = keysOf(await trigger.poll());
		// The second in which the page ended is read again.
		expect(rest.length).toBeLessThan(700);
		expect(new Set([...first, ...rest]).size).toBe(1500);
	});

	it('brings a message that shows late in the log with the next poll, when there is no webhook', async () => {
		bench().sandbox.switches.inboundLogLag = 100 * MINUTE; // 2 minutes in the sandbox's hurry
		const trigger = await bench().prepare(POLLING);
		pass(0);
		await trigger.poll();
		const at = pass(1);
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Late', at });
		expect(await bodiesAfter(trigger, 0)).toEqual([]);
		expect(await bodiesAfter(trigger, 1)).toEqual([]);
		await bench().sandbox.clock.advance(2 * MINUTE);
		expect(await bodiesAfter(trigger, 1)).toEqual(['Late']);
		expect(await bodiesAfter(trigger, 1)).toEqual([]);
		expect(await bodiesAfter(trigger, 10)).toEqual(['Late']);
	});

	it('brings two messages of the second in which it polls', async () => {
		const trigger = await bench().prepare(POLLING);
		const at = pass(0);
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'one', at });
		expect(await bodiesAfter(trigger, 0)).toEqual(['one']);
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'two', at });
		expect(await bodiesAfter(trigger, 1)).toEqual(['two']);
	});

	it('looks for metrics that the account does not have yet once a poll, says so, and finds them when they come', async () => {
		bench().sandbox.switches.metricsFromStart = false;
		const trigger = await bench().prepare({
			...POLLING,
			events: [
				'customerMessaged',
				'delivered',
				'failed',
				'autoResponse',
				'subscribed',
				'unsubscribed',
			],
		});
		pass(0);
		expect(await trigger.poll()).toEqual([]);
		for (const polls of [2, 3, 4]) {
			await expect(bodiesAfter(trigger, 1)).rejects.toThrow('This Klaviyo account has no metric');
			expect(bench().callsOf('/api/metrics')).toBe(polls);
		}
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'First ever' });
		expect(await bodiesAfter(trigger, 1)).toEqual(['First ever']);
	});

	it('asks for no metrics any more once it knows those of the chosen events', async () => {
		const trigger = await bench().prepare({
			...POLLING,
			events: ['customerMessaged', 'delivered'],
		});
		pass(0);
		for (let poll = 0; poll < 3; poll++) await bodiesAfter(trigger, 1);
		expect(bench().callsOf('/api/metrics')).toBe(1);
	});

	it('finds consent under its former name', async () => {
		bench().sandbox.switches.metricNames = 'older';
		const trigger = await bench().prepare({ ...POLLING, events: ['subscribed'] });
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'JOIN' });
		pass(1);
		expect((await trigger.poll()).map(({ json }) => [json.event, json.body])).toEqual([
			['subscribed', 'JOIN'],
		]);
	});

	it('says that the key was not accepted', async () => {
		const credentials = bench().credentials();
		const trigger = await bench().prepare(POLLING, {
			credentials: { klaviyoSyncApi: { ...credentials.klaviyoSyncApi, apiKey: 'pk_wrong' } },
		});
		// Not at first: n8n would leave the trigger off for good.
		expect(await trigger.poll()).toEqual([]);
		await expect(trigger.poll()).rejects.toThrow('The credential was not accepted');
	});
});
