/**
 * What a builder gets who publishes a trigger. Of a failure, n8n shows the error's message and nothing else. And it goes
 * on polling after a publication that has failed.
 */
import { deliver } from './support/trigger';
import { benches, CUSTOMER, SECRET, type TriggerBench } from './support/klaviyoTrigger';
import { MINUTE } from './support/desk';
import { TriggerStage } from './support/zendeskTrigger';

const messageOf = async (work: Promise<unknown>): Promise<string> =>
	await work.then(
		() => 'published',
		(error: Error) => error.message,
	);

describe('Klaviyo Trigger', () => {
	const { bench, pass } = benches();

	it('says which source to choose without Advanced KDP', async () => {
		bench().sandbox.switches.systemWebhooksAllowed = false;
		const trigger = await bench().prepare();
		expect(await messageOf(trigger.register())).toMatch(
			/403.*Advanced KDP.*set 'Source' to 'Polling Only' or 'Flow Webhook and Polling'.*Klaviyo says: You must have Advanced KDP/,
		);
	});

	it.each([
		['systemWebhook', '', 'is empty'],
		['systemWebhook', 'short', 'is too short'],
		['flowWebhook', 'short', 'is too short'],
	])('says what to fill in for %s when the webhook secret is "%s"', async (source, secret, is) => {
		const trigger = await bench().prepare({ source }, { credentials: bench().credentials(secret) });
		const message = await messageOf(trigger.register());
		expect(message).toContain(`The credential's 'Webhook Secret' ${is}`);
		expect(message).toContain('at least 16 characters');
		expect(message).toContain("'Polling Only', which needs no secret");
		expect(bench().klaviyo.webhooks()).toEqual([]);
	});

	it('says what to do about a key that is refused', async () => {
		const { klaviyoSyncApi } = bench().credentials();
		const trigger = await bench().prepare(
			{},
			{ credentials: { klaviyoSyncApi: { ...klaviyoSyncApi, apiKey: 'pk_wrong' } } },
		);
		expect(await messageOf(trigger.register())).toMatch(
			/The credential was not accepted.*Open the credential, test it/,
		);
	});

	it('says how to rename a node for which n8n could not receive', async () => {
		const trigger = await bench().prepare({}, { name: 'Klaviyo Trigger' });
		expect(await messageOf(trigger.register())).toContain('Rename the node to one word');
	});

	describe('after a first publication that failed', () => {
		const publishedInVain = async (
			changes: Partial<Parameters<TriggerBench['prepare']>[1]> = {},
		) => {
			bench().sandbox.switches.systemWebhooksAllowed = false;
			const trigger = await bench().prepare({}, { isNew: true, ...changes });
			// n8n polls beside it, before and after.
			expect(await trigger.poll()).toEqual([]);
			for (let attempt = 0; attempt < 5; attempt++) {
				await expect(trigger.register()).rejects.toThrow();
				expect(await trigger.poll()).toEqual([]);
			}
			return trigger;
		};
		const happens = () => void bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });

		it('starts nothing, however long n8n goes on polling', async () => {
			// Within the minute by which clocks may differ.
			happens();
			const trigger = await publishedInVain();
			happens();
			for (let minutes = 0; minutes < 200; minutes += 10) {
				pass(10);
				expect(await trigger.poll()).toEqual([]);
			}
		});

		it('begins at the publication that succeeds', async () => {
			happens();
			pass(10);
			const trigger = await publishedInVain();
			happens();
			pass(10);
			bench().sandbox.switches.systemWebhooksAllowed = true;
			await trigger.register();
			expect(await trigger.poll()).toEqual([]);
			pass(10);
			expect(await trigger.poll()).toEqual([]);
			happens();
			pass(6);
			expect(await trigger.poll()).toHaveLength(1);
		});
	});

	it('polls even if n8n never says how its first publication ended', async () => {
		const trigger = await bench().prepare({}, { isNew: true });
		expect(await trigger.poll()).toEqual([]);
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		pass(6);
		expect(await trigger.poll()).toHaveLength(1);
	});

	it('goes on catching up after a later publication that failed', async () => {
		const trigger = await bench().publish({ source: 'polling' }, { isNew: true });
		await trigger.poll();
		pass(60);
		bench().sandbox.switches.systemWebhooksAllowed = false;
		const { staticData, workflowId } = trigger;
		const changed = await bench().prepare({}, { staticData, workflowId });
		await expect(changed.register()).rejects.toThrow();
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		pass(6);
		expect(await changed.poll()).toHaveLength(1);
	});

	describe('with Polling Only', () => {
		const POLLING = { source: 'polling' };

		it('makes no call as it is published, looked for and stopped', async () => {
			const trigger = await bench().publish(POLLING, { credentials: bench().credentials('') });
			expect(await trigger.call('create')).toBe(true);
			expect(await trigger.call('checkExists')).toBe(true);
			expect(await trigger.call('delete')).toBe(true);
			expect(bench().sandbox.calls()).toEqual([]);
		});

		it('answers 404 to whoever calls its URL, and starts nothing', async () => {
			const trigger = await bench().publish(POLLING);
			const answer = await deliver(trigger, '{"data":[]}', { 'klaviyo-signature': SECRET });
			expect(answer.status).toBe(404);
			expect(trigger.executions).toEqual([]);
		});

		it('removes the webhook of an earlier source that n8n could not remove', async () => {
			const trigger = await bench().publish();
			const { staticData, workflowId, n8nUrl } = trigger;
			const polling = await bench().prepare(POLLING, { staticData, workflowId, n8nUrl });
			await polling.register();
			expect(bench().klaviyo.webhooks()).toEqual([]);
			expect(await polling.call('checkExists')).toBe(true);
		});

		it.each([
			['Customer Messaged', POLLING],
			[
				'Other Metric',
				{ events: ['otherMetric'], metricId: { __rl: true, mode: 'id', value: 'M' } },
			],
		])('answers a test at once, although nobody calls: %s', async (_event, parameters) => {
			const trigger = await bench().publish(parameters, {
				isTest: true,
				credentials: bench().credentials(''),
			});
			// n8n runs the node with it, which fetches the newest events.
			expect(await trigger.shown()).toEqual([{ json: {} }]);
			expect(bench().klaviyo.webhooks()).toEqual([]);
			expect(await trigger.call('delete')).toBe(true);
			expect(bench().sandbox.calls()).toEqual([]);
		});

		it('shows the newest event in a test', async () => {
			bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
			pass(1);
			const trigger = await bench().prepare(POLLING);
			expect(await trigger.execute([{ json: {} }], 'manual')).toMatchObject([
				{ json: { body: 'Hi' } },
			]);
		});
	});
});

describe('Zendesk Sync Trigger', () => {
	let stage: TriggerStage;
	beforeEach(async () => {
		stage = await TriggerStage.start();
	});
	afterEach(async () => await stage.close());

	it('says to connect an administrator if the user may not manage webhooks', async () => {
		stage.sandbox.switches.zendeskForbids = ['webhooks'];
		expect(await messageOf(stage.publish({ isNew: true }))).toMatch(
			/may not manage webhooks in Zendesk.*Connect an administrator.*Zendesk says: Forbidden/,
		);
	});

	it('starts nothing after a first publication that failed, and begins at the one that succeeds', async () => {
		stage.sandbox.switches.zendeskForbids = ['webhooks'];
		const trigger = await stage.prepare({ isNew: true, parameters: { events: ['opened'] } });
		await expect(trigger.register()).rejects.toThrow();
		stage.conversation();
		stage.sandbox.clock.jump(10 * MINUTE);
		expect(await trigger.poll()).toEqual([]);
		stage.sandbox.switches.zendeskForbids = [];
		await trigger.register();
		expect(await trigger.poll()).toEqual([]);
		stage.conversation();
		stage.sandbox.clock.jump(6 * MINUTE);
		expect(await trigger.poll()).toHaveLength(1);
	});
});
