/** What both triggers do with an incoming request before they read what it says. */
import { timingSafeEqual } from 'node:crypto';
import {
	type INodeExecutionData,
	type IWebhookFunctions,
	type IWebhookResponseData,
	jsonParse,
} from 'n8n-workflow';
import { deliveryOf } from './delivery';
import { fingerprintOf } from './fingerprint';
import { nodeKey, processMemory, recentOnly } from './processMemory';

type RawRequest = ReturnType<IWebhookFunctions['getRequestObject']> & {
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
};

/**
 * The bytes as they came: n8n has read them for the content types that it parses, and leaves the rest to the node.
 * Empty if they cannot be read (a form with files, which n8n parses itself; broken compression; more than n8n
 * accepts). No signature matches that, whereas an error would leave a failed execution for anything a stranger sends.
 */
export async function rawBodyOf(context: IWebhookFunctions): Promise<Buffer> {
	const request: RawRequest = context.getRequestObject();
	try {
		if (!request.rawBody && request.readRawBody) await request.readRawBody();
	} catch {
		return Buffer.alloc(0);
	}
	return request.rawBody ?? Buffer.alloc(0);
}

/** @returns null if it is not JSON */
export const parseJson = (bytes: Buffer): unknown =>
	jsonParse<unknown>(bytes.toString('utf8'), { fallbackValue: null });
/** Constant-time comparison. */
export const isSameDigest = (one: Buffer, other: Buffer): boolean =>
	one.length === other.length && timingSafeEqual(one, other);

/**
 * Answers 200 at once and starts an execution. By default n8n answers only when the execution begins. If executions
 * are limited, that may take minutes, while the vendor gives up after seconds and sends the same again, and each
 * waiting request holds tens of megabytes. If n8n dies between this answer and the execution, catch-up brings the
 * event, as it does if n8n dies during the execution. See docs/decisions/0025.
 */
export function startExecution(
	context: IWebhookFunctions,
	items: INodeExecutionData[],
): IWebhookResponseData {
	answerOk(context);
	const fresh = withoutRepeats(context, items);
	return { noWebhookResponse: true, ...(fresh.length > 0 ? { workflowData: [fresh] } : {}) };
}

/** Events with which this process has started an execution, by node. */
const started = recentOnly(processMemory<true>());

/**
 * Leaves out what a vendor sends twice, where each event is delivered once: two executions that begin at the same time in
 * two processes could not tell. If the first one dies, catch-up brings its event.
 */
export function withoutRepeats(
	context: IWebhookFunctions,
	items: INodeExecutionData[],
): INodeExecutionData[] {
	if (context.getMode() === 'manual' || deliveryOf(context) !== 'once') return items;
	return items.filter(({ json: { key, raw } }) => {
		if (typeof key !== 'string' && raw === undefined) return true;
		// A raw event may have many kB.
		const id = typeof key === 'string' ? key : fingerprintOf(raw);
		const name = `${nodeKey(context)} ${id}`;
		const isRepeat = started.get(name) ?? false;
		started.set(name, true);
		return !isRepeat;
	});
}

export const answerOk = (context: IWebhookFunctions): void =>
	void context.getResponseObject().status(200).send('Taken').end();

/** Answers 404 and starts nothing: as n8n does where it has no webhook. */
export function refuseEverybody(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(404).send('This trigger takes no webhooks').end();
	return { noWebhookResponse: true };
}

/** Answers 401 and starts nothing. */
export function refuseSender(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(401).send('The signature does not match').end();
	return { noWebhookResponse: true };
}
