/**
 * What this process knows to be done, so that catch-up need not bring it again: a vendor has confirmed it, or shown
 * it. A process that is killed forgets all of it, and its successor looks again. See docs/decisions/0024.
 */
import type { IExecuteFunctions, INode, IPollFunctions } from 'n8n-workflow';
import type { EventRole } from './operation';
import { processMemory } from './processMemory';

/** By workflow and node: until when there is nothing to do for a key, milliseconds since 1970. The oldest first. */
const completed = processMemory<Map<string, number>>();

/** Keys of a node that are kept: what is forgotten is brought again, which does no harm. */
const MAX_KEYS = 20_000;

type Context = Pick<IExecuteFunctions, 'getWorkflow' | 'getNode' | 'getMode'>;

const nodeName = (workflowId: string | undefined, node: string): string =>
	`${workflowId ?? ''} ${node}`;

/**
 * Says that the running node has nothing left to do for an event.
 *
 * @param key the event's
 * @param until milliseconds since 1970; for good by default
 */
export function markCompleted(context: Context, key: string, until = Infinity): void {
	// A node that is tried out may have other settings than the published workflow.
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

/** Zendesk's lists may be 90 seconds behind an event: what is written of it later than this is right. */
const LISTS_SHOW_IT = 120_000;

/**
 * An event's key among those of all accounts: a workflow may have triggers of two, whose tickets have the same numbers.
 *
 * @param account the vendor's account, as items say it
 */
export const keyIn = (account: unknown, key: string): string =>
	typeof account === 'string' && account !== '' ? `${account} ${key}` : key;

/**
 * For what is written of a ticket's event, such as how many tickets its customer has open.
 *
 * @returns the key of the event that an item is about, when it is old enough for its writing to be the last
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
 * What our operations say of themselves (`Operation.eventRole`), as `resource.operation`. It is said again here because
 * a trigger sees the nodes of both vendors, and no vendor's code imports the other's. A unit test compares the two.
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

/** n8n's own nodes that only sort items, or change them. */
const SORTING: ReadonlySet<string> = new Set(
	['filter', 'if', 'limit', 'merge', 'noOp', 'set', 'sort', 'stopAndError', 'switch'].map(
		(name) => `n8n-nodes-base.${name}`,
	),
);

interface Node extends Pick<INode, 'name' | 'type'> {
	disabled?: boolean;
	parameters?: INode['parameters'];
}

/** Empty for a node that is not ours. */
const operationOf = ({ type, parameters }: Node): string =>
	OURS.test(type) ? `${String(parameters?.resource)}.${String(parameters?.operation)}` : '';

const roleOf = (node: Node): EventRole | undefined => eventRoles[operationOf(node)];

/**
 * @returns the nodes that say when they are done with an event; undefined where another one may have something to do
 * for it, such as a node of another vendor's
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

/** Older versions of n8n do not say. */
const nodesAfter = (context: NodesContext): Node[] | undefined =>
	context.getChildNodes?.(context.getNode().name, { includeNodeParameters: true });

/** Whether a node of the workflow messages replies, as far as n8n says. */
export const sendsAgentReplies = (context: NodesContext): boolean =>
	nodesAfter(context)?.some((node) => operationOf(node) === 'message.sendReply') ?? true;

/**
 * Whether an event that catch-up has found is to be brought: not when all nodes of the workflow are known to be done
 * with it.
 *
 * @param of `ahead`, milliseconds: asks of the time when so much of it has passed; `account`: as the items of it say
 * @returns given the keys that the event may be known by
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
