/** The life of the trigger's own webhook at Zendesk. */
import { type IHookFunctions, type IPollFunctions, NodeOperationError } from 'n8n-workflow';
import {
	assertReceivable,
	countsAsThere,
	lookUpDeadline,
	remoteName,
	registerAgain,
} from '../../shared/registration';
import { deliverToSelf, isTest, type SignedRequest } from '../../shared/testDelivery';
import { withDeadlineFor } from '../../shared/transport';
import { zendeskOf, type Zendesk } from '../api/client';
import { sign } from '../api/signature';
import {
	activateWebhook,
	createWebhook,
	deleteWebhook,
	readSecret,
	webhookById,
	webhooksNamed,
} from '../api/webhooks';
import { eventsWanted } from './filter';
import { newestEvents } from './sampleEvents';
import { registered } from './webhookState';
import { rememberSecret } from './secret';
import { subscriptionsOf } from './ticketEvents';
import { toWebhook } from './webhookBody';

type TriggerContext = IHookFunctions | IPollFunctions;

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';

const isSameList = (one: string[], other: string[]): boolean =>
	[...one].sort().join() === [...other].sort().join();

/** Whether the webhook is there as this node wants it, and active again where somebody had turned it off. */
async function isThere(context: TriggerContext, zendesk: Zendesk, url: string): Promise<boolean> {
	const { webhookId } = registered(context);
	if (!webhookId) return false;
	const webhook = await webhookById(zendesk, webhookId);
	// Another node's: the workflow was copied with its static data.
	if (webhook?.name !== remoteName(context, url)) return false;
	// Left from an earlier publication, which n8n could not take back then: it is made anew.
	const { endpoint, subscriptions } = webhook;
	if (endpoint && endpoint !== url) return false;
	if (subscriptions && !isSameList(subscriptions, subscriptionsOf(eventsWanted(context))))
		return false;
	if (webhook.status === 'inactive') await activateWebhook(zendesk, webhookId);
	return true;
}

interface Made {
	webhookId: string;
	signingSecret: string;
}

/** Registers the webhook in place of any that this node has left behind; a half-made one is removed again. */
async function establish(context: TriggerContext, zendesk: Zendesk, url: string): Promise<string> {
	const name = remoteName(context, url);
	const making = replaceWebhook(context, zendesk, name, url);
	rememberSecret(
		name,
		making.then(({ signingSecret }) => signingSecret),
	);
	const made = await making;
	Object.assign(registered(context), { ...made, endpoint: url });
	return made.signingSecret;
}

async function replaceWebhook(
	context: TriggerContext,
	zendesk: Zendesk,
	name: string,
	url: string,
): Promise<Made> {
	// One that is left over may listen to other events: it is made anew.
	for (const id of await webhooksNamed(zendesk, name)) await deleteWebhook(zendesk, id);
	const subscriptions = subscriptionsOf(eventsWanted(context));
	let webhookId: string | undefined;
	let signingSecret: string | undefined;
	try {
		webhookId = await createWebhook(zendesk, { name, endpoint: url, subscriptions });
		signingSecret = await readSecret(zendesk, webhookId);
	} finally {
		// n8n forgets what a failed activation made, and would never ask Zendesk to remove it.
		if (signingSecret === undefined) await removeNamed(zendesk, name, webhookId);
	}
	return { webhookId, signingSecret };
}

/** One call, as a rule: n8n asks at each start. */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	if (!registered(context).webhookId) return false;
	return await countsAsThere(context, async () => {
		const zendesk = withDeadlineFor(await zendeskOf(context), lookUpDeadline());
		return await isThere(context, zendesk, urlOf(context));
	});
}

export async function create(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	assertReceivable(context, url);
	// n8n gives a test a copy of what production knows: the end of a test that fails here must not remove that webhook.
	if (isTest(context) && registered(context).endpoint !== url) forget(context);
	const { webhookId, endpoint } = registered(context);
	await registerAgain(context, Boolean(webhookId) && endpoint === url, async () => {
		const secret = await establish(context, await zendeskOf(context), url);
		if (isTest(context)) await deliverToSelf(context, url, () => newestDelivery(context, secret));
	});
	return true;
}

/** While the workflow runs: activates the webhook, or registers it again, when somebody took it away. */
export async function repair(context: IPollFunctions, zendesk: Zendesk): Promise<void> {
	const { endpoint } = registered(context);
	if (!endpoint || (await isThere(context, zendesk, endpoint))) return;
	await establish(context, zendesk, endpoint);
}

/** @returns false when Zendesk could not remove it now: the next registration finds it by its name */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const { webhookId } = registered(context);
	if (!webhookId) return true;
	const gone = await deleteWebhook(await zendeskOf(context), webhookId);
	if (gone) forget(context);
	return gone;
}

function forget(context: IHookFunctions): void {
	const known = registered(context);
	delete known.webhookId;
	delete known.signingSecret;
	delete known.endpoint;
}

async function removeNamed(zendesk: Zendesk, name: string, id: string | undefined): Promise<void> {
	for (const one of id ? [id] : await webhooksNamed(zendesk, name))
		await deleteWebhook(zendesk, one);
}

/** The newest real event, as Zendesk would have sent it. */
async function newestDelivery(context: IHookFunctions, secret: string): Promise<SignedRequest> {
	const newest = (await newestEvents(context)).newest.at(-1);
	if (!newest)
		throw new NodeOperationError(context.getNode(), 'nothing of the kind has happened lately');
	const body = Buffer.from(JSON.stringify(toWebhook(newest)));
	const timestamp = new Date().toISOString();
	return {
		body,
		headers: {
			'x-zendesk-webhook-signature': sign(secret, timestamp, body),
			'x-zendesk-webhook-signature-timestamp': timestamp,
		},
	};
}
