/** Converts the webhook of the builder's flow to an item. Makes no request. */
import { createHash } from 'node:crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { MIN_WEBHOOK_SECRET_LENGTH } from '../../shared/klaviyoAccount';
import { isSameDigest, rawBodyOf } from '../../shared/webhook';
import { FLOW_SECRET_HEADER } from '../api/flowTemplate';
import { flowMessageOf } from '../api/flowWebhook';
import { chosenMetrics } from './events';
import { asItems } from './receive';
import { acceptBatched } from './webhookBatch';
import { fitsSecret } from './secret';

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** Constant-time comparison: hashing gives both sides the same length. Node returns a header's bytes as Latin-1. */
const isSecret = (secret: string, sent: string): boolean =>
	secret.length >= MIN_WEBHOOK_SECRET_LENGTH &&
	isSameDigest(digest(Buffer.from(secret.trim())), digest(Buffer.from(sent.trim(), 'latin1')));

/** Klaviyo shows the response to whoever builds the flow. */
function refuse(context: IWebhookFunctions, status: number, why: string): IWebhookResponseData {
	context.getResponseObject().status(status).send(why).end();
	return { noWebhookResponse: true };
}

/**
 * Responds with 401 and starts no execution without the secret; 400 and none, with the reason, if the body cannot be read
 * (catch-up brings the message all the same); 200 and none if the event is not wanted.
 */
export async function receiveFlow(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const sent = context.getRequestObject().headers[FLOW_SECRET_HEADER.toLowerCase()];
	// Anything too short for a secret does not cost a read of the credential.
	const mayBe = typeof sent === 'string' && sent.length >= MIN_WEBHOOK_SECRET_LENGTH;
	if (!mayBe || !(await fitsSecret(context, (secret) => isSecret(secret, sent))))
		return refuse(
			context,
			401,
			`The header ${FLOW_SECRET_HEADER} does not contain the credential's 'Webhook Secret' (at least ${MIN_WEBHOOK_SECRET_LENGTH} characters).`,
		);
	const found = flowMessageOf((await rawBodyOf(context)).toString('utf8'));
	if (typeof found === 'string') return refuse(context, 400, found);
	return chosenMetrics(context).includes(found.metric)
		? await acceptBatched(context, asItems([found.message]))
		: {};
}
