/** Messages that arrive one after the other share an execution: each is in one, in order, and none waits long. */
import fc from 'fast-check';
import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { acceptBatched } from '../../nodes/Klaviyo/trigger/webhookBatch';
import { markCompleted } from '../../nodes/shared/completedEvents';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { seed } from '../support/seed';

const SPAN = 500;
const MOST = 100;

interface Started {
	keys: unknown[];
	at: number;
	ended?: number;
}

interface Setup {
	options?: object;
	mode?: string;
	workflow?: string;
	/** For how many milliseconds the next execution runs in this process; executions run elsewhere by default. */
	runsFor?: () => number;
}

/** A node that completes messages, as n8n shows it to the trigger. */
const createOrReopen = {
	name: 'Create or reopen ticket',
	type: 'n8n-nodes-zendesk-klaviyo.zendeskSync',
	parameters: { resource: 'ticket', operation: 'createOrReopen' },
};

class Trigger {
	readonly started: Started[] = [];
	/** Milliseconds since 1970 at which a request was answered. */
	readonly answered: number[] = [];
	private readonly requests: Array<Promise<void>> = [];

	constructor(private readonly setup: Setup = {}) {}

	request(keys: unknown[]): void {
		this.requests.push(this.take(keys));
	}

	async settled(): Promise<void> {
		await Promise.all(this.requests);
	}

	private async take(keys: unknown[]): Promise<void> {
		const items = keys.map((key) => ({ json: { key } })) as INodeExecutionData[];
		const { workflowData } = await acceptBatched(this.context(), items);
		const [together] = workflowData ?? [];
		if (!together) return;
		const run: Started = { keys: together.map(({ json }) => json.key), at: Date.now() };
		this.started.push(run);
		const { runsFor } = this.setup;
		if (!runsFor) return;
		setTimeout(() => {
			run.ended = Date.now();
			const node = { ...this.context(), getNode: () => createOrReopen } as never;
			for (const key of run.keys) markCompleted(node, String(key));
		}, runsFor());
	}

	private context(): IWebhookFunctions {
		const { options = {}, mode = 'webhook', workflow = 'W', runsFor } = this.setup;
		const end = () => this.answered.push(Date.now());
		const response = { status: () => response, send: () => response, end };
		return {
			getResponseObject: () => response,
			getNodeParameter: (name: string) => (name === 'options' ? options : 'untilDone'),
			getMode: () => mode,
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: 'N', name: 'KlaviyoTrigger' }),
			...(runsFor ? { getChildNodes: () => [createOrReopen] } : {}),
		} as unknown as IWebhookFunctions;
	}
}

