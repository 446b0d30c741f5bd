/** System webhooks. https://developers.klaviyo.com/en/reference/webhooks_api_overview */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { isGone, isOk, sentences } from '../../shared/answer';
import { forWebhooks } from '../../shared/webhookRefusal';
import { type Klaviyo, readAll } from './client';
import { wordsOfAnswer } from './errors';
import { single, webhookResource, type WebhookResource } from './wire';

export interface WebhookSettings {
	name: string;
	/** https, or this machine. Klaviyo only ever returns it shortened. */
	url: string;
	secret: string;
	topics: readonly string[];
}

const webhookWithTopics = webhookResource.extend({ relationships: z.unknown() });
type WebhookWithTopics = z.infer<typeof webhookWithTopics>;

const at = (id: string): string => `/api/webhooks/${encodeURIComponent(id)}`;

const requestOf = ({ name, url, secret, topics }: WebhookSettings, id?: string): IDataObject => ({
	data: {
		type: 'webhook',
		...(id === undefined ? {} : { id }),
		attributes: {
			name,
			endpoint_url: url,
			secret_key: secret,
			...(id === undefined ? {} : { enabled: true }),
		},
		relationships: {
			'webhook-topics': { data: topics.map((topic) => ({ type: 'webhook-topic', id: topic })) },
		},
	},
});

/** The same vendor, with errors that say what to do if an account may not have webhooks. */
export const klaviyoForWebhooks = (klaviyo: Klaviyo): Klaviyo =>
	forWebhooks(klaviyo, (answer) => {
		const said = wordsOfAnswer(answer);
		const right = klaviyo.isApp
			? "let the app have the scopes 'webhooks:read' and 'webhooks:write', and connect it again"
			: 'use a key that has full access to Webhooks';
		return {
			message: 'Klaviyo refused the webhook (status 403)',
			description: `${sentences([
				"System webhooks need Advanced KDP. If your account does not have it, set 'Source' to 'Polling Only' or 'Flow Webhook and Polling'",
				`If it does, ${right}`,
				said && `Klaviyo says: ${said}`,
			])}.`,
		};
	});

export async function webhooksNamed(klaviyo: Klaviyo, name: string): Promise<WebhookResource[]> {
	const { data } = await readAll(
		klaviyo,
		'Webhooks could not be read',
		webhookResource,
		'/api/webhooks',
		{},
	);
	return data.filter(({ attributes }) => attributes.name === name);
}

const withTopics = z.object({
	relationships: z.object({
		'webhook-topics': z.object({ data: z.array(z.object({ id: z.string() })) }),
	}),
});

/** @returns undefined if the answer does not say */
export function topicsIn(webhook: WebhookWithTopics): string[] | undefined {
	const parsed = withTopics.safeParse(webhook);
	return parsed.success
		? parsed.data.relationships['webhook-topics'].data.map(({ id }) => id)
		: undefined;
}

/**
 * @returns the webhook; undefined if Klaviyo says that it is gone
 * @throws NodeApiError for any other answer, which does not say whether the webhook exists
 */
export async function webhookById(
	klaviyo: Klaviyo,
	id: string,
): Promise<WebhookWithTopics | undefined> {
	const what = 'The webhook could not be read';
	const answer = await klaviyo.request({
		method: 'GET',
		path: at(id),
		query: { include: 'webhook-topics' },
		repeatable: true,
	});
	if (isGone(answer)) return undefined;
	if (!isOk(answer)) throw klaviyo.refusal(what, answer);
	return klaviyo.read(what, single(webhookWithTopics), answer).data;
}

/**
 * @returns the id of the new webhook
 * @throws NodeApiError. If its `httpCode` is not 4xx, the webhook may have been created all the same
 */
export async function createWebhook(klaviyo: Klaviyo, settings: WebhookSettings): Promise<string> {
	const what = 'The webhook could not be registered';
	const answer = await klaviyo.requestOk(what, {
		method: 'POST',
		path: '/api/webhooks',
		body: requestOf(settings),
		repeatable: false,
	});
	return klaviyo.read(what, single(webhookResource), answer).data.id;
}

/** Gives an existing webhook these settings, and turns it on. */
export async function renewWebhook(
	klaviyo: Klaviyo,
	id: string,
	settings: WebhookSettings,
): Promise<void> {
	await klaviyo.requestOk('The webhook could not be renewed', {
		method: 'PATCH',
		path: at(id),
		body: requestOf(settings, id),
		repeatable: true,
	});
}

/** @returns whether Klaviyo enabled it; Klaviyo disables a webhook after two days of failed deliveries */
export async function enableWebhook(klaviyo: Klaviyo, id: string): Promise<boolean> {
	const answer = await klaviyo.tryRequest({
		method: 'PATCH',
		path: at(id),
		body: { data: { type: 'webhook', id, attributes: { enabled: true } } },
		repeatable: true,
	});
	return isOk(answer);
}

/** @returns whether it is gone now */
export async function deleteWebhook(klaviyo: Klaviyo, id: string): Promise<boolean> {
	const answer = await klaviyo.tryRequest({ method: 'DELETE', path: at(id), repeatable: true });
	return isOk(answer) || isGone(answer);
}
