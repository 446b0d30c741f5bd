/**
 * How often whatever comes after a trigger gets an event: once, or again until it is done. See docs/decisions/0065.
 */
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { completingNodesAfter, type NodesContext } from './eventRoles';
import { deliverOnce, deliverUndone, isPollingProcess } from './deliveredEvents';
import { nodeParameter } from './parameters';
import type { VendorContext } from './send';

export type Delivery = 'once' | 'untilDone';

export const deliveryFields: INodeProperties[] = [
	{
		displayName: 'Deliver Each Event',
		name: 'deliverEachEvent',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description: "'Until Done' if only nodes of this package act on the event, else 'Once'",
			},
			{
				name: 'Once',
				value: 'once',
				description: 'The nodes after this trigger get each event once',
			},
			{
				name: 'Until Done',
				value: 'untilDone',
				description:
					'The nodes after this trigger get an event again until they are done with it. Only for nodes that do no harm when they get it twice, such as those of this package.',
			},
		],
		default: 'automatic',
		description: 'How often the nodes after this trigger get the same event',
	},
	{
		displayName:
			'Each event is delivered once, unless all nodes after this trigger that change something are of this package and say when they are done. Then an event that was not done comes again. Execute this step to see which of the two applies.',
		name: 'automaticNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { deliverEachEvent: ['automatic'] } },
	},
	{
		displayName:
			'The same event may come several times. Nodes that are not of this package then repeat what they do, such as posting a message.',
		name: 'untilDoneNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { deliverEachEvent: ['untilDone'] } },
	},
];

/** How a trigger's subtitle goes on after its events, as part of an expression. */
export const deliverySubtitle =
	'({ once: ", once", untilDone: ", until done" })[$parameter["deliverEachEvent"]] ?? ""';

/** An older n8n does not say which nodes come after the trigger: what is not known may be of any kind. */
export function deliveryOf(context: VendorContext & NodesContext): Delivery {
	const chosen = nodeParameter(context, 'deliverEachEvent');
	if (chosen === 'once' || chosen === 'untilDone') return chosen;
	return completingNodesAfter(context) ? 'untilDone' : 'once';
}

/** Whether a node says when it is done with an event, so that what is not done can be brought until it is. */
export const isDoneKnown = (context: VendorContext & NodesContext): boolean =>
	deliveryOf(context) === 'untilDone' && completingNodesAfter(context) !== undefined;

/**
 * By what each item's event is known: all keys that it may have.
 *
 * @param mustFind whether a key that the item does not carry is looked up; else such an item has none
 */
export type IdentifyItems = (
	items: readonly INodeExecutionData[],
	mustFind: boolean,
) => Promise<string[][]>;

/** A person who tries a workflow out, or retries an execution, wants its items whatever became of them before. */
const AUTOMATIC_MODES: ReadonlySet<WorkflowExecuteMode> = new Set(['trigger', 'webhook']);

/** @returns of the items that started an execution, those that the nodes after the trigger have to get */
export async function deliver(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	identify: IdentifyItems,
): Promise<INodeExecutionData[]> {
	if (!AUTOMATIC_MODES.has(context.getMode())) return items;
	if (deliveryOf(context) === 'once') return await deliverOnce(context, items, identify);
	const completing = completingNodesAfter(context);
	// The poll of the same process has left out what is done.
	if (!completing || isPollingProcess(context)) return items;
	return await deliverUndone(context, items, completing, identify);
}

/** Says in the output of a manual execution what 'Automatic' comes to. */
export function explainDelivery(context: IExecuteFunctions): void {
	if (nodeParameter(context, 'deliverEachEvent') !== 'automatic') return;
	context.addExecutionHints({
		location: 'outputPane',
		type: 'info',
		message:
			deliveryOf(context) === 'once'
				? 'Once published, this trigger delivers each event once.'
				: 'Once published, this trigger delivers an event again until the nodes after it are done with it.',
	});
}
