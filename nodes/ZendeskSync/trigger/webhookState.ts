/** What a trigger remembers of its webhook, in the node's static data. */
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

/**
 * Written once per registration: n8n can restore an older copy, and then the webhook is found by its name. With durable
 * poll cursors a poll sees a copy of its own (`nodes/shared/ownWebhook.ts`).
 */
export interface WebhookState {
	webhookId?: string;
	signingSecret?: string;
	/** The URL that Zendesk calls. A poll cannot ask n8n for it. */
	endpoint?: string;
}

export const webhookState = (
	context: IHookFunctions | IPollFunctions | IWebhookFunctions,
): WebhookState => context.getWorkflowStaticData('node') as WebhookState;
