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

/** A test registration has its own URL, and may not touch the production webhook. */
export const isTestUrl = (url: string): boolean => new URL(url).pathname.includes('/webhook-test/');

/** Never throws: without it, a real event still ends the test. */
export async function deliverToSelf(
	context: IHookFunctions,
	url: string,
	newest: () => Promise<SignedRequest>,
): Promise<void> {
	try {
		const { body, headers } = await newest();
		await sleep(UNTIL_LISTENING);
		await context.helpers.httpRequest({
			method: 'POST',
			url,
			body,
			headers: { 'content-type': 'application/json', ...headers },
			timeout: 10_000,
		});
	} catch (error) {
		context.logger.warn(`${context.getNode().name} has no event to show: ${String(error)}`);
	}
}
