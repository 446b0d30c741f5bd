/** What Zendesk posts, as items. Calls nobody, but for a signature that does not match: Zendesk waits twelve seconds. */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { parseJson, rawBodyOf, refuseSender, take } from '../../shared/webhook';
import { isSignedBy } from '../api/signature';
import { registered } from './registered';
import { secretAgain } from './secret';
import { filterOf } from './filter';
import { asItems } from './ticketEvents';
import { fromWebhook } from './webhookBody';

async function isAuthentic(context: IWebhookFunctions, rawBody: Buffer): Promise<boolean> {
	const { headers } = context.getRequestObject();
	const signature = headers['x-zendesk-webhook-signature'];
	const timestamp = headers['x-zendesk-webhook-signature-timestamp'];
	if (typeof signature !== 'string' || typeof timestamp !== 'string') return false;
	const { signingSecret } = registered(context);
	if (signingSecret && isSignedBy(signingSecret, rawBody, timestamp, signature)) return true;
	const secret = await secretAgain(context);
	return secret !== undefined && isSignedBy(secret, rawBody, timestamp, signature);
}

/** Status 401 and no execution when the signature is missing or wrong; 200 and none for an event that is not wanted. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const rawBody = await rawBodyOf(context);
	if (!(await isAuthentic(context, rawBody))) return refuseSender(context);
	const delivered = fromWebhook(parseJson(rawBody));
	if (delivered && 'unreadable' in delivered)
		context.logger.warn(
			`${context.getNode().name}: a webhook could not be read (${delivered.unreadable}); catch-up brings what it told`,
		);
	if (!delivered || !('event' in delivered)) return {};
	const { event } = delivered;
	return filterOf(context)(event) ? take(context, asItems([event])) : {};
}
