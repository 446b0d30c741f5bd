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
import { answerTaken } from '../../shared/webhook';

/** Milliseconds. Nobody who waits for an answer to a text feels it. */
export const SPAN = 500;
const LONGEST_SPAN = 10_000;
/** Items in an execution, so that its data stays of a size that n8n can save. */
const MOST = 100;

export const gatherOption: INodeProperties = {
	displayName: 'Combine Within (Milliseconds)',
	name: 'combineWithin',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: LONGEST_SPAN },
	default: SPAN,
	description:
		'Events that come in within so many milliseconds start one execution with an item for each. The first after a pause never waits. 0: each webhook starts an execution of its own.',
};

interface Pace {
	/** Milliseconds since 1970 at which the last execution was started. */
	startedAt: number;
	/** Items that go together at the end of the span. */
	waiting?: INodeExecutionData[];
	/** When each event came, by its key, the oldest first; milliseconds since 1970. */
	taken: Map<unknown, number>;
}

const paces = processMemory<Pace>();

const paceOf = (context: IWebhookFunctions): Pace => {
	const id = nodeKey(context);
	const pace = paces.get(id) ?? { startedAt: -Infinity, taken: new Map<unknown, number>() };
	paces.set(id, pace);
	return pace;
};

/** Milliseconds for which an event is remembered to have come. */
const TAKEN_FOR = 900_000;
/** Events that a node remembers. */
const MOST_TAKEN = 10_000;

/**
 * The items whose events did not come before: Klaviyo may deliver a webhook twice, and an event under two topics, each
 * in a request of its own. Whatever becomes of the execution that has it, catch-up brings it again.
 */
function notTaken({ taken }: Pace, items: readonly INodeExecutionData[]): INodeExecutionData[] {
	const now = Date.now();
	for (const [key, at] of taken) {
		if (taken.size <= MOST_TAKEN && now - at < TAKEN_FOR && at <= now) break;
		taken.delete(key);
	}
	return items.filter(({ json: { key } }) => {
		if (typeof key !== 'string') return true;
		const isFirst = !taken.has(key);
		if (isFirst) taken.set(key, now);
		return isFirst;
	});
}

const spanOf = (context: IWebhookFunctions): number => {
	const { combineWithin = SPAN } = context.getNodeParameter('options', {}) as {
		combineWithin?: unknown;
	};
	const span = Number(combineWithin);
	return span >= 0 ? Math.min(span, LONGEST_SPAN) : SPAN;
};

/**
 * Answers 200 at once and has the items start an execution, alone or with others. What dies while it waits is brought
 * by catch-up, like what dies on its way into an execution.
 */
export async function takeTogether(
	context: IWebhookFunctions,
	items: INodeExecutionData[],
): Promise<IWebhookResponseData> {
	answerTaken(context);
	// Whoever tries the trigger out sees what came, when it came.
	const together = context.getMode() === 'manual' ? items : await gather(context, items);
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
	const pace = paceOf(context);
	const fresh = notTaken(pace, items);
	if (fresh.length === 0) return undefined;
	const span = spanOf(context);
	if (span === 0) return fresh;
	if (pace.waiting && pace.waiting.length < MOST) {
		pace.waiting.push(...fresh);
		return undefined;
	}
	const now = Date.now();
	const left = pace.startedAt + span - now;
	// More than the span is left when the clock was set back.
	if (left <= 0 || left > span) {
		pace.startedAt = now;
		return fresh;
	}
	pace.waiting = fresh;
	await sleep(left);
	// A full group is no longer the one that others join.
	if (pace.waiting === fresh) delete pace.waiting;
	pace.startedAt = Date.now();
	return fresh;
}
