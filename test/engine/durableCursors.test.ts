/** N8N_POLLER_DURABLE_CURSORS_ENABLED: a poll does not see what was registered, nor registration what a poll repaired. */
import { ask, HOUR } from './support/desk';
import { benches } from './support/klaviyoTrigger';
import { eventsOf, HandClock, TriggerStage } from './support/zendeskTrigger';

const DURABLE = { hasDurableCursors: true };

describe('With durable poll cursors, Zendesk Sync Trigger', () => {
	let stage: TriggerStage;
	let clock: HandClock;

	beforeEach(async () => {
		stage = await TriggerStage.start();
		clock = new HandClock(stage);
	});
	afterEach(async () => await stage.close());

	const remote = () => stage.sandbox.zendesk.webhooks();
	const removeRemote = async () =>
		await ask(stage.sandbox, 'DELETE', `/api/v2/webhooks/${remote()[0]?.id}`);
	const happen = async () => {
		const { id } = stage.conversation();
		await stage.sandbox.deliveriesSettled();
		return id;
	};

	it('registers a webhook again that someone removed, and knows its new secret', async () => {
		const trigger = await stage.publish(DURABLE);
		await trigger.poll();
		await removeRemote();
		await clock.poll(trigger, HOUR);
		expect(remote()).toMatchObject([{ status: 'active', endpoint: trigger.url }]);
		const seen = await happen();
		expect(eventsOf(trigger).at(-1)).toMatchObject({ key: `opened:${seen}`, catchUp: false });
	});

	it('leaves a webhook alone that is as it should be', async () => {
		const trigger = await stage.publish(DURABLE);
		await trigger.poll();
		const [made] = remote();
		for (let hour = 0; hour < 3; hour++) await clock.poll(trigger, HOUR);
		expect(remote()).toEqual([made]);
	});

	it.each(['is taken back', 'is published again', 'is restarted'] as const)(
		'has no second webhook when the workflow %s after a poll has repaired it',
		async (how) => {
			const trigger = await stage.publish(DURABLE);
			await trigger.poll();
			await removeRemote();
			await clock.poll(trigger, HOUR);
			if (how === 'is restarted') trigger.restart();
			else await trigger.call('delete');
			if (how !== 'is taken back') await trigger.register();
			expect(remote()).toHaveLength(how === 'is taken back' ? 0 : 1);
			if (how === 'is taken back') return;
			const seen = await happen();
			expect(eventsOf(trigger).at(-1)).toMatchObject({ key: `opened:${seen}`, catchUp: false });
		},
	);

	it('repairs the webhook after restarts at which n8n does not look for it, and removes the one there is', async () => {
		const trigger = await stage.publish(DURABLE);
		for (let round = 0; round < 2; round++) {
			trigger.restart();
			await trigger.poll();
			const [made] = remote();
			await clock.poll(trigger, HOUR);
			expect(remote()).toEqual([made]);
			await removeRemote();
			await clock.poll(trigger, HOUR);
			expect(remote()).toMatchObject([{ endpoint: trigger.url }]);
		}
		trigger.restart();
		await trigger.call('delete');
		expect(remote()).toEqual([]);
	});

	it('repairs with its first poll what nobody has looked for, and within an hour what n8n has', async () => {
		const trigger = await stage.publish(DURABLE);
		await removeRemote();
		trigger.restart();
		await trigger.poll();
		expect(remote()).toMatchObject([{ endpoint: trigger.url }]);
		trigger.restart();
		await trigger.register();
		await removeRemote();
		await clock.poll(trigger, HOUR);
		expect(remote()).toMatchObject([{ endpoint: trigger.url }]);
	});
});

describe('With durable poll cursors, Klaviyo Trigger', () => {
	const { bench, pass } = benches();
	const remote = () => bench().klaviyo.webhooks();
	const removeRemote = async () => {
		const [own] = remote();
		await fetch(`${bench().klaviyo.url}/api/webhooks/${own?.id}`, {
			method: 'DELETE',
			headers: {
				authorization: `Klaviyo-API-Key ${bench().klaviyo.account.apiKey}`,
				revision: '2026-07-15',
			},
		});
		expect(remote()).toEqual([]);
	};

	it('registers a webhook again that someone removed', async () => {
		const trigger = await bench().publish({}, DURABLE);
		await trigger.poll();
		await removeRemote();
		pass(60);
		await trigger.poll();
		expect(remote()).toMatchObject([{ endpoint: trigger.url, enabled: true }]);
	});

	it('leaves a webhook alone that is as it should be', async () => {
		const trigger = await bench().publish({}, DURABLE);
		await trigger.poll();
		const before = remote();
		pass(60);
		await trigger.poll();
		expect(remote()).toEqual(before);
		expect(bench().callsOf('/api/webhooks')).toBe(2);
	});

	it.each(['is taken back', 'is published again', 'is restarted'] as const)(
		'has no second webhook when the workflow %s after a poll has repaired it',
		async (how) => {
			const trigger = await bench().publish({}, DURABLE);
			await trigger.poll();
			await removeRemote();
			pass(60);
			await trigger.poll();
			if (how === 'is restarted') trigger.restart();
			else await trigger.call('delete');
			if (how !== 'is taken back') await trigger.register();
			expect(remote()).toHaveLength(how === 'is taken back' ? 0 : 1);
		},
	);

	it('repairs the webhook after restarts at which n8n does not look for it, and removes the one there is', async () => {
		const trigger = await bench().publish({}, DURABLE);
		for (let round = 0; round < 2; round++) {
			trigger.restart();
			await trigger.poll();
			await removeRemote();
			pass(60);
			await trigger.poll();
			expect(remote()).toMatchObject([{ endpoint: trigger.url, enabled: true }]);
		}
		trigger.restart();
		await trigger.call('delete');
		expect(remote()).toEqual([]);
	});

	it('repairs with its first poll what nobody has looked for, and within an hour what n8n has', async () => {
		const trigger = await bench().publish({}, DURABLE);
		await removeRemote();
		trigger.restart();
		await trigger.poll();
		expect(remote()).toMatchObject([{ endpoint: trigger.url }]);
		trigger.restart();
		await trigger.register();
		await removeRemote();
		pass(60);
		await trigger.poll();
		expect(remote()).toMatchObject([{ endpoint: trigger.url }]);
	});

	it('brings events at once by polling where the account has no topic for them', async () => {
		bench().sandbox.switches.missingTopics = ['Sent Text Message'];
		const trigger = await bench().publish({}, DURABLE);
		await trigger.poll();
		bench().klaviyo.customerWrites({ from: '+12125550123', body: 'Hi' });
		pass(1);
		expect((await trigger.poll()).map(({ json }) => json.body)).toEqual(['Hi']);
	});
});
