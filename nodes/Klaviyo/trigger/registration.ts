/** Registers, checks and removes the trigger's webhook in Klaviyo. */
import type { IHookFunctions, IPollFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { MIN_WEBHOOK_SECRET_LENGTH } from '../../shared/klaviyoAccount';
import {
	expectAt,
	forgetOwn,
	isProductionUnseen,
	ownWebhook,
	productionUrl,
	sawOwn,
} from '../../shared/ownWebhook';
import { nodeKey, processMemory } from '../../shared/processMemory';
import {
	assertReceivable,
	countsAsThere,
	lookedFor,
	registerAgain,
	registered,
	remoteName,
	startDeadline,
} from '../../shared/registration';
import { askSelf, deliverToSelf, isTest } from '../../shared/testDelivery';
import { withDeadlineFor } from '../../shared/transport';
import { type Klaviyo, klaviyoOf } from '../api/client';
import { type MessageMetric, topicOf } from '../api/messageMetrics';
import {
	createWebhook,
	deleteWebhook,
	enableWebhook,
	klaviyoForWebhooks,
	renewWebhook,
	topicsIn,
	webhookById,
	webhooksNamed,
	type WebhookSettings,
} from '../api/webhooks';
import { missingTopics, topicsOf, withoutTopic } from '../api/webhookTopics';
import { chosenMetrics, sourceOf } from './events';
import { newestDelivery, newestFlowDelivery } from './testDelivery';

type TriggerContext = IHookFunctions | IPollFunctions;

interface Registration {
	/** '' if there is no webhook, because the account had no topic for any chosen event. */
	id: string;
	isTest: boolean;
}

/** By the URL that they call, so that the test and the production registration are kept apart. */
type Registrations = Record<string, Registration>;

const registrationsOf = (context: TriggerContext): Registrations =>
	(context.getWorkflowStaticData('node').webhooks ?? {}) as Registrations;

/** Forgets another URL of the same kind, production or test: a node has one of each. */
function remember(context: TriggerContext, url: string, id: string): void {
	const registration = { id, isTest: isTest(context) };
	const others = Object.entries(registrationsOf(context)).filter(
		([known, one]) => known !== url && one.isTest !== registration.isTest,
	);
	save(context, [...others, [url, registration]]);
	sawOwn(context, url, id);
}

function forget(context: TriggerContext, url: string): void {
	save(
		context,
		Object.entries(registrationsOf(context)).filter(([known]) => known !== url),
	);
	forgetOwn(context, url);
}

/** The id of the webhook that calls the URL: '' if there is none to have, undefined if none is known. */
const idAt = (context: TriggerContext, url: string): string | undefined =>
	ownWebhook(context, url)?.id ?? registrationsOf(context)[url]?.id;

const calledAt = (context: IPollFunctions): string | undefined =>
	productionUrl(context) ??
	Object.entries(registrationsOf(context)).find(([, one]) => !one.isTest)?.[0];

function save(context: TriggerContext, all: Array<[url: string, Registration]>): void {
	// A new object: n8n notices assignments to static data itself, but not inside its values.
	context.getWorkflowStaticData('node').webhooks = Object.fromEntries(all);
}

/** Whether the account had no topic for any chosen event, so that polling brings all of them. */
export function isWithoutWebhook(context: IPollFunctions): boolean {
	const url = calledAt(context);
	return url !== undefined && idAt(context, url) === '';
}

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';

/** @throws NodeOperationError if the secret is too short */
function assertSecret(context: TriggerContext, klaviyo: Klaviyo): void {
	const { length } = klaviyo.webhookSecret;
	if (length >= MIN_WEBHOOK_SECRET_LENGTH) return;
	throw new NodeOperationError(
		context.getNode(),
		`The credential's 'Webhook Secret' is ${length === 0 ? 'empty' : 'too short'}`,
		{
			description: `Open the credential, make up at least ${MIN_WEBHOOK_SECRET_LENGTH} characters that nobody can guess, and publish the workflow again. Or set 'Source' to 'Polling Only', which needs no secret.`,
		},
	);
}

/**
 * The topics to subscribe to: all that the account has for the chosen events. Polling brings events without a topic. If
 * Klaviyo does not list its topics now, those of SMS with today's names are used: Klaviyo validates them anyway, and the
 * hourly check adds the others.
 */
async function wantedTopics(context: TriggerContext, klaviyo: Klaviyo): Promise<string[]> {
	const chosen = chosenMetrics(context);
	const topics =
		(await topicsOf(klaviyo, chosen)) ??
		chosen.filter(({ channel }) => channel === 'sms').map(topicOf);
	const without = missingTopics(chosen, topics);
	if (without.length > 0)
		context.logger.warn(
			`${context.getNode().name}: this account has no webhook topic for ${without.map(({ name }) => `'${name}'`).join(', ')}, so polling brings those events`,
		);
	return topics;
}

/**
 * Whether a webhook with these topics brings all chosen events for which the account has topics. If Klaviyo does not say,
 * the answer is yes.
 *
 * @param isThorough whether to list the account's topics even if each event has one: it may have got another name
 */
async function bringsAll(
	context: TriggerContext,
	klaviyo: Klaviyo,
	topics: readonly string[] | undefined,
	isThorough: boolean,
): Promise<boolean> {
	const chosen = chosenMetrics(context);
	if (topics === undefined) return true;
	if (!isThorough && missingTopics(chosen, topics).length === 0) return true;
	const listed = await topicsOf(klaviyo, chosen);
	return listed === undefined || listed.every((topic) => topics.includes(topic));
}

/** Whether the webhook exists as this node needs it. If Klaviyo turned it off, it is turned on again. */
async function isThere(
	context: TriggerContext,
	klaviyo: Klaviyo,
	url: string,
	isThorough: boolean,
): Promise<boolean> {
	const id = idAt(context, url);
	if (!id) return false;
	const webhook = await webhookById(klaviyo, id);
	if (webhook === undefined || webhook.attributes.name !== remoteName(context, url)) return false;
	const topics = topicsIn(webhook);
	if (!(await bringsAll(context, klaviyo, topics, isThorough))) return false;
	if (topics) subscribed.set(nodeKey(context), topics);
	if (webhook.attributes.enabled === false) await enableWebhook(klaviyo, id);
	sawOwn(context, url, id);
	return true;
}

/** The topics of each trigger's webhook, as this process last saw them. */
const subscribed = processMemory<readonly string[]>();

/** The chosen metrics that the webhook does not bring, as far as is known. */
export const unheardMetrics = (context: IPollFunctions): MessageMetric[] => {
	const topics = subscribed.get(nodeKey(context));
	return topics === undefined ? [] : withoutTopic(chosenMetrics(context), topics);
};

/** The secret that this process last gave Klaviyo for a webhook, by the webhook's id. Klaviyo does not return it. */
const secretsGiven = processMemory<string>();

/** Takes over a forgotten webhook of this node, or registers one. If that fails halfway, the new one is removed. */
async function establish(context: TriggerContext, asked: Klaviyo, url: string): Promise<void> {
	const klaviyo = klaviyoForWebhooks(asked);
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
		const id = own?.id ?? (await registerNew(klaviyo, settings));
		remember(context, url, id);
		subscribed.set(nodeKey(context), topics);
		secretsGiven.set(id, klaviyo.webhookSecret);
	}
	for (const { id } of surplus) await deleteWebhook(klaviyo, id);
}

