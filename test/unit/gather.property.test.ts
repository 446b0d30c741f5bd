/** Messages that arrive one after the other share an execution: each is in one, in order, and none waits long. */
import fc from 'fast-check';
import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { acceptBatched } from '../../nodes/Klaviyo/trigger/webhookBatch';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { seed } from '../support/seed';

const SPAN = 500;
const MOST = 100;

interface Started {
	keys: unknown[];
	at: number;
}

interface Setup {
	options?: object;
	mode?: string;
	workflow?: string;
}

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
		if (together) this.started.push({ keys: together.map(({ json }) => json.key), at: Date.now() });
	}

	private context(): IWebhookFunctions {
		const { options = {}, mode = 'webhook', workflow = 'W' } = this.setup;
		const end = () => this.answered.push(Date.now());
		const response = { status: () => response, send: () => response, end };
		return {
			getResponseObject: () => response,
			getNodeParameter: (name: string) => (name === 'options' ? options : 'untilDone'),
			getMode: () => mode,
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: 'N', name: 'KlaviyoTrigger' }),
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

	it('are each in one execution, in order and within the span, and executions keep their distance', async () => {
		const deliveries = fc.array(
			fc.record({
				gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * SPAN })),
				items: fc.integer({ min: 1, max: 3 }),
			}),
			{ minLength: 1, maxLength: 30 },
		);
		await fc.assert(
			fc.asyncProperty(deliveries, async (requests) => {
				forgetProcess();
				const trigger = new Trigger();
				const cameAt: number[] = [];
				for (const { gap, items } of requests) {
					await pass(gap);
					const keys = Array.from(
						{ length: items },
						(_, index) => `message:${cameAt.length + index}`,
					);
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
				for (const [index, { keys, at }] of started.entries()) {
					const last = started[index - 1]?.at ?? -Infinity;
					expect(at - last).toBeGreaterThanOrEqual(SPAN);
					for (const key of keys) {
						const waited = at - (cameAt[Number(String(key).slice('message:'.length))] ?? NaN);
						expect(waited).toBeLessThanOrEqual(SPAN);
					}
				}
				// The first after a pause is alone.
				expect(started[0]?.at).toBe(cameAt[0]);
			}),
		);
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

	it('wait as long as the builder says', async () => {
		const trigger = new Trigger({ options: { batchWindow: 3000 } });
		for (const key of ['message:1', 'message:2']) trigger.request([key]);
		await pass(2999);
		expect(trigger.started).toHaveLength(1);
		await pass(1);
		expect(trigger.started).toHaveLength(2);
	});
});
