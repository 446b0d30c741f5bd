/** The credential's webhook secret. */
import type { IWebhookFunctions } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import { klaviyoOf } from '../api/client';

interface KnownSecret {
	/** Undefined if the credential could not be read. */
	secret: Promise<string | undefined>;
	/** When it was read, milliseconds since 1970. */
	at: number;
}

const known = processMemory<KnownSecret>();
/** Milliseconds. A secret that was changed may still be accepted for so long. */
const GOOD_FOR = 60_000;
/** Milliseconds between two reads, however many requests do not match: forged requests must not cause load. */
const MIN_INTERVAL = 5_000;

/**
 * Whether the request matches the secret. n8n decrypts a credential and evaluates its expressions each time it is read,
 * which is a large part of a webhook's work. So the secret is read once a minute, and earlier if the known one does not
 * match.
 */
export async function fitsSecret(
	context: IWebhookFunctions,
	fits: (secret: string) => boolean,
): Promise<boolean> {
	for (const age of [GOOD_FOR, MIN_INTERVAL]) {
		const secret = await secretOf(context, age);
		if (secret !== undefined && fits(secret)) return true;
	}
	return false;
}

/** @param mostAge how old the known secret may be, in milliseconds */
async function secretOf(context: IWebhookFunctions, mostAge: number): Promise<string | undefined> {
	const { id, credentials } = context.getNode();
	const name = JSON.stringify([context.getWorkflow().id, id, credentials]);
	const last = known.get(name);
	const age = last ? Date.now() - last.at : -1;
	if (last && age >= 0 && age < mostAge) return await last.secret;
	const secret = read(context);
	// Set before it is read: parallel requests wait for the same read.
	known.set(name, { secret, at: Date.now() });
	return await secret;
}

/** Never throws: n8n would save a failed execution for each forged request. */
async function read(context: IWebhookFunctions): Promise<string | undefined> {
	try {
		return (await klaviyoOf(context)).webhookSecret;
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name} could not read its credential, and refuses incoming requests: ${String(error)}`,
		);
		return undefined;
	}
}
