/** The life of the trigger's own webhook at Klaviyo. */
import type { IHookFunctions, IPollFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { MIN_WEBHOOK_SECRET_LENGTH } from '../../shared/klaviyoAccount';
import { processMemory } from '../../shared/processMemory';
import {
	assertReceivable,
	countsAsThere,
	lookUpDeadline,
	remoteName,
	registerAgain,
} from '../../shared/registration';
import { deliverToSelf, isTest } from '../../shared/testDelivery';
import { withDeadlineFor } from '../../shared/transport';
import { type Klaviyo, klaviyoOf } from '../api/client';
import { topicOf } from '../api/messageMetrics';
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
import { topicsOf, withoutTopic } from '../api/webhookTopics';
import { chosenMetrics, sourceOf } from './events';
import { sawOwn } from './ownWebhook';
import { newestDelivery, newestFlowDelivery } from './testDelivery';

/** Hooks know the webhook's URL; a poll has it from what a hook has remembered. */
type TriggerContext = IHookFunctions | IPollFunctions;

interface Registration {
	/** '' where the account had no topic for anything that was chosen, so that there is none. */
	id: string;
	isTest: boolean;
}

/** By the URL that they call: a test registration and the production one never meet. */
type Registered = Record<string, Registration>;

const registered = (context: TriggerContext): Registered =>
	(context.getWorkflowStaticData('node').webhooks ?? {}) as Registered;

/** Forgets another URL of the same kind, production or test: a node has one of each. */
function remember(context: TriggerContext, url: string, id: string): void {
	const registration = { id, isTest: isTest(context) };
	const others = Object.entries(registered(context)).filter(
		([known, one]) => known !== url && one.isTest !== registration.isTest,
	);
	save(context, [...others, [url, registration]]);
	sawOwn(context, url, id);
}

const forget = (context: TriggerContext, url: string): void =>
	save(
		context,
		Object.entries(registered(context)).filter(([known]) => known !== url),
	);

function save(context: TriggerContext, all: Array<[url: string, Registration]>): void {
	// A new object: n8n notices assignments to static data itself, not inside it.
	context.getWorkflowStaticData('node').webhooks = Object.fromEntries(all);
}

/** Whether the account had no topic for anything that was chosen, so that polling brings everything. */
export const isWithoutWebhook = (context: TriggerContext): boolean =>
	Object.values(registered(context)).some((one) => one.id === '' && !one.isTest);

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';

/** @throws NodeOperationError when the secret cannot work */
function assertSecret(context: TriggerContext, klaviyo: Klaviyo): void {
	if (klaviyo.webhookSecret.length >= MIN_WEBHOOK_SECRET_LENGTH) return;
	throw new NodeOperationError(
		context.getNode(),
		"The credential's 'Webhook Secret' is too short",
		{
			description: `It needs at least ${MIN_WEBHOOK_SECRET_LENGTH} characters. Open the credential, fill in a secret of your own choice that is hard to guess, and publish the workflow again.`,
		},
	);
}

/**
 * The topics to ask for: all that the account has for the chosen events. What it has none for is left to polling.
 * Where Klaviyo does not give its list now, those of today's names: Klaviyo checks them anyway, and the hourly look
 * adds the others.
 */
async function wantedTopics(context: TriggerContext, klaviyo: Klaviyo): Promise<string[]> {
	const chosen = chosenMetrics(context);
	const topics = (await topicsOf(klaviyo, chosen)) ?? chosen.map(topicOf);
	const without = withoutTopic(chosen, topics);
	if (without.length > 0)
		context.logger.warn(
			`${context.getNode().name}: this account has no webhook topic for ${without.map(({ name }) => `'${name}'`).join(', ')}: polling brings those events`,
		);
	return topics;
}

/**
 * Whether a webhook with these topics brings what was chosen, as far as the account has topics for it. What Klaviyo
 * does not say counts as right.
 *
 * @param isThorough whether to ask for the account's topics though each event has one: another spelling may have come
 */
async function bringsAll(
	context: TriggerContext,
	klaviyo: Klaviyo,
	topics: readonly string[] | undefined,
	isThorough: boolean,
): Promise<boolean> {
	const chosen = chosenMetrics(context);
	if (topics === undefined) return true;
	if (!isThorough && withoutTopic(chosen, topics).length === 0) return true;
	const listed = await topicsOf(klaviyo, chosen);
	return listed === undefined || listed.every((topic) => topics.includes(topic));
}

/** Whether the webhook is there, and turned on again where Klaviyo had turned it off. */
async function isThere(
	context: TriggerContext,
	klaviyo: Klaviyo,
	url: string,
	isThorough: boolean,
): Promise<boolean> {
	const id = registered(context)[url]?.id;
	if (!id) return false;
	const webhook = await webhookById(klaviyo, id);
	if (webhook === undefined || webhook.attributes.name !== remoteName(context, url)) return false;
	if (!(await bringsAll(context, klaviyo, topicsIn(webhook), isThorough))) return false;
	if (webhook.attributes.enabled === false) await enableWebhook(klaviyo, id);
	sawOwn(context, url, id);
	return true;
}

/** The secret that this process last gave Klaviyo for a webhook, by the webhook's ID. Klaviyo does not show it. */
const secretsGiven = processMemory<string>();

/** Takes over a webhook of this node that was forgotten, or registers one; a half-made one is removed again. */
async function establish(context: TriggerContext, klaviyo: Klaviyo, url: string): Promise<void> {
	assertSecret(context, klaviyo);
	const name = remoteName(context, url);
	const [own, ...surplus] = await webhooksNamed(klaviyo, name);
	const topics = await wantedTopics(context, klaviyo);
	const settings: WebhookSettings = { name, url, secret: klaviyo.webhookSecret, topics };
	if (topics.length === 0) {
		remember(context, url, '');
		if (own) surplus.push(own);
	} else {
		if (own) await renewWebhook(klaviyo, own.id, settings);
		const id = own?.id ?? (await register(klaviyo, settings));
		remember(context, url, id);
		secretsGiven.set(id, klaviyo.webhookSecret);
	}
	for (const { id } of surplus) await deleteWebhook(klaviyo, id);
}

/** One call, as a rule: n8n asks at each start. */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	const source = sourceOf(context);
	if (source === 'polling') return true;
	const url = urlOf(context);
	// A flow is the builder's: there is nothing to look for, and `create` costs nothing.
	if (source === 'flowWebhook' || registered(context)[url] === undefined) return false;
	return await countsAsThere(context, async () => {
		const klaviyo = withDeadlineFor(await klaviyoOf(context), lookUpDeadline());
		return await isThere(context, klaviyo, url, false);
	});
}

