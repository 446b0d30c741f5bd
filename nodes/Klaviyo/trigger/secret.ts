/** The secret that the credential holds for webhooks. */
import type { IWebhookFunctions } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import { klaviyoOf } from '../api/client';

interface Known {
	/** Undefined where the credential could not be read. */
	secret: Promise<string | undefined>;
	/** Milliseconds since 1970 at which it was asked for. */
	at: number;
}

const known = processMemory<Known>();
/** Milliseconds. So long may a secret that was changed still be taken. */
const GOOD_FOR = 60_000;
/** Milliseconds between two readings, however many requests do not fit: a stranger must not set the load. */
const AT_MOST_EVERY = 5_000;

/**
 * Whether the request fits the secret. n8n deciphers a credential, and works out what is an expression in it, each time
 * that it is asked: for a webhook a large part of the work. So the secret is asked for once a minute, and earlier when
 * the one that is known does not fit.
 */
export async function fitsSecret(
	context: IWebhookFunctions,
	fits: (secret: string) => boolean,
): Promise<boolean> {
	for (const age of [GOOD_FOR, AT_MOST_EVERY]) {
		const secret = await secretOf(context, age);
		if (secret !== undefined && fits(secret)) return true;
	}
	return false;
}

/** @param mostAge milliseconds that may have passed since it was read */
async function secretOf(context: IWebhookFunctions, mostAge: number): Promise<string | undefined> {
	const { id, credentials } = context.getNode();
	const name = JSON.stringify([context.getWorkflow().id, id, credentials]);
	const last = known.get(name);
	const age = last ? Date.now() - last.at : -1;
	if (last && age >= 0 && age < mostAge) return await last.secret;
	const secret = read(context);
	// Before it is there: requests that come side by side wait for the same reading.
	known.set(name, { secret, at: Date.now() });
	return await secret;
}

/** Never throws: n8n would make a failed execution of whatever a stranger sends. */
async function read(context: IWebhookFunctions): Promise<string | undefined> {
	try {
		return (await klaviyoOf(context)).webhookSecret;
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name} could not read its credential, and refuses what comes in: ${String(error)}`,
		);
		return undefined;
	}
}