/** Usually one call: n8n asks at each start. */
export const checkExists = async (context: IHookFunctions): Promise<boolean> =>
	await lookedFor(context, async () => await exists(context));

async function exists(context: IHookFunctions): Promise<boolean> {
	const source = sourceOf(context);
	const url = urlOf(context);
	// Nothing calls it: only a test is to be answered, or something left to be removed.
	if (source === 'polling') return !isTest(context) && !idAt(context, url);
	expectAt(context, url);
	// The builder creates the flow: there is nothing to look for, and `create` costs nothing.
	if (source === 'flowWebhook') return false;
	// What a poll has registered meanwhile is taken over, so that n8n keeps its id.
	const id = registrationsOf(context)[url]?.id;
	if (id === undefined || id !== idAt(context, url)) return false;
	return await countsAsThere(context, async () => {
		const klaviyo = withDeadlineFor(await klaviyoOf(context), startDeadline());
		return await isThere(context, klaviyo, url, false);
	});
}

export const create = async (context: IHookFunctions): Promise<boolean> =>
	await registered(context, async () => await register(context));

async function register(context: IHookFunctions): Promise<void> {
	const url = urlOf(context);
	const source = sourceOf(context);
	if (source === 'polling') return await registerNothing(context, url);
	assertReceivable(context, url);
	expectAt(context, url);
	const klaviyo = await klaviyoOf(context);
	const isFlow = source === 'flowWebhook';
	if (isFlow) {
		assertSecret(context, klaviyo);
		await removeLeft(context, withDeadlineFor(klaviyo, startDeadline()), url);
	} else
		await registerAgain(
			context,
			Boolean(idAt(context, url)),
			async (deadline) => await establish(context, withDeadlineFor(klaviyo, deadline), url),
		);
	if (isTest(context))
		await deliverToSelf(context, url, async () =>
			isFlow
				? await newestFlowDelivery(context, klaviyo, url)
				: await newestDelivery(context, klaviyo),
		);
}