describe(`messages one after the other (seed ${seed})`, () => {
	beforeEach(() => {
		jest.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
		forgetProcess();
	});
	afterEach(() => jest.useRealTimers());

	const pass = async (milliseconds: number) => await jest.advanceTimersByTimeAsync(milliseconds);

	const deliveries = fc.array(
		fc.record({
			gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * SPAN })),
			items: fc.integer({ min: 1, max: 3 }),
			runsFor: fc.integer({ min: 1, max: 3 * SPAN }),
		}),
		{ minLength: 1, maxLength: 30 },
	);
	type Deliveries = typeof deliveries extends fc.Arbitrary<infer List> ? List : never;

	/** Each is in one execution, in order, and none waits longer than the span. */
	async function play(requests: Deliveries, setup: Setup = {}): Promise<Started[]> {
		forgetProcess();
		jest.clearAllTimers();
		const trigger = new Trigger(setup);
		const cameAt: number[] = [];
		for (const { gap, items } of requests) {
			await pass(gap);
			const keys = Array.from({ length: items }, (_, index) => `message:${cameAt.length + index}`);
			cameAt.push(...keys.map(() => Date.now()));
			trigger.request(keys);
			expect(trigger.answered.at(-1)).toBe(Date.now());
		}
		await pass(SPAN);
		await trigger.settled();
		const { started } = trigger;
		expect(started.flatMap(({ keys }) => keys)).toEqual(
			cameAt.map((_, index) => `message:${index}`),
		);
		for (const { keys, at } of started)
			for (const key of keys) {
				const waited = at - (cameAt[Number(String(key).slice('message:'.length))] ?? NaN);
				expect(waited).toBeLessThanOrEqual(SPAN);
			}
		// The first after a pause does not wait.
		expect(started[0]?.at).toBe(cameAt[0]);
		return started;
	}

	it('go together if their execution runs elsewhere: the more there are, the longer they gather', async () => {
		await fc.assert(
			fc.asyncProperty(deliveries, async (requests) => {
				const started = await play(requests);
				for (const [index, { at }] of started.slice(1).entries()) {
					const last = started[index];
					const distance = Math.min(SPAN, 100 * (last?.keys.length ?? 0));
					expect(at - (last?.at ?? 0)).toBeGreaterThanOrEqual(distance);
				}
			}),
		);
	});

	it('gather while an execution of this process runs, and start together as it ends', async () => {
		await fc.assert(
			fc.asyncProperty(deliveries, async (requests) => {
				const durations = requests.map(({ runsFor }) => runsFor);
				const started = await play(requests, { runsFor: () => durations.shift() ?? 1 });
				let seen = false;
				for (const [index, { at }] of started.slice(1).entries()) {
					const last = started[index];
					if (!last) continue;
					const span = seen ? SPAN : Math.min(SPAN, 100 * last.keys.length);
					const isOver = last.ended !== undefined && last.ended <= at;
					if (!isOver) expect(at - last.at).toBeGreaterThanOrEqual(span);
					// An end counts as long as no other execution has started since.
					seen ||= isOver;
				}
			}),
		);
	});

	it('do not wait while none runs', async () => {
		const trigger = new Trigger({ runsFor: () => 40 });
		for (let message = 0; message < 20; message++) {
			trigger.request([`message:${message}`]);
			await pass(50);
		}
		expect(trigger.started.map(({ keys }) => keys.length)).toEqual(Array(20).fill(1));
	});

	it('start together the moment that the execution before them ends', async () => {
		const trigger = new Trigger({ runsFor: () => 70 });
		trigger.request(['message:0']);
		await pass(100);
		const began = Date.now();
		for (const message of [1, 2, 3, 4]) {
			trigger.request([`message:${message}`]);
			await pass(20);
		}
		expect(trigger.started.map(({ keys, at }) => [keys.length, at - began])).toEqual([
			[1, -100],
			[1, 0],
			[3, 70],
		]);
	});

	it('delivered twice are one, and those without a key stay separate', async () => {
		const trigger = new Trigger();
		trigger.request(['message:1']);
		for (const keys of [['message:2'], ['message:3', 'message:2'], [null], [null]])
			trigger.request(keys);
		await pass(SPAN);
		expect(trigger.started.map(({ keys }) => keys)).toEqual([
			['message:1'],
			['message:2', 'message:3', null, null],
		]);
	});

	it('are split over several executions if there are many', async () => {
		const trigger = new Trigger();
		const keys = Array.from({ length: 2 * MOST + 11 }, (_, index) => `message:${index}`);
		for (const key of keys) trigger.request([key]);
		await pass(SPAN);
		expect(trigger.started.map((one) => one.keys.length)).toEqual([1, MOST, MOST, 10]);
		expect(trigger.started.flatMap((one) => one.keys)).toEqual(keys);
	});

	it('of another workflow, after the clock was set back, or after the group was started go alone', async () => {
		const [one, other] = [new Trigger(), new Trigger({ workflow: 'V' })];
		one.request(['message:1']);
		other.request(['message:2']);
		expect([await one.settled(), one.started.length, other.started.length]).toEqual([
			undefined,
			1,
			1,
		]);
		jest.setSystemTime(Date.now() - 60_000);
		one.request(['message:3']);
		await one.settled();
		expect(one.started).toHaveLength(2);
	});

	it.each<[string, Setup]>([
		['the builder wants none to wait', { options: { batchWindow: 0 } }],
		['the builder tries the trigger out', { mode: 'manual' }],
	])('each start one at once when %s', async (_when, setup) => {
		const trigger = new Trigger(setup);
		for (const key of ['message:1', 'message:2', 'message:2']) trigger.request([key]);
		await trigger.settled();
		expect(trigger.started).toHaveLength(3);
	});

	it('wait no longer than the builder says', async () => {
		const durations = [1, 60_000];
		const runsFor = (): number => durations.shift() ?? 1;
		const trigger = new Trigger({ options: { batchWindow: 3000 }, runsFor });
		trigger.request(['message:1']);
		await pass(10);
		trigger.request(['message:2']);
		trigger.request(['message:3']);
		await pass(2999);
		expect(trigger.started).toHaveLength(2);
		await pass(1);
		expect(trigger.started).toHaveLength(3);
	});
});
