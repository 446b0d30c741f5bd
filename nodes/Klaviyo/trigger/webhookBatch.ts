/**
 * Events that come in close together share an execution, which costs n8n far more than an event in it, and may cost
 * money. The first event after a pause starts an execution at once. Those that follow within the window wait for its end
 * and share the next one. See docs/decisions/0027.
 */
import {
	type INodeExecutionData,
	type INodeProperties,
	type IWebhookFunctions,
	type IWebhookResponseData,
	sleep,
} from 'n8n-workflow';
import { nodeKey, processMemory } from '../../shared/processMemory';
import { answerOk, withoutRepeats } from '../../shared/webhook';

/** Milliseconds. Nobody who waits for an answer to a message notices it. */
export const DEFAULT_WINDOW = 500;
const MAX_WINDOW = 10_000;
/** Items in an execution, so that n8n can save its data. */
const MAX_ITEMS = 100;

export const batchOption: INodeProperties = {
	displayName: 'Batch Window (Milliseconds)',
	name: 'batchWindow',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MAX_WINDOW },
	default: DEFAULT_WINDOW,
	description:
		'Events that arrive within this time start one execution, with an item for each. The first event after a pause does not wait. Set to 0 to start an execution for each webhook.',
};

interface Batch {
	items: INodeExecutionData[];
	/** The keys of its items: a webhook that is delivered twice is one event. */
	keys: Set<unknown>;
}

interface BatchState {
	/** Milliseconds since 1970 at which the last execution was started. */
	startedAt: number;
	waiting?: Batch;
}

const states = processMemory<BatchState>();

function addTo({ items, keys }: Batch, more: readonly INodeExecutionData[]): void {
	for (const item of more) {
		const { key } = item.json;
		if (typeof key !== 'string' || !keys.has(key)) items.push(item);
		keys.add(key);
	}
}

const windowOf = (context: IWebhookFunctions): number => {
	const { batchWindow = DEFAULT_WINDOW } = context.getNodeParameter('options', {}) as {
		batchWindow?: unknown;
	};
	const milliseconds = Number(batchWindow);
	return milliseconds >= 0 ? Math.min(milliseconds, MAX_WINDOW) : DEFAULT_WINDOW;
};

/**
 * Responds with 200 at once and starts an execution with the items, alone or with others. If this process dies while they
 * wait, catch-up brings them.
 */
export async function acceptBatched(
	context: IWebhookFunctions,
	items: INodeExecutionData[],
): Promise<IWebhookResponseData> {
	answerOk(context);
	const fresh = withoutRepeats(context, items);
	const together = fresh.length > 0 ? await collect(context, fresh) : undefined;
	return { noWebhookResponse: true, ...(together ? { workflowData: [together] } : {}) };
}

/**
 * @returns the items of the execution that this request starts, when it is due; undefined if another request takes them
 */
async function collect(
	context: IWebhookFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[] | undefined> {
	const span = windowOf(context);
	// In a test, each event shows at once.
	if (span === 0 || context.getMode() === 'manual') return items;
	const id = nodeKey(context);
	const state = states.get(id) ?? { startedAt: -Infinity };
	states.set(id, state);
	if (state.waiting && state.waiting.items.length < MAX_ITEMS) {
		addTo(state.waiting, items);
		return undefined;
	}
	const now = Date.now();
	const left = state.startedAt + span - now;
	// More than the window is left if the clock was set back.
	if (left <= 0 || left > span) {
		state.startedAt = now;
		return items;
	}
	const group: Batch = { items: [], keys: new Set() };
	addTo(group, items);
	state.waiting = group;
	await sleep(left);
	// A full batch has been replaced by another that is waiting.
	if (state.waiting === group) delete state.waiting;
	state.startedAt = Date.now();
	return group.items;
}
