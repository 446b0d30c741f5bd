/** How often the nodes after a trigger get an event: once, or until it is done. */
import { forgetProcess } from '../../nodes/shared/processMemory';
import { deduplicator } from './support/deduplicator';
import { MINUTE, zendeskCredentials } from './support/desk';
import { type NodeClass, nodeOf, runChain } from './support/engine';
import { benches, CUSTOMER } from './support/klaviyoTrigger';
import * as here from './support/syncNodes';
import { type ActiveTrigger, listen, type TriggerSetup } from './support/trigger';
import { HandClock, TriggerStage } from './support/zendeskTrigger';

const { KlaviyoTrigger, ZendeskSync } = here;
const ONCE = { deliverEachEvent: 'once' };

/** The class as another process has it, with a memory of its own. */
function elsewhere(): NodeClass {
	let found: NodeClass = KlaviyoTrigger;
	jest.isolateModules(() => {
		found = jest.requireActual<typeof here>('./support/syncNodes').KlaviyoTrigger;
	});
	return found;
}

/** Runs the executions that the trigger has started since the last call. */
function executions(trigger: ActiveTrigger): () => Promise<unknown[]> {
	let done = 0;
	return async () => {
		const passed: unknown[] = [];
		for (const items of trigger.executions.slice(done))
			for (const { json } of await trigger.execute(items)) passed.push(json.body ?? json.event);
		done = trigger.executions.length;
		return passed;
	};
}

