/**
 * The events that this process has completed, so that catch-up need not bring them again: a vendor has confirmed or
 * shown what was written for them. A killed process forgets all of it, and the next one looks again. See
 * docs/decisions/0024.
 */
import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { completingNodesAfter, type NodesContext } from './eventRoles';
import { processMemory } from './processMemory';

/** Milliseconds since 1970. */
interface Completion {
	at: number;
	/** Until when the event counts as completed. */
	until: number;
}

/** By workflow and node, then by an event's key: oldest first. */
const completed = processMemory<Map<string, Completion>>();

/**
 * Keys kept per node: more than a shop has in a look-back of a day in which 100,000 messages arrive. A forgotten event is
 * brought again, which does no harm.
 */
const MAX_KEYS = 150_000;

/** By workflow: milliseconds for which its triggers look back, the longest of them. Nothing older is brought. */
const lookBacks = processMemory<number>();

/** To be called by each poll: what was completed longer ago than its trigger looks back need not be known. */
export function forgetAfter(context: Pick<Context, 'getWorkflow'>, lookBack: number): void {
	const id = context.getWorkflow().id ?? '';
	lookBacks.set(id, Math.max(lookBack, lookBacks.get(id) ?? 0));
}

type Context = Pick<IExecuteFunctions, 'getWorkflow' | 'getNode' | 'getMode'>;

const nodeName = (workflowId: string | undefined, node: string): string =>
	`${workflowId ?? ''} ${node}`;

/** Keys that an operation has completed for good since they were last taken, by the same names. */
const justCompleted = processMemory<string[]>();

/** Told of each event that a node completes, by the same names. */
const listeners = processMemory<Set<() => void>>();

/**
 * Remembers that the running node has nothing left to do for an event.
 *
 * @param key the event's
 * @param until milliseconds since 1970; forever by default
 */
export function rememberCompleted(context: Context, key: string, until = Infinity): void {
	// A node that is run by hand may have other settings than the published workflow.
	if (context.getMode() === 'manual') return;
	const { id } = context.getWorkflow();
	const name = nodeName(id, context.getNode().name);
	const keys = completed.get(name) ?? new Map<string, Completion>();
	completed.set(name, keys);
	keys.delete(key);
	const now = Date.now();
	keys.set(key, { at: now, until });
	const oldest = now - (lookBacks.get(id ?? '') ?? Infinity);
	for (const [old, { at }] of keys) {
		if (keys.size <= MAX_KEYS && at >= oldest) break;
		keys.delete(old);
	}
	for (const listener of listeners.get(name) ?? []) listener();
}

/** As `rememberCompleted`, for an operation: other processes are told, too. */
export function markCompleted(context: Context, key: string, until = Infinity): void {
	rememberCompleted(context, key, until);
	if (until !== Infinity || context.getMode() === 'manual') return;
	const name = nodeName(context.getWorkflow().id, context.getNode().name);
	const just = justCompleted.get(name) ?? [];
	justCompleted.set(name, just);
	just.push(key);
}

/** @returns the events that the running node has completed since this was last asked */
export function takeCompleted(context: Context): string[] {
	const name = nodeName(context.getWorkflow().id, context.getNode().name);
	const keys = justCompleted.get(name) ?? [];
	justCompleted.delete(name);
	return keys;
}

/**
 * @param ahead milliseconds: asks of the time when so much of it has passed
 * @returns given an event's key, whether the node has completed it, as far as this process knows
 */
export function isCompletedBy(
	context: Pick<Context, 'getWorkflow'>,
	node: Pick<INode, 'name'>,
	ahead = 0,
): (key: string) => boolean {
	const name = nodeName(context.getWorkflow().id, node.name);
	return (key) => (completed.get(name)?.get(key)?.until ?? 0) > Date.now() + ahead;
}

/**
 * Calls `onDone` once, when all nodes have completed all of the events in this process. Never, if an execution fails or
 * another process completes them.
 *
 * @returns stops waiting
 */
export function onCompleted(
	context: Pick<Context, 'getWorkflow'>,
	nodes: ReadonlyArray<Pick<INode, 'name'>>,
	keys: readonly string[],
	onDone: () => void,
): () => void {
	const stops: Array<() => void> = [];
	let left = nodes.length;
	for (const node of nodes) {
		const name = nodeName(context.getWorkflow().id, node.name);
		const isDone = isCompletedBy(context, node);
		let open = keys;
		const listener = (): void => {
			open = open.filter((key) => !isDone(key));
			if (open.length > 0) return;
			all.delete(listener);
			left -= 1;
			if (left === 0) onDone();
		};
		const all = listeners.get(name) ?? new Set();
		listeners.set(name, all.add(listener));
		stops.push(() => all.delete(listener));
	}
	return () => stops.forEach((stop) => stop());
}

/** Zendesk's lists may be 90 seconds behind an event. What is written about it later than this is right. */
const LISTS_SHOW_IT = 120_000;

/**
 * Makes an event's key unique across accounts: a workflow may have triggers of two accounts, whose tickets have the
 * same ids.
 *
 * @param account the vendor's account, as named on items
 */
export const keyIn = (account: unknown, key: string): string =>
	typeof account === 'string' && account !== '' ? `${account} ${key}` : key;

/**
 * For what is written about a ticket event, such as how many open tickets its customer has.
 *
 * @returns the key of the item's event, if the event is old enough that nothing newer will have to be written for it
 */
export function completedBy({
	key,
	occurredAt,
	account,
}: {
	key?: unknown;
	occurredAt?: unknown;
	account?: unknown;
}): string | undefined {
	const age = Date.now() - Date.parse(String(occurredAt));
	return typeof key === 'string' && key !== '' && age >= LISTS_SHOW_IT
		? keyIn(account, key)
		: undefined;
}

/**
 * Whether to bring an event that catch-up has found: not if all nodes that complete it have done so. A trigger that
 * delivers each event once completes it itself.
 *
 * @param of `ahead`: asks about the time this many milliseconds from now; `account`: as its items name it
 * @returns a function of the keys that the event may have
 */
export function notYetCompleted(
	context: NodesContext & Pick<Context, 'getWorkflow'>,
	{
		ahead = 0,
		account,
		isOnce = false,
	}: { ahead?: number; account?: string; isOnce?: boolean } = {},
): (...keys: Array<string | null | undefined>) => boolean {
	const completing = isOnce ? [context.getNode()] : completingNodesAfter(context);
	if (!completing) return () => true;
	const deciders = completing.map((node) => isCompletedBy(context, node, ahead));
	return (...keys) =>
		!deciders.every((isDone) => keys.some((key) => key && isDone(keyIn(account, key))));
}
