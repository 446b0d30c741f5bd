/** Registers, checks and removes the trigger's webhook in Zendesk. */
import { type IHookFunctions, type IPollFunctions, NodeOperationError } from 'n8n-workflow';
import {
	expectAt,
	forgetOwn,
	isProductionUnseen,
	ownWebhook,
	productionUrl,
	sawOwn,
} from '../../shared/ownWebhook';
import {
	assertReceivable,
	countsAsThere,
	lookedFor,
	registerAgain,
	registered,
	remoteName,
	startDeadline,
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
	zendeskForWebhooks,
} from '../api/webhooks';
import { eventsWanted } from './filter';
import { newestEvents } from './sampleEvents';
import { webhookState } from './webhookState';
import { rememberSecret } from './secret';
import { subscriptionsOf, withoutRatings } from './ticketEvents';
import { toWebhook } from './webhookBody';

type TriggerContext = IHookFunctions | IPollFunctions;

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';

/** The id of the webhook that calls the URL, as far as it is known. */
const idAt = (context: TriggerContext, url: string): string | undefined =>
	ownWebhook(context, url)?.id ?? webhookState(context).webhookId;

const isSameList = (one: string[], other: string[]): boolean =>
	[...one].sort().join() === [...other].sort().join();

/** Whether the webhook exists as this node needs it. If somebody turned it off, it is activated again. */
async function isThere(context: TriggerContext, zendesk: Zendesk, url: string): Promise<boolean> {
	const id = idAt(context, url);
	if (!id) return false;
	const webhook = await webhookById(zendesk, id);
	// The webhook of another node: the workflow was copied with its static data.
	if (webhook?.name !== remoteName(context, url)) return false;
	// Left over from an earlier publication that n8n could not undo: it is created anew.
	const { endpoint, subscriptions } = webhook;
	if (endpoint && endpoint !== url) return false;
	const wanted = subscriptionsOf(eventsWanted(context));
	if (
		subscriptions &&
		![wanted, withoutRatings(wanted)].some((list) => isSameList(subscriptions, list))
	)
		return false;
	if (webhook.status === 'inactive') await activateWebhook(zendesk, id);
	sawOwn(context, url, id);
	return true;
}

interface NewWebhook {
	webhookId: string;
	signingSecret: string;
}

/** Registers the webhook in place of any that this node left behind. If that fails halfway, the new one is removed. */
async function establish(context: TriggerContext, zendesk: Zendesk, url: string): Promise<string> {
	const name = remoteName(context, url);
	const making = replaceWebhook(context, zendeskForWebhooks(zendesk), name, url);
	rememberSecret(
		name,
		making.then(({ signingSecret }) => signingSecret),
	);
	const made = await making;
	Object.assign(webhookState(context), { ...made, endpoint: url });
	sawOwn(context, url, made.webhookId);
	return made.signingSecret;
}

async function replaceWebhook(
	context: TriggerContext,
	zendesk: Zendesk,
	name: string,
	url: string,
): Promise<NewWebhook> {
	// A leftover webhook may be subscribed to other events, so it is replaced.
	for (const id of await webhooksNamed(zendesk, name)) await deleteWebhook(zendesk, id);
	const events = eventsWanted(context);
	const [subscriptions, isRated] = [subscriptionsOf(events), events.includes('rated')];
	let webhookId: string | undefined;
	let signingSecret: string | undefined;
	try {
		const settings = { name, endpoint: url, subscriptions };
		const made = await createWebhook(
			zendesk,
			settings,
			isRated ? withoutRatings(subscriptions) : undefined,
		);
		webhookId = made.id;
		if (made.hasFewer)
			context.logger.warn(
				`${context.getNode().name}: this Zendesk account has no webhook event for ratings. Polling brings them some minutes later.`,
			);
		signingSecret = await readSecret(zendesk, webhookId);
	} finally {
		// n8n forgets what a failed activation created, and would never ask Zendesk to remove it.
		if (signingSecret === undefined) await removeNamed(zendesk, name, webhookId);
	}
	return { webhookId, signingSecret };
}

/** Usually one call: n8n asks at each start. */
export const checkExists = async (context: IHookFunctions): Promise<boolean> =>
	await lookedFor(context, async () => await exists(context));

async function exists(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	expectAt(context, url);
	// What a poll has registered meanwhile is registered anew, so that n8n keeps what belongs to it.
	const { webhookId } = webhookState(context);
	if (!webhookId || webhookId !== idAt(context, url)) return false;
	return await countsAsThere(context, async () => {
		const zendesk = withDeadlineFor(await zendeskOf(context), startDeadline());
		return await isThere(context, zendesk, url);
	});
}

export const create = async (context: IHookFunctions): Promise<boolean> =>
	await registered(context, async () => await register(context));

async function register(context: IHookFunctions): Promise<void> {
	const url = urlOf(context);
	assertReceivable(context, url);
	expectAt(context, url);
	// n8n gives a test a copy of the production state. If the test fails here, its end must not remove that webhook.
	if (isTest(context) && webhookState(context).endpoint !== url) forget(context);
	const { webhookId, endpoint } = webhookState(context);
	await registerAgain(context, Boolean(webhookId) && endpoint === url, async (deadline) => {
		const zendesk = withDeadlineFor(await zendeskOf(context), deadline);
		const secret = await establish(context, zendesk, url);
		if (isTest(context)) await deliverToSelf(context, url, () => newestDelivery(context, secret));
	});
}

/** Activates the webhook, or registers it again, if somebody removed it while the workflow is running. */
export async function repair(context: IPollFunctions, zendesk: Zendesk): Promise<void> {
	const url = productionUrl(context) ?? webhookState(context).endpoint;
	if (!url) return;
	if (!idAt(context, url)) {
		const [found] = await webhooksNamed(zendesk, remoteName(context, url));
		if (found) sawOwn(context, url, found);
	}
	if (await isThere(context, zendesk, url)) return;
	await establish(context, zendesk, url);
}

/** @returns false if Zendesk could not remove it now: the next registration finds it by its name */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const url = urlOf(context);
	const id = idAt(context, url);
	if (!id) return true;
	const zendesk = await zendeskOf(context);
	const gone = await deleteWebhook(zendesk, id);
	// A poll of an earlier process may have registered another one.
	if (gone && isProductionUnseen(context, url))
		await removeNamed(zendesk, remoteName(context, url), undefined);
	if (gone) forget(context);
	if (gone) forgetOwn(context, url);
	return gone;
}

function forget(context: IHookFunctions): void {
	const known = webhookState(context);
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
		throw new NodeOperationError(context.getNode(), 'no such event occurred in the last 24 hours');
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
