/** The secret that Zendesk signs a trigger's webhook with, as far as this process knows it. */
import { type IWebhookFunctions, sleep } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import { remoteName } from '../../shared/registration';
import { withDeadlineFor } from '../../shared/transport';
import { zendeskOf } from '../api/client';
import { readSecret, webhooksNamed } from '../api/webhooks';
import { registered } from './webhookState';

interface KnownSecret {
	at: number;
	secret: Promise<string | undefined>;
}

/** What this process last learnt about each webhook's secret, by the webhook's name. */
const knownSecrets = processMemory<KnownSecret>();
const AT_MOST_EVERY = 60_000;
/** Milliseconds that a request waits for it: Zendesk itself gives up after twelve seconds. */
const RETRY_FOR_MS = 5_000;
/**
 * Bytes of requests that may wait at a time. Zendesk's events have a few thousand: those that find no room are
 * strangers, or come in a crowd of strangers, and catch-up brings what they told.
 */
const MOST_WAITING = 1_000_000;
let waiting = 0;

/**
 * Of a webhook that is being registered. Zendesk may send before its secret is read: until then requests wait for it.
 */
export function rememberSecret(name: string, secret: Promise<string>): void {
	const known = { at: Date.now(), secret: secret.catch(() => undefined) };
	knownSecrets.set(name, known);
	// A registration that failed says nothing about the webhook that may be there.
	void known.secret.then((read) => {
		if (read === undefined && knownSecrets.get(name) === known) knownSecrets.delete(name);
	});
}

/**
 * The secret as Zendesk has it, for a signature that does not match: static data can lose it, n8n can put an older
 * copy back, and it saves a new one only when the first catch-up has ended, while webhooks come in already. Read at
 * most once a minute, so that a stranger cannot make us ask Zendesk for each request of his.
 *
 * @param bytes that the request holds while it waits
 * @returns undefined when it cannot be read, or not in time
 */
export async function secretAgain(
	context: IWebhookFunctions,
	bytes: number,
): Promise<string | undefined> {
	if (waiting + bytes > MOST_WAITING) return undefined;
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
	if (known && Date.now() - known.at < AT_MOST_EVERY) return await known.secret;
	const secret = readAgain(context, name);
	// Before it is there: requests that come side by side wait for the same answer.
	knownSecrets.set(name, { at: Date.now(), secret });
	return await secret;
}

async function readAgain(context: IWebhookFunctions, name: string): Promise<string | undefined> {
	try {
		const zendesk = withDeadlineFor(await zendeskOf(context), Date.now() + RETRY_FOR_MS);
		const [webhookId] = await webhooksNamed(zendesk, name);
		if (!webhookId) return undefined;
		const signingSecret = await readSecret(zendesk, webhookId);
		Object.assign(registered(context), { webhookId, signingSecret });
		return signingSecret;
	} catch (error) {
		context.logger.warn('Zendesk Sync Trigger could not read its signing secret again', { error });
		return undefined;
	}
}
