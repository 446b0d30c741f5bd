/** What both Klaviyo's credentials and Klaviyo's nodes have to know. */
import type { INodeProperties } from 'n8n-workflow';

/** The one revision of Klaviyo's API that this package speaks. https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy */
export const KLAVIYO_REVISION = '2026-07-15';

/** Klaviyo's own lower bound, in characters. https://developers.klaviyo.com/en/reference/webhooks_api_overview */
export const MIN_WEBHOOK_SECRET_LENGTH = 16;

export const klaviyoWebhookSecret: INodeProperties = {
	displayName: 'Webhook Secret',
	name: 'webhookSecret',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'At least 16 characters of your own choice, hard to guess. Klaviyo signs with it what it sends to Klaviyo Trigger, so that nobody else can start your workflows. Not needed without Klaviyo Trigger. After a change, turn the workflows that use it off and on.',
};

export const klaviyoBaseUrl: INodeProperties = {
	displayName: 'Base URL',
	name: 'baseUrl',
	type: 'string',
	default: '',
	placeholder: 'https://a.klaviyo.com',
	description:
		"Leave empty for Klaviyo itself. Only for a sandbox or a proxy of your own; https, unless it is on this machine (for instance 'http://127.0.0.1:4011').",
};
