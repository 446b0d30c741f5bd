/**
 * What n8n's database knows of the events that a trigger has brought. n8n's deduplication store outlives a process and
 * is shared by all, but it is no lock: two processes that write at once may lose what one of them wrote. So what is lost
 * has to do no harm, or is written again. See docs/decisions/0065.
 */
import {
	type DeduplicationScope,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	sleep,
} from 'n8n-workflow';
import { isCompletedBy, rememberCompleted } from './completedEvents';
import type { IdentifyItems } from './delivery';
import { nodeKey, processMemory } from './processMemory';

/** Entries that n8n keeps of a node, or of a workflow: the oldest are forgotten. */
const STORE = { mode: 'entries', maxEntries: 50_000 } as const;

/** @returns those of the entries that were known before; all are known from now on */
async function record(
	{ helpers }: IExecuteFunctions,
	entries: readonly string[],
	scope: DeduplicationScope,
): Promise<ReadonlySet<unknown>> {
	const all = [...new Set(entries)];
	if (all.length === 0) return new Set();
	const write = async () => await helpers.checkProcessedAndRecord(all, scope, STORE);
	const { processed } = await write().catch(async (error: unknown) => {
		if (!IS_ROW_TAKEN.test(String(error))) throw error;
		await sleep(AT_ONCE);
		return await write();
	});
	return new Set(processed);
}

/**
 * The first two of all processes make the same row, and one is refused, in the words of SQLite or PostgreSQL. After any
 * other error the entries may have been written, and would be taken for known.
 */
const IS_ROW_TAKEN = /unique constraint/i;

/** Workflows that this process polls. In queue mode executions run in other processes. */
const polled = processMemory<true>();

type WorkflowContext = Pick<IExecuteFunctions, 'getWorkflow'>;

/** To be called by each poll. */
export const rememberPolling = (context: WorkflowContext): void =>
	void polled.set(context.getWorkflow().id ?? '', true);

/** Whether what this process knows to be completed is known to the poll. */
export const isPollingProcess = (context: WorkflowContext): boolean =>
	polled.has(context.getWorkflow().id ?? '');

/** Milliseconds in which a process usually writes what it has read. */
const AT_ONCE = 300;
/** A machine that is slow once is slow again: how many times as long as the slowest writing is waited. */
const TIMES_AS_LONG = 4;
/** How often in a row an entry has to be found, and how often that is tried. */
const CONFIRMATIONS = 2;
const MAX_TRIES = 12;

/** By node: entries that this process has written lately. The next writing restores those that were overwritten. */
const written = processMemory<string[]>();
const MAX_WRITTEN = 500;

/** By node: the last of its executions that decides what is new. */
const turns = processMemory<Promise<unknown>>();

/** One execution after the other: two that ask at once would both be told that an event is new. */
async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
	const turn = (turns.get(name) ?? Promise.resolve()).then(work);
	turns.set(
		name,
		turn.catch(() => undefined),
	);
	return await turn;
}

/** @returns the items of events that were not delivered before. They count as delivered from now on. */
export async function deliverOnce(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	identify: IdentifyItems,
): Promise<INodeExecutionData[]> {
	const keys = await identify(items, true);
	return await inTurn(nodeKey(context), async () => {
		const isKnown = isCompletedBy(context, context.getNode());
		const unknown = items.flatMap((item, index) => {
			const known = keys[index] ?? [];
			return known.some((key) => isKnown(key)) ? [] : [{ item, keys: known }];
		});
		const entries = unknown.flatMap((one) => one.keys);
		const delivered = isPollingProcess(context)
			? new Set(await record(context, entries, 'node'))
			: await recordForAll(context, entries);
		for (const key of keys.flat()) rememberCompleted(context, key);
		return unknown
			.filter((one) => {
				const isNew = !one.keys.some((key) => delivered.has(key));
				for (const key of one.keys) delivered.add(key);
				return isNew;
			})
			.map(({ item }) => item);
	});
}

