/** The signing secret of a trigger's webhook, as this process knows it. */
import { type IWebhookFunctions, sleep } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import { remoteName } from '../../shared/registration';
import { withDeadlineFor } from '../../shared/transport';
import { zendeskOf } from '../api/client';
import { readSecret, webhooksNamed } from '../api/webhooks';
import { webhookState } from './webhookState';

interface KnownSecret {
	at: number;
	secret: Promise<string | undefined>;
}

/** What this process last read of each webhook's secret, by the webhook's name. */
const knownSecrets = processMemory<KnownSecret>();
const MIN_INTERVAL = 60_000;
/** Milliseconds that a request waits for it: Zendesk itself gives up after twelve seconds. */
const RETRY_FOR_MS = 5_000;
/**
 * Bytes of requests that may wait at the same time. Zendesk's events have a few thousand. Requests that find no room are
 * forged, or come among many forged ones, and catch-up brings their events.
 */
const MAX_WAITING_BYTES = 1_000_000;
let waiting = 0;

/**
 * Remembers the secret of a webhook that is being registered. Requests that come before it is read wait for it.
 */
export function rememberSecret(name: string, secret: Promise<string>): void {
	const known = { at: Date.now(), secret: secret.catch(() => undefined) };
	knownSecrets.set(name, known);
	// A failed registration says nothing about a webhook that may exist.
	void known.secret.then((read) => {
		if (read === undefined && knownSecrets.get(name) === known) knownSecrets.delete(name);
	});
}

/**
 * Reads the secret from Zendesk if a signature does not match. Static data can lose it, n8n can restore an older copy, and
 * it saves a new one only after the first catch-up, while webhooks already come in. Read at most once a minute, so that
 * forged requests do not cause a request to Zendesk each.
 *
 * @param bytes how much the request keeps in memory while it waits
 * @returns undefined if it cannot be read, or not in time
 */
export async function secretAgain(
	context: IWebhookFunctions,
	bytes: number,
): Promise<string | undefined> {
	if (waiting + bytes > MAX_WAITING_BYTES) return undefined;
	waiting += bytes;
	try {
		const late = sleep(RETRY_FOR_MS).then(() => undefined);
		return await Promise.race([currentSecret(context), late]);
	} finally {
		waiting -= bytes;
	}
}

async function currentSecret(context: IWebhookFunctions): Promise<string | undefined> {
	const name = remoteName(context, context.getNodeWebhookUrl('default') ?? '');
	const known = knownSecrets.get(name);
	if (known && Date.now() - known.at < MIN_INTERVAL) return await known.secret;
	const secret = readAgain(context, name);
	// Set before it is read: parallel requests wait for the same answer.
	knownSecrets.set(name, { at: Date.now(), secret });
	return await secret;
}

async function readAgain(context: IWebhookFunctions, name: string): Promise<string | undefined> {
	try {
		const zendesk = withDeadlineFor(await zendeskOf(context), Date.now() + RETRY_FOR_MS);
		const [webhookId] = await webhooksNamed(zendesk, name);
		if (!webhookId) return undefined;
		const signingSecret = await readSecret(zendesk, webhookId);
		Object.assign(webhookState(context), { webhookId, signingSecret });
		return signingSecret;
	} catch (error) {
		context.logger.warn('Zendesk Sync Trigger could not read its signing secret again', { error });
		return undefined;
	}
}
