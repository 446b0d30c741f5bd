/** What a trigger knows of its own webhook, in the node's static data. */
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

/** Write-once for each registration: n8n can put an older copy back, and the webhook is found again by its name. */
export interface Registered {
	webhookId?: string;
	signingSecret?: string;
	/** The URL that Zendesk calls, which a poll cannot ask n8n for. */
	endpoint?: string;
}

export const registered = (
	context: IHookFunctions | IPollFunctions | IWebhookFunctions,
): Registered => context.getWorkflowStaticData('node') as Registered;
