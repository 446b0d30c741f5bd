/** What a trigger that only polls does with requests: n8n has a URL for each node of its type. */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { answerOk, refuseEverybody } from '../../shared/webhook';

/** Starts nothing in production. In a test, the empty item makes the trigger fetch the newest events: see `passThrough`. */
export function receivePolling(context: IWebhookFunctions): IWebhookResponseData {
	if (context.getMode() !== 'manual') return refuseEverybody(context);
	answerOk(context);
	return { noWebhookResponse: true, workflowData: [[{ json: {} }]] };
}
