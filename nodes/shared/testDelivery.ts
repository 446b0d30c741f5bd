/**
 * Trying a trigger out. For a node with a webhook n8n waits two minutes for a request, whatever its button says. So
 * the node sends one to itself: the newest real event, signed as the vendor would sign it.
 */
import { type IHookFunctions, sleep } from 'n8n-workflow';

/** Milliseconds until n8n, which waits for the registration to end, listens for the request. */
const UNTIL_LISTENING = 1500;

export interface SignedRequest {
	body: Buffer;
	headers: Record<string, string>;
}

/**
 * Whether a trigger is being tried out: such a registration has a URL of its own, and may not touch the production
 * webhook. By n8n's word, since the path of test URLs is a setting of n8n's (N8N_ENDPOINT_WEBHOOK_TEST). The end of a
 * test says no such word: what it takes back has to be known from what the beginning has remembered.
 */
export const isTest = (context: Pick<IHookFunctions, 'getMode'>): boolean =>
	context.getMode() === 'manual';

/**
 * Resolves when the event was found: n8n takes away what credentials need as soon as the registration has ended. It is
 * sent later, since n8n listens only then. Never throws: without it, a real event still ends the test.
 */
export async function deliverToSelf(
	context: IHookFunctions,
	url: string,
	newest: () => Promise<SignedRequest>,
): Promise<void> {
	try {
		void post(context, url, await newest());
	} catch (error) {
		context.logger.warn(`${context.getNode().name} has no event to show: ${String(error)}`);
	}
}

async function post(
	context: IHookFunctions,
	url: string,
	{ body, headers }: SignedRequest,
): Promise<void> {
	try {
		await sleep(UNTIL_LISTENING);
		await context.helpers.httpRequest({
			method: 'POST',
			url,
			body,
			headers: { 'content-type': 'application/json', ...headers },
			timeout: 10_000,
			// A flow's secret is in the headers.
			disableFollowRedirect: true,
		});
	} catch (error) {
		context.logger.warn(`${context.getNode().name} could not show an event: ${String(error)}`);
	}
}