/** The same among several processes, of which another may write over it what it had read before. */
async function recordForAll(
	context: IExecuteFunctions,
	entries: readonly string[],
): Promise<Set<unknown>> {
	const earlier = written.get(nodeKey(context)) ?? [];
	written.set(nodeKey(context), [...earlier, ...entries].slice(-MAX_WRITTEN));
	if (entries.length === 0) return new Set();
	let slowest = 0;
	const write = async (): Promise<ReadonlySet<unknown>> => {
		const begun = Date.now();
		const known = await record(context, [...earlier, ...entries], 'node');
		slowest = Math.max(slowest, Date.now() - begun);
		return known;
	};
	const delivered = new Set(await write());
	try {
		for (let tries = 0, found = 0; tries < MAX_TRIES && found < CONFIRMATIONS; tries++) {
			await sleep(Math.max(AT_ONCE, TIMES_AS_LONG * slowest) * (0.5 + Math.random()));
			const kept = await write();
			found = entries.every((entry) => kept.has(entry)) ? found + 1 : 0;
		}
	} catch (error) {
		// They count as delivered already: kept back now, they would never be.
		context.logger.warn(
			`${context.getNode().name}: whether the events count as delivered could not be confirmed, so they may come twice: ${String(error)}`,
		);
	}
	return delivered;
}

const seenBy = (node: Pick<INode, 'name'>, key: string): string => `seen ${node.name} ${key}`;
const openFor = (node: Pick<INode, 'name'>, key: string): string => `open ${node.name} ${key}`;

/**
 * Leaves out what other processes have completed. The store cannot be asked without writing: an event that a node has
 * not completed is *seen* and *open*, one that it has completed is *seen*. Whatever is lost of that, an event that is
 * not completed stays so: both entries are written at once, the oldest are forgotten first, and an entry that another
 * process brings back is an older one.
 *
 * @param completing the nodes that say when they are done with an event
 */
export async function deliverUndone(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	completing: ReadonlyArray<Pick<INode, 'name'>>,
	identify: IdentifyItems,
): Promise<INodeExecutionData[]> {
	try {
		const keys = await identify(items, false);
		const entriesOf = (of: typeof seenBy, some: readonly string[]): string[] =>
			some.flatMap((key) => completing.map((node) => of(node, key)));
		const pairsOf = (some: readonly string[]): string[] => [
			...entriesOf(seenBy, some),
			...entriesOf(openFor, some),
		];
		const all = keys.flat();
		const before = await record(context, pairsOf(all), 'workflow');
		// Only the second of a pair was left: they have to be forgotten in their order, so they are written anew.
		const halves = all.filter((key) =>
			completing.some((node) => !before.has(seenBy(node, key)) && before.has(openFor(node, key))),
		);
		await forget(context, pairsOf(halves));
		await record(context, pairsOf(halves), 'workflow');
		const isDone = (node: Pick<INode, 'name'>, key: string): boolean =>
			before.has(seenBy(node, key)) && !before.has(openFor(node, key));
		const isUndone = (some: readonly string[]): boolean =>
			!completing.every((node) => some.some((key) => isDone(node, key)));
		await forget(context, entriesOf(openFor, keys.filter((some) => !isUndone(some)).flat()));
		return items.filter((_, index) => isUndone(keys[index] ?? []));
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name}: what is done already could not be looked up, so it is done again: ${String(error)}`,
		);
		return items;
	}
}

async function forget({ helpers }: IExecuteFunctions, entries: readonly string[]): Promise<void> {
	const all = [...new Set(entries)];
	if (all.length > 0) await helpers.removeProcessed(all, 'workflow', STORE);
}

/** Tells the other processes which events the running node has completed. What they do not learn comes again. */
export async function shareCompleted(context: IExecuteFunctions, keys: string[]): Promise<void> {
	if (keys.length === 0 || isPollingProcess(context)) return;
	try {
		await forget(
			context,
			keys.map((key) => openFor(context.getNode(), key)),
		);
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name}: what is done could not be told to other processes, and comes again: ${String(error)}`,
		);
	}
}
