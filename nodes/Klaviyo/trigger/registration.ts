/** The life of the trigger's own webhook at Klaviyo. */
import type { IHookFunctions, IPollFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { SHORTEST_WEBHOOK_SECRET } from '../../shared/klaviyoAccount';
import { assertReceivable, remoteName } from '../../shared/registration';
import { deliverToSelf, isTestUrl } from '../../shared/testDelivery';
import { type Klaviyo, klaviyoOf } from '../api/client';
import { isTopicOf, textMetrics } from '../api/textMetrics';
import {
	createWebhook,
	deleteWebhook,
	enableWebhook,
	renewWebhook,
	topicsIn,
	webhookById,
	webhooksNamed,
	type WebhookSettings,
} from '../api/webhooks';
import { topicsOf } from '../api/webhookTopics';
import { chosenMetrics, nameOf, sourceOf } from './events';
import { newestDelivery, newestFlowDelivery } from './testDelivery';

/** Hooks know the webhook's URL; a poll has it from what a hook has remembered. */
type TriggerContext = IHookFunctions | IPollFunctions;

/** Ids of registered webhooks by the URL they call: a test registration and the production one never meet. */
type Registered = Record<string, string>;

const registered = (context: TriggerContext): Registered =>
	(context.getWorkflowStaticData('node').webhooks ?? {}) as Registered;

/** Forgets another URL of the same kind, production or test: a node has one of each. */
function remember(context: TriggerContext, url: string, id: string | undefined): void {
	const others = Object.entries(registered(context)).filter(
		([known]) => isTestUrl(known) !== isTestUrl(url),
	);
	// A new object: n8n notices assignments to static data itself, not inside it.
	context.getWorkflowStaticData('node').webhooks = Object.fromEntries(
		id === undefined ? others : [...others, [url, id]],
	);
}

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';

/** @throws NodeOperationError when the secret cannot work */
function assertSecret(context: TriggerContext, klaviyo: Klaviyo): void {
	if (klaviyo.webhookSecret.length >= SHORTEST_WEBHOOK_SECRET) return;
	throw new NodeOperationError(
		context.getNode(),
		"The credential's 'Webhook Secret' is too short",
		{
			description: `It needs at least ${SHORTEST_WEBHOOK_SECRET} characters. Open the credential, fill in a secret of your own choice that is hard to guess, and publish the workflow again.`,
		},
	);
}

/** @throws NodeOperationError when the account has no topic for a chosen event */
async function settingsOf(
	context: TriggerContext,
	klaviyo: Klaviyo,
	url: string,
): Promise<WebhookSettings> {
	const topics = await topicsOf(klaviyo, chosenMetrics(context), nameOf);
	return { name: remoteName(context, url), url, secret: klaviyo.webhookSecret, topics };
}

/** Whether a webhook with these topics brings what was chosen. What Klaviyo does not say counts as right. */
const bringsAll = (context: TriggerContext, topics: readonly string[] | undefined): boolean =>
	topics === undefined ||
	chosenMetrics(context).every(
		(metric) =>
			metric === textMetrics.autoResponseFailed || topics.some((topic) => isTopicOf(metric, topic)),
	);

/** Whether the webhook is there, and turned on again where Klaviyo had turned it off. */
async function isThere(context: TriggerContext, klaviyo: Klaviyo, url: string): Promise<boolean> {
	const id = registered(context)[url];
	if (id === undefined) return false;
	const webhook = await webhookById(klaviyo, id);
	if (webhook === 'unknown') return true;
	if (webhook === undefined || webhook.attributes.name !== remoteName(context, url)) return false;
	if (!bringsAll(context, topicsIn(webhook))) return false;
	if (webhook.attributes.enabled === false) await enableWebhook(klaviyo, id);
	return true;
}

/** Takes over a webhook of this node that was forgotten, or registers one; a half-made one is removed again. */
async function establish(context: TriggerContext, klaviyo: Klaviyo, url: string): Promise<void> {
	assertSecret(context, klaviyo);
	const [own, ...surplus] = await webhooksNamed(klaviyo, remoteName(context, url));
	const settings = await settingsOf(context, klaviyo, url);
	if (own) await renewWebhook(klaviyo, own.id, settings);
	remember(context, url, own?.id ?? (await register(klaviyo, settings)));
	for (const { id } of surplus) await deleteWebhook(klaviyo, id);
}

/**
 * One call: n8n asks at each start. What only passes (rate limit, 5xx, no answer) counts as "exists", since the
 * contrary would make a second webhook, and an exception would make n8n delete the first.
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	const source = sourceOf(context);
	if (source === 'polling') return true;
	const url = urlOf(context);
	// A flow is the builder's: there is nothing to look for, and `create` costs nothing.
	if (source === 'flowWebhook' || registered(context)[url] === undefined) return false;
	return await isThere(context, await klaviyoOf(context), url);
}

export async function create(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	assertReceivable(context, url);
	const klaviyo = await klaviyoOf(context);
	const isFlow = sourceOf(context) === 'flowWebhook';
	if (isFlow) await expectFlow(context, klaviyo, url);
	else await establish(context, klaviyo, url);
	const newest = isFlow ? newestFlowDelivery : newestDelivery;
	if (isTestUrl(url)) await deliverToSelf(context, url, () => newest(context, klaviyo));
	return true;
}

/** Registers nothing. What was registered before the source was changed, and could not be removed then, goes now. */
async function expectFlow(context: IHookFunctions, klaviyo: Klaviyo, url: string): Promise<void> {
	assertSecret(context, klaviyo);
	const id = registered(context)[url];
	if (id !== undefined && (await deleteWebhook(klaviyo, id))) remember(context, url, undefined);
}

/** While the workflow runs: turns the webhook on again, or registers it again, when somebody or Klaviyo took it away. */
export async function mend(context: IPollFunctions, klaviyo: Klaviyo): Promise<void> {
	const url = Object.keys(registered(context)).find((known) => !isTestUrl(known));
	if (url === undefined || (await isThere(context, klaviyo, url))) return;
	await establish(context, klaviyo, url);
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
