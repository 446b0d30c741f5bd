/**
 * What n8n's deduplication store loses when several processes write at once, or forgets, brings an event again. It never
 * makes an event count as done that is not.
 */
import fc from 'fast-check';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { deliverUndone, shareCompleted } from '../../nodes/shared/deliveredEvents';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';

const COMPLETING = [{ name: 'Create' }, { name: 'Count' }];
const KEYS = ['message:1', 'message:2', 'message:3'];

/** A row that is read, and written back when the schedule says so, with what was added meanwhile lost. */
class Store {
	row: string[] = [];
	private readonly waiting: Array<() => void> = [];

	/** @param isBusy whether others write between a reading and its writing */
	constructor(
		private readonly keeps: number,
		private readonly isBusy: boolean,
	) {}

	readonly helpers = {
		checkProcessedAndRecord: async (entries: string[]) => {
			const row = this.row;
			await this.turn();
			const added = entries.filter((entry) => !row.includes(entry));
			this.row = [...row, ...added].slice(-this.keeps);
			return { new: added, processed: entries.filter((entry) => row.includes(entry)) };
		},
		removeProcessed: async (entries: string[]) => {
			const row = this.row;
			await this.turn();
			this.row = row.filter((entry) => !entries.includes(entry));
		},
	};

	private async turn(): Promise<void> {
		if (!this.isBusy) return;
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	/** Lets one of those that wait write. */
	async step(which: number): Promise<void> {
		await new Promise(setImmediate);
		this.waiting.splice(which % Math.max(1, this.waiting.length), 1)[0]?.();
		await new Promise(setImmediate);
	}

	async settle(): Promise<void> {
		do await this.step(0);
		while (this.waiting.length > 0);
	}
}

const step = fc.oneof(
	fc.record({ does: fc.constant('look' as const), keys: fc.subarray(KEYS, { minLength: 1 }) }),
	fc.record({
		does: fc.constant('complete' as const),
		key: fc.constantFrom(...KEYS),
		node: fc.constantFrom(0, 1),
	}),
	fc.record({ does: fc.constant('write' as const), which: fc.nat(5) }),
	fc.record({ does: fc.constant('write' as const), which: fc.nat(5) }),
);

test.each([
	['several processes write at once', Infinity, true],
	['n8n forgets the oldest', 13, false],
	['n8n forgets almost all', 5, false],
])('nothing is left out that is not done when %s', async (_, keeps, isBusy) => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
			forgetProcess();
			const store = new Store(keeps, isBusy);
			const contextOf = (name: string) =>
				({
					getNode: () => ({ name }),
					getWorkflow: () => ({ id: 'w' }),
					helpers: store.helpers,
					logger: { warn: () => {} },
				}) as unknown as IExecuteFunctions;
			const delivered = new Set<string>();
			const done = new Set<string>();
			const isDone = (key: string): boolean =>
				COMPLETING.every((node) => done.has(`${node.name} ${key}`));
			const running: Array<Promise<void>> = [];
			const look = async (keys: string[]): Promise<void> => {
				const items: INodeExecutionData[] = keys.map((key) => ({ json: { key } }));
				const left = await deliverUndone(contextOf('Trigger'), items, COMPLETING, async () =>
					keys.map((key) => [key]),
				);
				const isLeft = new Set(left.map(({ json }) => json.key));
				for (const key of keys) {
					if (isLeft.has(key)) delivered.add(key);
					else expect(isDone(key)).toBe(true);
				}
			};
			for (const one of steps) {
				if (one.does === 'look') running.push(look(one.keys));
				else if (one.does === 'write') await store.step(one.which);
				else if (delivered.has(one.key)) {
					const node = COMPLETING[one.node]?.name ?? '';
					done.add(`${node} ${one.key}`);
					running.push(shareCompleted(contextOf(node), [one.key]));
				}
			}
			await store.settle();
			await Promise.all(running);
		}),
		{ seed, numRuns: sizeOf({ quick: 500, all: 5000 }) },
	);
});
