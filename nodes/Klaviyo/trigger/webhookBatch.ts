/**
 * Events that come in close together share an execution, which costs n8n far more than an event in it, and may cost
 * money. An event starts an execution at once when none of its trigger is under way. Those that come while one is gather,
 * and start the next one together when it ends, or when the window is over. See docs/decisions/0027.
 */
import {
	type INodeExecutionData,
	type INodeProperties,
	type IWebhookFunctions,
	type IWebhookResponseData,
	sleep,
} from 'n8n-workflow';
import { onCompleted } from '../../shared/completedEvents';
import { completingNodesAfter } from '../../shared/eventRoles';
import { nodeKey, processMemory } from '../../shared/processMemory';
import { answerOk, withoutRepeats } from '../../shared/webhook';

/** Milliseconds. Nobody who waits for an answer to a message notices it. */
export const DEFAULT_WINDOW = 500;
const MAX_WINDOW = 10_000;
/** Items in an execution, so that n8n can save its data. */
const MAX_ITEMS = 100;
/**
 * Milliseconds for each item of the last execution, where it cannot be seen to end: in queue mode, or before other nodes
 * than ours. Ten messages a second hardly wait so, and more of them share executions, up to the window.
 */
const FOR_EACH_ITEM = 100;

export const batchOption: INodeProperties = {
	displayName: 'Batch Window (Milliseconds)',
	name: 'batchWindow',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MAX_WINDOW },
	default: DEFAULT_WINDOW,
	description:
		'An event that arrives while an execution is running waits for its end, but not longer than this. All that wait start one execution, with an item for each. Set to 0 to start an execution for each webhook.',
};

interface Batch {
	items: INodeExecutionData[];
	/** The keys of its items: a webhook that is delivered twice is one event. */
	keys: Set<unknown>;
}

/** The last execution that was started. */
interface Run {
	/** Milliseconds since 1970. */
	startedAt: number;
	items: number;
	isOver: boolean;
	/** Resolves when it is over; absent if that cannot be seen. */
	over?: Promise<void>;
	/** Stops watching for its end. */
	forget?: () => void;
}

interface BatchState {
	last?: Run;
	waiting?: Batch;
	/** Whether executions end where this process sees it. */
	seesEnds: boolean;
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
	const state = states.get(id) ?? { seesEnds: false };
	states.set(id, state);
	if (state.waiting && state.waiting.items.length < MAX_ITEMS) {
		addTo(state.waiting, items);
		return undefined;
	}
	const left = leftOf(state, span);
	if (left <= 0) return started(context, state, items);
	const group: Batch = { items: [], keys: new Set() };
	addTo(group, items);
	state.waiting = group;
	await Promise.race([sleep(left), ...(state.last?.over ? [state.last.over] : [])]);
	// A full batch has been replaced by another that is waiting.
	if (state.waiting === group) delete state.waiting;
	return started(context, state, group.items);
}

/** @returns for how many milliseconds the last execution counts as under way */
function leftOf({ last, seesEnds }: BatchState, span: number): number {
	if (!last || last.isOver) return 0;
	const distance = seesEnds ? span : Math.min(span, FOR_EACH_ITEM * last.items);
	const passed = Date.now() - last.startedAt;
	// The clock was set back.
	return passed < 0 ? 0 : distance - passed;
}

function started(
	context: IWebhookFunctions,
	state: BatchState,
	items: INodeExecutionData[],
): INodeExecutionData[] {
	state.last?.forget?.();
	const run: Run = { startedAt: Date.now(), items: items.length, isOver: false };
	state.last = run;
	const completing = completingNodesAfter(context);
	const keys = items.flatMap(({ json: { key } }) => (typeof key === 'string' ? [key] : []));
	if (!completing) {
		state.seesEnds = false;
	} else if (keys.length === items.length) {
		run.over = new Promise((resolve) => {
			run.forget = onCompleted(context, completing, keys, () => {
				run.isOver = true;
				state.seesEnds = true;
				resolve();
			});
		});
	}
	return items;
}
