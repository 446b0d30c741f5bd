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
	description:
		'A secret of at least 16 characters that is hard to guess. Klaviyo signs its requests to Klaviyo Trigger with it, so that nobody else can start your workflows. Not needed without Klaviyo Trigger. After a change, publish the workflows that use it again.',
};

export const klaviyoBaseUrl: INodeProperties = {
	displayName: 'Base URL',
	name: 'baseUrl',
	type: 'string',
	default: '',
	placeholder: 'https://a.klaviyo.com',
	description:
		"Leave empty for Klaviyo itself. Only needed for your own sandbox or proxy. Must use https, unless it is on this machine (such as 'http://127.0.0.1:4011').",
};
