/**
 * Events that come in one after the other share an execution. An execution costs n8n far more than an event in it, and
 * whoever pays for executions pays for each. The first after a pause starts one at once. Those that follow within the
 * span wait for its end, and go together. See docs/decisions/0027.
 */
import {
	type INodeExecutionData,
	type INodeProperties,
	type IWebhookFunctions,
	type IWebhookResponseData,
	sleep,
} from 'n8n-workflow';
import { nodeKey, processMemory } from '../../shared/processMemory';
import { answerOk } from '../../shared/webhook';

/** Milliseconds. Nobody who waits for an answer to a message notices it. */
export const SPAN = 500;
const LONGEST_SPAN = 10_000;
/** Items in an execution, so that its data stays of a size that n8n can save. */
const MOST = 100;

export const gatherOption: INodeProperties = {
	displayName: 'Batch Window (Milliseconds)',
	name: 'batchWindow',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: LONGEST_SPAN },
	default: SPAN,
	description:
		'Events that arrive within this time start one execution, with an item for each. The first event after a pause does not wait. Set to 0 to start an execution for each webhook.',
};

interface Group {
	items: INodeExecutionData[];
	/** The keys in it: a webhook that is delivered twice is one event. */
	keys: Set<unknown>;
}

interface BatchState {
	/** Milliseconds since 1970 at which the last execution was started. */
	startedAt: number;
	waiting?: Group;
}

const paces = processMemory<BatchState>();

function join({ items, keys }: Group, more: readonly INodeExecutionData[]): void {
	for (const item of more) {
		const { key } = item.json;
		if (typeof key !== 'string' || !keys.has(key)) items.push(item);
		keys.add(key);
	}
}

const spanOf = (context: IWebhookFunctions): number => {
	const { batchWindow = SPAN } = context.getNodeParameter('options', {}) as {
		batchWindow?: unknown;
	};
	const span = Number(batchWindow);
	return span >= 0 ? Math.min(span, LONGEST_SPAN) : SPAN;
};

/**
 * Answers 200 at once and has the items start an execution, alone or with others. What dies while it waits is brought
 * by catch-up, like what dies on its way into an execution.
 */
export async function acceptBatched(
	context: IWebhookFunctions,
	items: INodeExecutionData[],
): Promise<IWebhookResponseData> {
	answerOk(context);
	const together = await gather(context, items);
	return { noWebhookResponse: true, ...(together ? { workflowData: [together] } : {}) };
}

/**
 * @returns what the request that brought `items` starts an execution with, once that is due: nothing where another
 * request takes them along
 */
async function gather(
	context: IWebhookFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[] | undefined> {
	const span = spanOf(context);
	// Whoever tries the trigger out sees what came, when it came.
	if (span === 0 || context.getMode() === 'manual') return items;
	const id = nodeKey(context);
	const pace = paces.get(id) ?? { startedAt: -Infinity };
	paces.set(id, pace);
	if (pace.waiting && pace.waiting.items.length < MOST) {
		join(pace.waiting, items);
		return undefined;
	}
	const now = Date.now();
	const left = pace.startedAt + span - now;
	// More than the span is left when the clock was set back.
	if (left <= 0 || left > span) {
		pace.startedAt = now;
		return items;
	}
	const group: Group = { items: [], keys: new Set() };
	join(group, items);
	pace.waiting = group;
	await sleep(left);
	// A full group is no longer the one that others join.
	if (pace.waiting === group) delete pace.waiting;
	pace.startedAt = Date.now();
	return group.items;
}