export async function create(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	assertReceivable(context, url);
	const klaviyo = await klaviyoOf(context);
	const isFlow = sourceOf(context) === 'flowWebhook';
	if (isFlow) await expectFlow(context, klaviyo, url);
	else
		await registerAgain(
			context,
			Boolean(registered(context)[url]?.id),
			async () => await establish(context, klaviyo, url),
		);
	if (isTest(context))
		await deliverToSelf(context, url, async () =>
			isFlow
				? await newestFlowDelivery(context, klaviyo, url)
				: await newestDelivery(context, klaviyo),
		);
	return true;
}

/** Registers nothing. What was registered before the source was changed, and could not be removed then, goes now. */
async function expectFlow(context: IHookFunctions, klaviyo: Klaviyo, url: string): Promise<void> {
	assertSecret(context, klaviyo);
	const id = registered(context)[url]?.id;
	if (id === '' || (id && (await deleteWebhook(klaviyo, id)))) forget(context, url);
}

/**
 * While the workflow runs: turns the webhook on again, or registers it again, when somebody or Klaviyo took it away, and
 * gives it the secret of the credential, which may have been changed since.
 */
export async function repair(context: IPollFunctions, klaviyo: Klaviyo): Promise<void> {
	const [url] = Object.entries(registered(context)).find(([, one]) => !one.isTest) ?? [];
	if (url === undefined) return;
	const isGiven = secretsGiven.get(registered(context)[url]?.id ?? '') === klaviyo.webhookSecret;
	if ((await isThere(context, klaviyo, url, true)) && isGiven) return;
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
	const id = registered(context)[url]?.id;
	if (id === undefined) return true;
	const gone = id === '' || (await deleteWebhook(await klaviyoOf(context), id));
	if (gone) forget(context, url);
	return gone;
}
