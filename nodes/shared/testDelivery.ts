/**
 * Testing a trigger by hand. For a node with a webhook, n8n waits two minutes for a request, even for *Fetch Test
 * Event*. So the node sends one to itself: the newest real event, signed as the vendor would sign it.
 */
import { type IHookFunctions, sleep } from 'n8n-workflow';

/** Milliseconds. n8n listens for the request only after the registration has ended. */
const UNTIL_LISTENING = 1500;

export interface SignedRequest {
	body: Buffer;
	headers: Record<string, string>;
}

/**
 * Whether a trigger is being tested by hand: such a registration has its own URL, and must not touch the production
 * webhook. n8n says so in the mode; the path of test URLs is a setting (N8N_ENDPOINT_WEBHOOK_TEST). At the end of a
 * test n8n does not say so: what to remove has to be remembered from the beginning.
 */
export const isTest = (context: Pick<IHookFunctions, 'getMode'>): boolean =>
	context.getMode() === 'manual';

/**
 * For a trigger that only polls: what it brings is fetched once the test has begun, so the request says nothing. Whoever
 * sends one in its place shows the builder what they asked for.
 */
export const askSelf = (context: IHookFunctions, url: string): void =>
	void post(context, url, { body: Buffer.from('{}'), headers: {} });

/**
 * Resolves once the event has been found, because credentials stop working as soon as the registration has ended. The
 * event is sent later, when n8n listens. Never throws: without it, a real event can still end the test.
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
			// The headers hold a flow's secret.
			disableFollowRedirect: true,
		});
	} catch (error) {
		context.logger.warn(`${context.getNode().name} could not show an event: ${String(error)}`);
	}
}