describe('Klaviyo Trigger that delivers each event once', () => {
	const { bench, pass } = benches();
	const published = async (parameters = {}, setup: TriggerSetup = {}) => {
		const trigger = await bench().publish({ ...ONCE, ...parameters }, setup);
		await trigger.poll();
		return { trigger, passed: executions(trigger) };
	};
	const written = async (body: string): Promise<void> => {
		bench().klaviyo.customerWrites({ from: CUSTOMER, body });
		await bench().sandbox.deliveriesSettled();
	};

	it.each(['systemWebhook', 'polling'])('does so for a day, over a restart: %s', async (source) => {
		const { trigger, passed } = await published({ source });
		await written('Hi');
		if (source === 'polling') await trigger.poll();
		expect(await passed()).toEqual(['Hi']);
		for (let half = 0; half < 48; half++) {
			pass(30);
			if (half === 20) trigger.restart();
			await trigger.poll();
			expect(await passed()).toEqual([]);
		}
		// Only the first poll of a process asks n8n's database.
		expect(trigger.executions).toHaveLength(2);
	});

	it('delivers by catch-up what died before its execution began', async () => {
		const { trigger, passed } = await published();
		await written('Hi');
		trigger.executions.pop();
		trigger.restart();
		pass(6);
		await trigger.poll();
		expect(await passed()).toEqual(['Hi']);
	});

	it('starts one execution for a webhook that comes twice', async () => {
		bench().sandbox.switches.faults.duplicateDelivery = 1;
		const { trigger, passed } = await published({ options: { batchWindow: 0 } });
		await written('Hi');
		await bench().sandbox.deliveriesSettled();
		expect(trigger.executions).toHaveLength(1);
		expect(await passed()).toEqual(['Hi']);
	});

	it('takes a message of the flow and of the log for the same', async () => {
		const { trigger, passed } = await published({ source: 'flowWebhook' });
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		pass(6);
		const [found] = await trigger.poll();
		const { flowKey } = found?.json ?? {};
		const fromFlow = { json: { ...found?.json, key: String(flowKey), flowKey: null } };
		expect(await trigger.execute([fromFlow])).toHaveLength(1);
		expect(await passed()).toEqual([]);
	});

	it.each(['one process', 'two processes'])('tells two executions apart: %s', async (where) => {
		const { trigger } = await published();
		const items = [{ json: { key: 'message:1' } }];
		const other =
			where === 'one process'
				? trigger
				: await listen(elsewhere(), {
						parameters: { ...ONCE, events: ['customerMessaged'] },
						workflowId: trigger.workflowId,
					});
		const first = trigger.execute(items);
		// In n8n's database two processes would both find it new: a webhook that comes twice starts one execution.
		if (other !== trigger) await first;
		const [one, two] = await Promise.all([first, other.execute(items)]);
		expect([...one, ...two]).toHaveLength(1);
		if (other !== trigger) await other.close();
	});

	it('keeps what two processes write at once', async () => {
		const { trigger } = await published();
		const workers = await Promise.all(
			[elsewhere(), elsewhere()].map(
				async (type) => await listen(type, { parameters: ONCE, workflowId: trigger.workflowId }),
			),
		);
		const items = Array.from({ length: 20 }, (_, n) => ({ json: { key: `message:${n}` } }));
		for (let n = 0; n < items.length; n += 2)
			await Promise.all(
				workers.map(
					async (worker, index) => await worker.execute(items.slice(n + index, n + index + 1)),
				),
			);
		forgetProcess();
		expect(await trigger.execute(items)).toEqual([]);
		await Promise.all(workers.map(async (worker) => await worker.close()));
	});

	it.each(['manual', 'retry'] as const)('passes on everything in mode %s', async (mode) => {
		const { trigger } = await published();
		const items = [{ json: { key: 'message:1' } }];
		for (let time = 0; time < 2; time++) expect(await trigger.execute(items, mode)).toEqual(items);
		expect(await trigger.execute(items)).toEqual(items);
	});

	it.each([
		['in one process: fails, so that a person sees it', true, 0],
		['in queue mode: delivers what is only not confirmed', false, 1],
	])(
		'does not drop an event when an answer of the database is lost (%s)',
		async (_, isOne, lost) => {
			const { trigger } = await published();
			if (!isOne) trigger.restart();
			const items = [{ json: { key: 'message:1' } }];
			deduplicator.lostAnswers = new Set([deduplicator.writes + lost]);
			const delivering = trigger.execute(items);
			if (isOne) await expect(delivering).rejects.toThrow('The answer was lost');
			else expect(await delivering).toEqual(items);
		},
	);

	it('waits for the row that another process is making', async () => {
		const { trigger } = await published();
		const items = [{ json: { key: 'message:1' } }];
		deduplicator.fault = new Error('SQLITE_CONSTRAINT: UNIQUE constraint failed: processed_data');
		const delivering = trigger.execute(items);
		await new Promise(setImmediate);
		deduplicator.fault = undefined;
		expect(await delivering).toEqual(items);
	});

	it("fails while n8n's database does, and delivers later", async () => {
		const { trigger } = await published();
		const items = [{ json: { key: 'message:1' } }];
		deduplicator.fault = new Error('The database is away');
		await expect(trigger.execute(items)).rejects.toThrow('The database is away');
		deduplicator.fault = undefined;
		expect(await trigger.execute(items)).toEqual(items);
	});
});

describe('Zendesk Sync Trigger that delivers each event once', () => {
	let stage: TriggerStage;
	let clock: HandClock;
	beforeEach(async () => {
		stage = await TriggerStage.start();
		clock = new HandClock(stage);
	});
	afterEach(async () => await stage.close());

	it('knows events whose webhook carries no key, and says of a reply that it comes no more', async () => {
		const { zendesk } = stage.sandbox;
		const events = ['opened', 'solved', 'reopened', 'requesterChanged', 'agentReplied'];
		const trigger = await stage.publish({ parameters: { ...ONCE, events } });
		await trigger.poll();
		const passed = executions(trigger);
		const { id } = stage.conversation();
		clock.pass(10_000);
		zendesk.agentComments(id, 'It ships today.');
		clock.pass(10_000);
		zendesk.agentUpdates(id, { status: 'solved' });
		clock.pass(10_000);
		zendesk.agentUpdates(id, { status: 'open' });
		clock.pass(10_000);
		zendesk.agentUpdates(id, { requesterId: zendesk.addUser({ name: 'Bea' }).id });
		await stage.sandbox.deliveriesSettled();
		const replies = trigger.executions.flat().filter(({ json }) => json.event === 'agentReplied');
		expect(replies.map(({ json }) => json.comesAgain)).toEqual([false]);
		expect(new Set(await passed())).toEqual(new Set(events));
		for (const again of [false, true]) {
			if (again) trigger.restart();
			await clock.poll(trigger, 6 * MINUTE);
			expect(await passed()).toEqual([]);
		}
		expect(trigger.executions.at(-1)).toHaveLength(events.length);
	});
});

