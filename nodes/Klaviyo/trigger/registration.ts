/** The life of the trigger's own webhook at Klaviyo. */
import type { IHookFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { SHORTEST_WEBHOOK_SECRET } from '../../shared/klaviyoAccount';
import { assertReceivable, remoteName } from '../../shared/registration';
import { type Klaviyo, klaviyoOf } from '../api/client';
import { textMetrics, type TextMetricName } from '../api/textMetrics';
import {
	createWebhook,
	deleteWebhook,
	enableWebhook,
	renewWebhook,
	webhookById,
	webhooksNamed,
	type WebhookSettings,
} from '../api/webhooks';

/** Ids of registered webhooks by the URL they call: a test registration and the production one never meet. */
type Registered = Record<string, string>;

const registered = (context: IHookFunctions): Registered =>
	(context.getWorkflowStaticData('node').webhooks ?? {}) as Registered;

const remember = (context: IHookFunctions, url: string, id: string | undefined): void => {
	const others = Object.entries(registered(context)).filter(([known]) => known !== url);
	// A new object: n8n notices assignments to static data itself, not inside it.
	context.getWorkflowStaticData('node').webhooks = Object.fromEntries(
		id === undefined ? others : [...others, [url, id]],
	);
};

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';

/** @throws NodeOperationError when the URL or the secret cannot work */
function settingsOf(context: IHookFunctions, klaviyo: Klaviyo): WebhookSettings {
	const url = urlOf(context);
	assertReceivable(context, url);
	if (klaviyo.webhookSecret.length < SHORTEST_WEBHOOK_SECRET)
		throw new NodeOperationError(
			context.getNode(),
			"The credential's 'Webhook Secret' is too short",
			{
				description: `Klaviyo asks for at least ${SHORTEST_WEBHOOK_SECRET} characters. Open the credential, fill in a secret of your own choice that is hard to guess, and publish the workflow again.`,
			},
		);
	const events = context.getNodeParameter('events', []) as TextMetricName[];
	return {
		name: remoteName(context, url),
		url,
		secret: klaviyo.webhookSecret,
		topics: events.map((event) => textMetrics[event].topic),
	};
}

/**
 * One call: n8n asks at each start. What only passes (rate limit, 5xx, no answer) counts as "exists", since the
 * contrary would make a second webhook, and an exception would make n8n delete the first.
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	const id = registered(context)[url];
	if (id === undefined) return false;
	const klaviyo = await klaviyoOf(context);
	const webhook = await webhookById(klaviyo, id);
	if (webhook === 'unknown') return true;
	if (webhook === undefined || webhook.attributes.name !== remoteName(context, url)) return false;
	if (webhook.attributes.enabled === false) await enableWebhook(klaviyo, id);
	return true;
}

/** Takes over a webhook of this node that was forgotten, or registers one; a half-made one is removed again. */
export async function create(context: IHookFunctions): Promise<boolean> {
	const klaviyo = await klaviyoOf(context);
	const settings = settingsOf(context, klaviyo);
	const [own, ...surplus] = await webhooksNamed(klaviyo, settings.name);
	if (own) await renewWebhook(klaviyo, own.id, settings);
	const id = own?.id ?? (await register(klaviyo, settings));
	remember(context, settings.url, id);
	for (const webhook of surplus) await deleteWebhook(klaviyo, webhook.id);
	return true;
}

async function register(klaviyo: Klaviyo, settings: WebhookSettings): Promise<string> {
	try {
		return await createWebhook(klaviyo, settings);
	} catch (error) {
		const refusal = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
		// Without a clear no, it may have been made; without an id, n8n would never ask to remove it.
		if (!refusal.httpCode?.startsWith('4')) await removeNamed(klaviyo, settings.name);
		throw refusal;
	}
}

/** As far as Klaviyo lets it: what is left is taken over by the next registration. */
async function removeNamed(klaviyo: Klaviyo, name: string): Promise<void> {
	const left = await webhooksNamed(klaviyo, name).catch(() => []);
	for (const { id } of left) await deleteWebhook(klaviyo, id);
}

/** @returns false when Klaviyo could not remove it now: the id is kept, and the next registration takes it over */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	const id = registered(context)[url];
	if (id === undefined) return true;
	const gone = await deleteWebhook(await klaviyoOf(context), id);
	if (gone) remember(context, url, undefined);
	return gone;
}
