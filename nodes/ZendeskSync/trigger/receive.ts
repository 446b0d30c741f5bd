/** Converts Zendesk's webhooks to items. Makes no request unless a signature does not match: Zendesk waits twelve seconds. */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { deliveryOf } from '../../shared/delivery';
import { parseJson, rawBodyOf, refuseSender, startExecution } from '../../shared/webhook';
import { isSignedBy, mayBeSigned } from '../api/signature';
import { webhookState } from './webhookState';
import { secretAgain } from './secret';
import { filterOf } from './filter';
import { asItems } from './ticketEvents';
import { fromWebhook } from './webhookBody';

/** @returns the body's bytes; undefined if Zendesk has not signed them */
async function signedBody(context: IWebhookFunctions): Promise<Buffer | undefined> {
	const { headers } = context.getRequestObject();
	const signature = headers['x-zendesk-webhook-signature'];
	const timestamp = headers['x-zendesk-webhook-signature-timestamp'];
	// Before the body is read and before any request is made.
	if (!mayBeSigned(timestamp, signature)) return undefined;
	const rawBody = await rawBodyOf(context);
	const isBy = (secret: string | undefined): boolean =>
		secret !== undefined && isSignedBy(secret, rawBody, timestamp, signature);
	const { signingSecret } = webhookState(context);
	const isGood = isBy(signingSecret) || isBy(await secretAgain(context, rawBody.length));
	return isGood ? rawBody : undefined;
}

/** Responds with 401 and starts no execution if the signature is missing or wrong; 200 and none if the event is not wanted. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const rawBody = await signedBody(context);
	if (!rawBody) return refuseSender(context);
	const delivered = fromWebhook(parseJson(rawBody));
	if (delivered && 'unreadable' in delivered)
		context.logger.warn(
			`${context.getNode().name}: a webhook could not be read (${delivered.unreadable}); catch-up brings its event`,
		);
	if (!delivered || !('event' in delivered)) return {};
	const { event } = delivered;
	if (!filterOf(context)(event)) return {};
	const isLast = event.event === 'agentReplied' && deliveryOf(context) === 'once';
	return startExecution(context, asItems([isLast ? { ...event, comesAgain: false } : event]));
}
