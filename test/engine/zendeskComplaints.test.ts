/**
 * What users of n8n's own Zendesk Trigger have complained of, each as it would show here. The numbers are issues and pull requests of
 * github.com/n8n-io/n8n.
 */
import { ask, HOUR, MINUTE, pathsOf, runTicket } from './support/desk';
import { deliver } from './support/trigger';
import { eventsOf, HandClock, TriggerStage } from './support/zendeskTrigger';

describe("A complaint about n8n's own Zendesk Trigger does not hold here:", () => {
	let stage: TriggerStage;

	beforeEach(async () => {
		stage = await TriggerStage.start();
	});
	afterEach(async () => await stage.close());

	const remote = () => stage.sandbox.zendesk.webhooks();
	const happen = async () => {
		const { id } = stage.conversation();
		await stage.sandbox.deliveriesSettled();
		return id;
	};

	// 16967
	it('"the webhook gets deleted after the first execution": it outlives executions, polls and restarts', async () => {
		const trigger = await stage.publish();
		const [made] = remote();
		for (let round = 0; round < 3; round++) {
			await happen();
			await trigger.poll();
			trigger.restart();
			// As n8n does at each start.
			await trigger.register();
			expect(remote()).toEqual([made]);
		}
		expect(trigger.executions.length).toBeGreaterThanOrEqual(3);
		expect(pathsOf(stage.sandbox).filter((path) => path.startsWith('DELETE'))).toEqual([]);
	});

	// 20896
	it('"it makes the test webhook, but none when the workflow is activated": both are made, one after the other', async () => {
		const test = await stage.prepare({ workflowId: 'one', isTest: true });
		await test.register();
		await test.call('delete');
		expect(remote()).toEqual([]);
		const published = await stage.publish({ workflowId: 'one' });
		expect(remote()).toMatchObject([{ endpoint: published.url, status: 'active' }]);
		await happen();
		expect(eventsOf(published)).toHaveLength(1);
	});

	// 20896, 387
	it('"the webhook disappears, or stays behind, after a test": a test leaves the published one alone and nothing behind', async () => {
		const published = await stage.publish({ workflowId: 'two' });
		const [made] = remote();
		for (let round = 0; round < 2; round++) {
			const test = await stage.prepare({ workflowId: 'two', isTest: true });
			test.staticData = published.staticData;
			await test.register();
			await test.call('delete');
		}
		expect(remote()).toEqual([made]);
		await happen();
		expect(eventsOf(published)).toHaveLength(1);
	});

	// 29511
	it('"turning off one workflow breaks another": each has a webhook of its own', async () => {
		const [one, other] = [await stage.publish(), await stage.publish({ id: 'other' })];
		await one.call('delete');
		await happen();
		expect(eventsOf(one)).toEqual([]);
		expect(eventsOf(other)).toHaveLength(1);
	});

	// 14418, 18288
	it.each(['kept', 'lost'] as const)(
		'"it does not trigger any more since n8n was updated": it does, with its static data %s',
		async (data) => {
			const trigger = await stage.publish({ workflowId: `updated-${data}` });
			trigger.restart();
			if (data === 'lost') trigger.staticData = {};
			await trigger.register();
			expect(remote()).toHaveLength(1);
			await happen();
			expect(eventsOf(trigger)).toHaveLength(1);
		},
	);

	// 14418, 18288
	it('"it stops firing": what is turned off or removed in Zendesk is there again within the hour, and what came meanwhile is caught up', async () => {
		const clock = new HandClock(stage);
		const trigger = await stage.publish();
		await trigger.poll();
		const path = `/api/v2/webhooks/${remote()[0]?.id}`;
		await ask(stage.sandbox, 'PATCH', path, { webhook: { status: 'inactive' } });
		const missed = await happen();
		expect(eventsOf(trigger)).toEqual([]);
		await clock.poll(trigger, HOUR);
		expect(remote()).toMatchObject([{ status: 'active' }]);
		expect(eventsOf(trigger)).toMatchObject([{ key: `opened:${missed}`, catchUp: true }]);
		await ask(stage.sandbox, 'DELETE', path);
		await clock.poll(trigger, HOUR);
		expect(remote()).toMatchObject([{ status: 'active', endpoint: trigger.url }]);
		const seen = await happen();
		expect(eventsOf(trigger).at(-1)).toMatchObject({ key: `opened:${seen}`, catchUp: false });
	});

	// 25381, 23893
	it.each(['remembers', 'has forgotten', 'could not remove the old one'] as const)(
		'"each time I publish there is one webhook more": there is one, however often, when n8n %s',
		async (how) => {
			const trigger = await stage.publish({ workflowId: 'often' });
			for (let round = 0; round < 3; round++) {
				// n8n takes the old version back, then looks, then registers.
				stage.sandbox.switches.faults.serverError =
					round === 1 && how === 'could not remove the old one' ? 1 : 0;
				if (how === 'has forgotten') trigger.staticData = {};
				else await trigger.call('delete');
				stage.sandbox.switches.faults.serverError = 0;
				await trigger.register();
				expect(remote()).toHaveLength(1);
			}
			await happen();
			expect(eventsOf(trigger)).toHaveLength(1);
		},
		20_000,
	);

	// 25017
	it('"it fires several times for one update": one change of many fields is one event of each kind chosen', async () => {
		const trigger = await stage.publish({ parameters: { events: ['solved', 'agentReplied'] } });
		const { id } = stage.conversation();
		const { zendesk } = stage.sandbox;
		await ask(stage.sandbox, 'PUT', `/api/v2/tickets/${id}`, {
			ticket: {
				status: 'solved',
				priority: 'high',
				tags: ['a', 'b'],
				assignee_id: Number(zendesk.agent.id),
				comment: { html_body: 'Done', public: true, author_id: Number(zendesk.agent.id) },
			},
		});
		await stage.sandbox.deliveriesSettled();
		expect(
			eventsOf(trigger)
				.map(({ event }) => event)
				.sort(),
		).toEqual(['agentReplied', 'solved']);
	});

	// 25017
	it('"an event that comes twice does everything twice": a delivery repeated, and catch-up, carry the key of the first', async () => {
		const clock = new HandClock(stage);
		const trigger = await stage.publish({ parameters: { events: ['agentReplied'] } });
		stage.sandbox.switches.faults.duplicateDelivery = 1;
		const { id } = stage.conversation();
		const { id: commentId } = stage.sandbox.zendesk.agentComments(id, 'It ships today.');
		await stage.sandbox.deliveriesSettled();
		await clock.poll(trigger, 6 * MINUTE);
		const key = `reply:${commentId}`;
		expect(eventsOf(trigger).map((event) => event.key)).toEqual([key, key, key]);
		stage.sandbox.switches.faults.duplicateDelivery = 0;
		// So that only one of the executions claims it: for the others, the first one's claim is active.
		const claims: unknown[] = [];
		for (const event of eventsOf(trigger))
			claims.push((await runTicket(stage.sandbox, 'claimReply', [event])).json[0]?.outcome);
		expect(claims).toEqual(['claimed', 'notNow', 'notNow']);
	});

	// 25017
	it('"id must be an integer": a ticket\'s id is whole digits whichever way it came, and the next node takes it', async () => {
		const clock = new HandClock(stage);
		const trigger = await stage.publish({ parameters: { events: ['opened'] } });
		await happen();
		await clock.poll(trigger, 6 * MINUTE);
		expect(eventsOf(trigger)).toHaveLength(2);
		for (const event of eventsOf(trigger)) expect(event.ticketId).toMatch(/^\d+$/);
		const { json, error } = await runTicket(stage.sandbox, 'get', eventsOf(trigger));
		expect(error).toBeUndefined();
		expect(json).toHaveLength(2);
	});

	// 27442
	it('"activation fails because of what else is in the account": other webhooks, and pages of them, do not matter', async () => {
		const other = (n: number) => ({
			webhook: {
				name: `Other ${n}`,
				endpoint: 'https://example.com/hook',
				http_method: 'POST',
				request_format: 'json',
				status: 'active',
				...(n % 2 ? { subscriptions: ['conditional_ticket_events'] } : {}),
			},
		});
		for (let n = 0; n < 130; n++) await ask(stage.sandbox, 'POST', '/api/v2/webhooks', other(n));
		const trigger = await stage.publish({ workflowId: 'crowded' });
		trigger.staticData = {};
		await trigger.register();
		expect(remote()).toHaveLength(131);
		await happen();
		expect(eventsOf(trigger)).toHaveLength(1);
	});

	// 24881
	it('"anybody who knows the URL can start the workflow": an unsigned request starts nothing', async () => {
		const trigger = await stage.publish();
		expect(await deliver(trigger, '{}', {})).toMatchObject({ status: 401 });
		trigger.staticData = {};
		expect(await deliver(trigger, '{}', {})).toMatchObject({ status: 401 });
		expect(trigger.executions).toEqual([]);
	});
});