/** n8n has a URL for it all the same, and waits at it when the node is tried out. */
async function registerNothing(context: IHookFunctions, url: string): Promise<void> {
	if (isTest(context)) askSelf(context, url);
	else await removeLeft(context, await klaviyoOf(context), url);
}

/** Removes a webhook that was left when the source was changed. */
async function removeLeft(context: IHookFunctions, klaviyo: Klaviyo, url: string): Promise<void> {
	const id = idAt(context, url);
	if (id === '' || (id && (await deleteWebhook(klaviyo, id)))) forget(context, url);
}

/**
 * Turns the webhook on, or registers it again, if Klaviyo or somebody removed it while the workflow is running, and gives
 * it the credential's secret, which may have been changed.
 */
export async function repair(context: IPollFunctions, klaviyo: Klaviyo): Promise<void> {
	const url = calledAt(context);
	if (url === undefined) return;
	const isGiven = secretsGiven.get(idAt(context, url) ?? '') === klaviyo.webhookSecret;
	if ((await isThere(context, klaviyo, url, true)) && isGiven) return;
	await establish(context, klaviyo, url);
}

async function registerNew(klaviyo: Klaviyo, settings: WebhookSettings): Promise<string> {
	try {
		return await createWebhook(klaviyo, settings);
	} catch (error) {
		const refusal = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
		// Unless it was clearly refused, it may have been created; without its id, n8n would never remove it.
		if (!refusal.httpCode?.startsWith('4')) await removeNamed(klaviyo, settings.name);
		throw refusal;
	}
}

/** Removes what Klaviyo lets it remove. The next registration takes over the rest. */
async function removeNamed(klaviyo: Klaviyo, name: string): Promise<void> {
	const left = await webhooksNamed(klaviyo, name).catch(() => []);
	for (const { id } of left) await deleteWebhook(klaviyo, id);
}

/** @returns false if Klaviyo could not remove it now: the id is kept, and the next registration takes it over */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	const id = idAt(context, url);
	if (id === undefined) return true;
	const klaviyo = await klaviyoOf(context);
	const gone = id === '' || (await deleteWebhook(klaviyo, id));
	// A poll of an earlier process may have registered another one.
	if (gone && isProductionUnseen(context, url))
		await removeNamed(klaviyo, remoteName(context, url));
	if (gone) forget(context, url);
	return gone;
}
