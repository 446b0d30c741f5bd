/**
 * What this process knows to be done, so that catch-up need not bring it again: a vendor has confirmed it, or shown
 * it. A process that is killed forgets all of it, and its successor looks again. See docs/decisions/0024.
 */
import type { IExecuteFunctions, INode, IPollFunctions } from 'n8n-workflow';
import { processMemory } from './processMemory';

/** Keys by workflow and node, the oldest first. */
const settled = processMemory<Set<string>>();

/** Keys of a node that are kept: what is forgotten is brought again, which does no harm. */
const MOST_KEPT = 20_000;

type Context = Pick<IExecuteFunctions, 'getWorkflow' | 'getNode' | 'getMode'>;

const nameOf = (workflowId: string | undefined, node: string): string =>
	`${workflowId ?? ''} ${node}`;

/**
 * Says that the running node has nothing left to do for an event.
 *
 * @param key the event's
 */
export function settle(context: Context, key: string): void {
	// A node that is tried out may have other settings than the published workflow.
	if (context.getMode() === 'manual') return;
	const name = nameOf(context.getWorkflow().id, context.getNode().name);
	const keys = settled.get(name) ?? new Set();
	settled.set(name, keys);
	keys.delete(key);
	keys.add(key);
	for (const oldest of keys) {
		if (keys.size <= MOST_KEPT) break;
		keys.delete(oldest);
	}
}

export const isSettledHere = (context: Context, key: string): boolean =>
	settled.get(nameOf(context.getWorkflow().id, context.getNode().name))?.has(key) ?? false;

const OURS = /\.(?:zendeskSync|klaviyo)$/;

/** Our operations that say when an event is done, as `resource.operation`. */
const SETTLE: ReadonlySet<unknown> = new Set([
	'ticket.createOrReopen',
	'event.trackTicket',
	'profile.upsert',
]);

/** Our operations that change nothing. */
const LOOK: ReadonlySet<unknown> = new Set([
	'account.checkSetup',
	'message.getMany',
	'message.screen',
	'profile.get',
	'ticket.countOpen',
	'ticket.findForConversation',
	'ticket.get',
	'ticket.getMany',
]);

/** n8n's own nodes that only sort items, or change them. */
const SORT: ReadonlySet<string> = new Set(
	['if', 'switch', 'filter', 'noOp', 'set', 'merge', 'limit', 'sort', 'stopAndError'].map(
		(name) => `n8n-nodes-base.${name}`,
	),
);

interface Node extends Pick<INode, 'name' | 'type'> {
	disabled?: boolean;
	parameters?: INode['parameters'];
}

const operationOf = ({ parameters }: Node): string =>
	`${String(parameters?.resource)}.${String(parameters?.operation)}`;

/**
 * @returns the nodes after the trigger that have to be done with an event; undefined where one of them does not say
 * when it is, such as a node of another vendor's
 */
function doersOf(nodes: readonly Node[]): Node[] | undefined {
	const doers = nodes.filter(
		(node) =>
			!node.disabled &&
			!SORT.has(node.type) &&
			!(OURS.test(node.type) && LOOK.has(operationOf(node))),
	);
	const all = doers.every((node) => OURS.test(node.type) && SETTLE.has(operationOf(node)));
	return all && doers.length > 0 ? doers : undefined;
}

/**
 * Whether an event that catch-up has found is to be brought: not when every node of the workflow is known to be done
 * with it. Where several come into question, each of them has to be.
 *
 * @returns given the keys that the event may be known by
 */
export function leftToDo(
	context: Pick<IPollFunctions, 'getWorkflow' | 'getNode'> &
		Partial<Pick<IPollFunctions, 'getChildNodes'>>,
): (...keys: Array<string | null | undefined>) => boolean {
	const { id } = context.getWorkflow();
	// Older versions of n8n do not say.
	const nodes = context.getChildNodes?.(context.getNode().name, { includeNodeParameters: true });
	const doers = doersOf(nodes ?? []);
	if (!doers) return () => true;
	return (...keys) =>
		!doers.every(({ name }) => keys.some((key) => key && settled.get(nameOf(id, name))?.has(key)));
}
