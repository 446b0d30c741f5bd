/** Shared by Klaviyo's credentials and nodes. */
import type { INodeProperties } from 'n8n-workflow';

/** The revision of Klaviyo's API that this package uses. https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy */
export const KLAVIYO_REVISION = '2026-07-15';

/** Klaviyo's own minimum, in characters. https://developers.klaviyo.com/en/reference/webhooks_api_overview */
export const MIN_WEBHOOK_SECRET_LENGTH = 16;

export const klaviyoWebhookSecret: INodeProperties = {
	displayName: 'Webhook Secret',
	name: 'webhookSecret',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: 'e.g. 32 random letters and digits',
	hint: 'Make up at least 16 characters. Klaviyo Trigger needs it to receive webhooks, but not for Polling Only.',
	description:
		'Klaviyo signs its requests to Klaviyo Trigger with this secret, so that nobody else can start your workflows. Klaviyo gets a changed secret within about an hour, or when you publish the workflow again.',
};

export const klaviyoBaseUrl: INodeProperties = {
	displayName: 'Base URL',
	name: 'baseUrl',
	type: 'string',
	default: '',
	placeholder: 'https://a.klaviyo.com',
	hint: 'Leave empty for Klaviyo itself',
	description:
		"Only needed for your own sandbox or proxy. Must use https, unless it is on this machine (such as 'http://127.0.0.1:4011').",
};
