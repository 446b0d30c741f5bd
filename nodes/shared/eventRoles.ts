/** Which nodes of a workflow do what for an event that a trigger brought, as far as a trigger can see. */
import type { INode, IPollFunctions } from 'n8n-workflow';
import type { EventRole } from './operation';

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
	'message.sendFollowUp': 'followsReply',
	'message.sendReply': 'completes',
	'profile.get': 'readsOnly',
	'profile.getCustomerCard': 'readsOnly',
	'profile.upsert': 'completes',
	'ticket.addInternalNote': 'followsReply',
	'ticket.claimReply': 'followsReply',
	'ticket.countOpen': 'readsOnly',
	'ticket.createOrReopen': 'completes',
	'ticket.fileRating': 'readsOnly',
	'ticket.findForConversation': 'readsOnly',
	'ticket.get': 'readsOnly',
	'ticket.getMany': 'readsOnly',
	'ticket.getWaitingReplies': 'completes',
	'ticket.logOutbound': 'accompanies',
	'ticket.startConversation': 'followsReply',
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

/** Whether catch-up need not bring an event again for it. */
const isNeglected = (node: Node): boolean =>
	['readsOnly', 'accompanies'].includes(roleOf(node) ?? '');

const isSendReply = (node: Node): boolean => operationOf(node) === 'message.sendReply';

export type NodesContext = Partial<Pick<IPollFunctions, 'getChildNodes'>> &
	Pick<IPollFunctions, 'getNode'>;

/** Undefined in older versions of n8n, which do not tell. */
const nodesAfter = (context: NodesContext): Node[] | undefined =>
	context.getChildNodes?.(context.getNode().name, { includeNodeParameters: true });

/**
 * @returns the nodes after the trigger that say when they have completed an event. Undefined if another node may still
 * have something to do for it, such as a node of another vendor, or if n8n does not tell
 */
export function completingNodesAfter(context: NodesContext): Node[] | undefined {
	const acting = (nodesAfter(context) ?? []).filter(
		(node) => !node.disabled && !SORTING.has(node.type) && !isNeglected(node),
	);
	const completing = acting.filter((node) => roleOf(node) === 'completes');
	const sendsReplies = completing.some(isSendReply);
	const areAllKnown = acting.every(
		(node) => completing.includes(node) || (sendsReplies && roleOf(node) === 'followsReply'),
	);
	if (!areAllKnown || completing.length === 0) return undefined;
	// After a customer's message, it completes replies, which have other keys than the message.
	const listsReplies = completing.some((node) => operationOf(node) === 'ticket.getWaitingReplies');
	return listsReplies ? completing.filter((node) => !isSendReply(node)) : completing;
}

/** Whether a node of the workflow sends agents' replies. True if n8n does not tell. */
export const sendsAgentReplies = (context: NodesContext): boolean =>
	nodesAfter(context)?.some((node) => operationOf(node) === 'message.sendReply') ?? true;
