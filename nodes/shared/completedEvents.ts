/**
 * The events that this process has completed, so that catch-up need not bring them again: a vendor has confirmed or
 * shown what was written for them. A killed process forgets all of it, and the next one looks again. See
 * docs/decisions/0024.
 */
import type { IExecuteFunctions, INode, IPollFunctions } from 'n8n-workflow';
import type { EventRole } from './operation';
import { processMemory } from './processMemory';

/**
 * By workflow and node, then by an event's key: until when it counts as completed, milliseconds since 1970. Oldest
 * first.
 */
const completed = processMemory<Map<string, number>>();

/** Keys kept per node. A forgotten event is brought again, which does no harm. */
const MAX_KEYS = 20_000;

type Context = Pick<IExecuteFunctions, 'getWorkflow' | 'getNode' | 'getMode'>;

const nodeName = (workflowId: string | undefined, node: string): string =>
	`${workflowId ?? ''} ${node}`;

/**
 * Remembers that the running node has nothing left to do for an event.
 *
 * @param key the event's
 * @param until milliseconds since 1970; forever by default
 */
export function markCompleted(context: Context, key: string, until = Infinity): void {
	// A node that is run by hand may have other settings than the published workflow.
	if (context.getMode() === 'manual') return;
	const name = nodeName(context.getWorkflow().id, context.getNode().name);
	const keys = completed.get(name) ?? new Map<string, number>();
	completed.set(name, keys);
	keys.delete(key);
	keys.set(key, until);
	for (const oldest of keys.keys()) {
		if (keys.size <= MAX_KEYS) break;
		keys.delete(oldest);
	}
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

const OURS = /\.(?:zendeskSync|klaviyo)$/;

/**
 * What our operations declare about themselves (`Operation.eventRole`), by `resource.operation`. It is repeated here
 * because a trigger sees the nodes of both vendors, and neither vendor's code imports the other's. A unit test
 * compares the two.
 */
export const eventRoles: Readonly<Record<string, EventRole | undefined>> = {
	'account.checkSetup': 'readsOnly',
	'event.trackTicket': 'completes',
	'execution.failUntilRetried': 'readsOnly',
	'message.getMany': 'readsOnly',
	'message.screen': 'readsOnly',
	'message.sendReply': 'completes',
	'profile.get': 'readsOnly',
	'profile.upsert': 'completes',
	'ticket.addInternalNote': 'followsReply',
	'ticket.claimReply': 'followsReply',
	'ticket.countOpen': 'readsOnly',
	'ticket.createOrReopen': 'completes',
	'ticket.findForConversation': 'readsOnly',
	'ticket.get': 'readsOnly',
	'ticket.getMany': 'readsOnly',
};

/** n8n's own nodes that only sort or change items. */
const SORTING: ReadonlySet<string> = new Set(
	['filter', 'if', 'limit', 'merge', 'noOp', 'set', 'sort', 'stopAndError', 'switch'].map(
		(name) => `n8n-nodes-base.${name}`,
	),
);

interface Node extends Pick<INode, 'name' | 'type'> {
	disabled?: boolean;
	parameters?: INode['parameters'];
}

/** Empty if the node is not ours. */
const operationOf = ({ type, parameters }: Node): string =>
	OURS.test(type) ? `${String(parameters?.resource)}.${String(parameters?.operation)}` : '';

const roleOf = (node: Node): EventRole | undefined => eventRoles[operationOf(node)];

/**
 * @returns the nodes that say when they have completed an event. Undefined if another node may still have something
 * to do for it, such as a node of another vendor
 */
function completingNodesOf(nodes: readonly Node[]): Node[] | undefined {
	const acting = nodes.filter(
		(node) => !node.disabled && !SORTING.has(node.type) && roleOf(node) !== 'readsOnly',
	);
	const completing = acting.filter((node) => roleOf(node) === 'completes');
	const sendsReplies = completing.some((node) => operationOf(node) === 'message.sendReply');
	const areAllKnown = acting.every(
		(node) => completing.includes(node) || (sendsReplies && roleOf(node) === 'followsReply'),
	);
	return areAllKnown && completing.length > 0 ? completing : undefined;
}

type NodesContext = Partial<Pick<IPollFunctions, 'getChildNodes'>> &
	Pick<IPollFunctions, 'getNode'>;

/** Undefined in older versions of n8n, which do not tell. */
const nodesAfter = (context: NodesContext): Node[] | undefined =>
	context.getChildNodes?.(context.getNode().name, { includeNodeParameters: true });

/** Whether a node of the workflow sends agents' replies. True if n8n does not tell. */
export const sendsAgentReplies = (context: NodesContext): boolean =>
	nodesAfter(context)?.some((node) => operationOf(node) === 'message.sendReply') ?? true;

/**
 * Whether to bring an event that catch-up has found: not if all nodes of the workflow have completed it.
 *
 * @param of `ahead`: asks about the time this many milliseconds from now; `account`: as its items name it
 * @returns a function of the keys that the event may have
 */
export function notYetCompleted(
	context: Pick<IPollFunctions, 'getWorkflow' | 'getNode'> &
		Partial<Pick<IPollFunctions, 'getChildNodes'>>,
	{ ahead = 0, account }: { ahead?: number; account?: string } = {},
): (...keys: Array<string | null | undefined>) => boolean {
	const { id } = context.getWorkflow();
	const completing = completingNodesOf(nodesAfter(context) ?? []);
	if (!completing) return () => true;
	const isDone = ({ name }: Node, key: string): boolean =>
		(completed.get(nodeName(id, name))?.get(key) ?? 0) > Date.now() + ahead;
	return (...keys) =>
		!completing.every((node) => keys.some((key) => key && isDone(node, keyIn(account, key))));
}