describe('A trigger that decides by itself how often it delivers', () => {
	const { bench, pass } = benches();
	class Other {
		description = {
			...new ZendeskSync().description,
			name: 'slack',
			properties: [],
			credentials: [],
		};
	}
	const around = (type: NodeClass, typeName: string, parameters = {}) => ({
		placed: [{ node: nodeOf(type, { name: 'After', typeName, parameters }), type }],
		connections: {
			KlaviyoTrigger: { main: [[{ node: 'After', type: 'main' as const, index: 0 }]] },
		},
	});
	const create = { resource: 'ticket', operation: 'createOrReopen' };

	it.each([
		['another vendor', 'once', around(Other as NodeClass, 'n8n-nodes-base.slack')],
		['ours', 'untilDone', around(ZendeskSync, 'test.zendeskSync', create)],
	])('before a node of %s: %s', async (_, delivery, nodes) => {
		const trigger = await bench().publish(
			{ source: 'polling', deliverEachEvent: 'automatic' },
			{ around: nodes },
		);
		await trigger.poll();
		bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		const items = await trigger.poll();
		expect(await trigger.execute(items)).toHaveLength(1);
		pass(16);
		expect(await trigger.poll()).toHaveLength(delivery === 'once' ? 0 : 1);
	});
});

describe('Queue mode, where polls and executions are in different processes', () => {
	const { bench, pass } = benches();

	const afterTrigger = () => ({
		type: ZendeskSync,
		name: 'Create',
		credentials: zendeskCredentials(bench().sandbox),
		parameters: {
			authentication: 'apiToken',
			resource: 'ticket',
			operation: 'createOrReopen',
		},
	});

	it('catch-up asks no vendor about a message that another process has completed', async () => {
		const after = afterTrigger();
		const around = {
			placed: [{ node: nodeOf(after.type, after), type: after.type }],
			connections: {
				KlaviyoTrigger: { main: [[{ node: 'Create', type: 'main' as const, index: 0 }]] },
			},
		};
		const parameters = { source: 'polling', deliverEachEvent: 'untilDone' };
		const trigger = await bench().publish(parameters, { workflowId: 'workflow', around });
		const inMain = async () => {
			forgetProcess();
			return await trigger.poll();
		};
		const inWorker = async (items: Awaited<ReturnType<typeof inMain>>, after: unknown[]) => {
			forgetProcess();
			const before = bench().sandbox.calls().length;
			const nodes = [
				{ type: KlaviyoTrigger, credentials: bench().credentials(), parameters },
				...(after as Array<ReturnType<typeof afterTrigger>>),
			];
			const runs = await runChain(nodes, items, 'webhook');
			return { runs, calls: bench().sandbox.calls().length - before };
		};
		for (let n = 0; n < 5; n++) bench().klaviyo.customerWrites({ from: CUSTOMER, body: `Hi ${n}` });
		pass(1);
		const items = await inMain();
		expect(items).toHaveLength(5);
		// A worker that dies before it has done anything leaves everything to do.
		await inWorker(items, [{ ...after, parameters: { ...after.parameters, operation: 'none' } }]);
		const first = await inWorker(items, [after]);
		expect(first.runs.Create?.json).toHaveLength(5);
		expect(first.calls).toBeGreaterThan(0);
		pass(6);
		const again = await inMain();
		expect(again).toHaveLength(5);
		const second = await inWorker(again, [after]);
		expect(second.runs.KlaviyoTrigger?.items).toEqual([]);
		expect(second.calls).toBe(0);
	});
});
