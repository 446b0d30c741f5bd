/** System webhooks. https://developers.klaviyo.com/en/reference/webhooks_api_overview */
import type { IDataObject, JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { isOk, vendorError, type VendorAnswer } from '../../shared/http';
import { type Klaviyo, type KlaviyoCall, read, readAll } from './client';
import { explain } from './errors';
import { single, webhookResource, type WebhookResource } from './wire';

export interface WebhookSettings {
	name: string;
	/** https, or this machine; Klaviyo shows it shortened ever after. */
	url: string;
	secret: string;
	topics: readonly string[];
}

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

/** @returns undefined when there was no answer at all */
async function askOnce(klaviyo: Klaviyo, call: KlaviyoCall): Promise<VendorAnswer | undefined> {
	try {
		return await klaviyo.ask(call);
	} catch (error) {
		const fault = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
		if (fault.httpCode === '401') throw fault;
		return undefined;
	}
}

/** @returns the webhook; undefined when it is gone; 'unknown' when Klaviyo cannot say now (rate limit, 5xx) */
export async function webhookById(
	klaviyo: Klaviyo,
	id: string,
): Promise<WebhookResource | undefined | 'unknown'> {
	const what = 'The webhook could not be read';
	const answer = await askOnce(klaviyo, { method: 'GET', path: at(id), repeatable: true });
	if (answer === undefined || isPassing(answer)) return 'unknown';
	if (answer.status === 404) return undefined;
	if (!isOk(answer)) throw vendorError(klaviyo.context, answer, what, explain(answer));
	return read(klaviyo, what, single(webhookResource), answer).data;
}

/** A condition that goes by itself. */
const isPassing = ({ status }: VendorAnswer): boolean => status === 429 || status >= 500;

/** @returns the id of the new webhook */
export async function createWebhook(klaviyo: Klaviyo, settings: WebhookSettings): Promise<string> {
	const what = 'The webhook could not be registered';
	const answer = await klaviyo.must(what, {
		method: 'POST',
		path: '/api/webhooks',
		body: requestOf(settings),
		repeatable: false,
	});
	return read(klaviyo, what, single(webhookResource), answer).data.id;
}

/** Gives an existing webhook these settings, and turns it on. */
export async function renewWebhook(
	klaviyo: Klaviyo,
	id: string,
	settings: WebhookSettings,
): Promise<void> {
	await klaviyo.must('The webhook could not be renewed', {
		method: 'PATCH',
		path: at(id),
		body: requestOf(settings, id),
		repeatable: true,
	});
}

/** @returns whether Klaviyo turned it on; it turns a webhook off after two days of failed deliveries */
export async function enableWebhook(klaviyo: Klaviyo, id: string): Promise<boolean> {
	const answer = await askOnce(klaviyo, {
		method: 'PATCH',
		path: at(id),
		body: { data: { type: 'webhook', id, attributes: { enabled: true } } },
		repeatable: true,
	});
	return answer !== undefined && isOk(answer);
}

/** @returns whether it is gone, by this call or before */
export async function deleteWebhook(klaviyo: Klaviyo, id: string): Promise<boolean> {
	const answer = await askOnce(klaviyo, { method: 'DELETE', path: at(id), repeatable: true });
	return answer !== undefined && (isOk(answer) || answer.status === 404);
}
