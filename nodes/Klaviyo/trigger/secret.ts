/** The secret that the credential holds for webhooks. */
import type { IWebhookFunctions } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import { klaviyoOf } from '../api/client';

interface Known {
	secret: string;
	/** Milliseconds since 1970 at which it was read. */
	at: number;
}

const known = processMemory<Known>();
/** Milliseconds. So long may a secret that was changed still be taken. */
const GOOD_FOR = 60_000;

/**
 * Whether the request fits the secret. n8n deciphers a credential, and works out what is an expression in it, each time
 * that it is asked: for a webhook a large part of the work. So the secret is asked for once a minute, and whenever the
 * one that is known does not fit.
 */
export async function fitsSecret(
	context: IWebhookFunctions,
	fits: (secret: string) => boolean,
): Promise<boolean> {
	const { id, credentials } = context.getNode();
	const name = JSON.stringify([context.getWorkflow().id, id, credentials]);
	const last = known.get(name);
	const age = last ? Date.now() - last.at : -1;
	if (last && age >= 0 && age < GOOD_FOR && fits(last.secret)) return true;
	const { webhookSecret } = await klaviyoOf(context);
	known.set(name, { secret: webhookSecret, at: Date.now() });
	return fits(webhookSecret);
}
