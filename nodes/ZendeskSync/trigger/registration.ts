/** The life of the trigger's own webhook at Zendesk. https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/ */
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { TicketEventName } from '../../../domain/items';
import { isOk } from '../../shared/http';
import { assertReceivable, remoteName } from '../../shared/registration';
import { deliverToSelf, isTestUrl, type SignedRequest } from '../../shared/testDelivery';
import { readPages, zendeskOf, type Zendesk } from '../api/client';
import { oneWebhook, signingSecret, webhookPage } from '../api/wire';
import { sign } from '../api/signature';
import { newestEvents } from './newest';
import { subscriptionsOf } from './ticketEvents';
import { toWebhook } from './webhookBody';

const PATH = '/api/v2/webhooks';

/** In the node's static data. Write-once: n8n can put an older copy back. */
interface Registered {
	webhookId?: string;
	signingSecret?: string;
}

export const registered = (
	context: IHookFunctions | IWebhookFunctions | IPollFunctions,
): Registered => context.getWorkflowStaticData('node') as Registered;

const urlOf = (context: IHookFunctions | IWebhookFunctions): string =>
	context.getNodeWebhookUrl('default') ?? '';

async function idsNamed(zendesk: Zendesk, name: string): Promise<string[]> {
	const what = 'The webhooks could not be listed';
	const query = { 'filter[name_contains]': name };
	const { pages, last } = await readPages(zendesk, what, PATH, query, webhookPage);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return pages.flatMap(({ webhooks }) =>
		webhooks.filter((one) => one.name === name).map(({ id }) => id),
	);
}

/** @throws NodeApiError when Zendesk does not tell */
export async function readSecret(zendesk: Zendesk, webhookId: string): Promise<string> {
	const what = "The webhook's signing secret could not be read";
	const path = `${PATH}/${webhookId}/signing_secret`;
	const answer = await zendesk.must(what, { method: 'GET', path, repeatable: true });
	return zendesk.read(what, signingSecret, answer).signing_secret.secret;
}

const deleteWebhook = async (zendesk: Zendesk, id: string): Promise<boolean> => {
	const answer = await zendesk.attempt({
		method: 'DELETE',
		path: `${PATH}/${id}`,
		repeatable: true,
	});
	return isOk(answer) || answer.status === 404;
};

/**
 * One call: n8n asks at each start. What only passes (rate limit, 5xx, no answer) counts as "exists", since the
 * contrary would make a second webhook, and an exception would make n8n delete the first.
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	const { webhookId } = registered(context);
	if (!webhookId) return false;
	const zendesk = await zendeskOf(context);
	const path = `${PATH}/${webhookId}`;
	const answer = await zendesk.attempt({ method: 'GET', path, repeatable: false });
	if (answer.status === 404) return false;
	if (!isOk(answer)) return true;
	const { webhook } = zendesk.read('The webhook', oneWebhook, answer);
	// Another node's: the workflow was copied with its static data.
	if (webhook.name !== remoteName(context, urlOf(context))) return false;
	// Left from an earlier publication, which n8n could not take back then: it is made anew.
	const { endpoint, subscriptions } = webhook;
	if (endpoint && endpoint !== urlOf(context)) return false;
	const wanted = subscriptionsOf(context.getNodeParameter('events', []) as TicketEventName[]);
	if (subscriptions && [...subscriptions].sort().join() !== wanted.sort().join()) return false;
	if (webhook.status === 'inactive')
		await zendesk.attempt({
			method: 'PATCH',
			path,
			body: { webhook: { status: 'active' } },
			repeatable: true,
		});
	return true;
}

/** Takes over a webhook of this node that was forgotten, or registers one; a half-made one is removed again. */
export async function create(context: IHookFunctions): Promise<boolean> {
	const endpoint = urlOf(context);
	assertReceivable(context, endpoint);
	const zendesk = await zendeskOf(context);
	const name = remoteName(context, endpoint);
	const events = context.getNodeParameter('events', []) as TicketEventName[];
	const webhook = {
		name,
		endpoint,
		http_method: 'POST',
		request_format: 'json',
		status: 'active',
		subscriptions: subscriptionsOf(events),
	};
	// One that is left over may listen to other events, which cannot be told from its list entry: it is made anew.
	for (const id of await idsNamed(zendesk, name)) await deleteWebhook(zendesk, id);
	let id: string | undefined;
	let secret: string | undefined;
	try {
		const what = 'The webhook could not be registered';
		const call = { method: 'POST', path: PATH, body: { webhook }, repeatable: false } as const;
		({ id } = zendesk.read(what, oneWebhook, await zendesk.must(what, call)).webhook);
		secret = await readSecret(zendesk, id);
	} finally {
		// n8n forgets what a failed activation made, and would never ask Zendesk to remove it.
		if (secret === undefined) await removeNamed(zendesk, name, id);
	}
	Object.assign(registered(context), { webhookId: id, signingSecret: secret });
	knownSecrets.set(name, { at: Date.now(), secret: Promise.resolve(secret) });
	// Not awaited: n8n listens only when this has returned.
	if (isTestUrl(endpoint))
		void deliverToSelf(context, endpoint, () => newestDelivery(context, secret));
	return true;
}

/** The newest real event, as Zendesk would have sent it. */
async function newestDelivery(context: IHookFunctions, secret: string): Promise<SignedRequest> {
	const newest = (await newestEvents(context))?.at(-1);
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

async function removeNamed(zendesk: Zendesk, name: string, id: string | undefined): Promise<void> {
	for (const one of id ? [id] : await idsNamed(zendesk, name)) await deleteWebhook(zendesk, one);
}

/** @returns false when Zendesk could not remove it now: the next registration finds it by its name */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const { webhookId } = registered(context);
	if (!webhookId) return true;
	const gone = await deleteWebhook(await zendeskOf(context), webhookId);
	if (gone) {
		const data = context.getWorkflowStaticData('node');
		delete data.webhookId;
		delete data.signingSecret;
	}
	return gone;
}

interface KnownSecret {
	at: number;
	secret: Promise<string | undefined>;
}

/** What this process last learnt about each webhook's secret, by the webhook's name. */
const knownSecrets = new Map<string, KnownSecret>();
const AT_MOST_EVERY = 60_000;

/**
 * The secret as Zendesk has it, for a signature that does not match: static data can lose it, n8n can put an older
 * copy back, and it saves a new one only when the first catch-up has ended, while webhooks come in already. Read at
 * most once a minute, so that a stranger cannot make us ask Zendesk for each request of his.
 *
 * @returns undefined when it cannot be read
 */
export async function secretAgain(context: IWebhookFunctions): Promise<string | undefined> {
	const name = remoteName(context, urlOf(context));
	const known = knownSecrets.get(name);
	if (known && Date.now() - known.at < AT_MOST_EVERY) return await known.secret;
	const secret = readAgain(context, name);
	// Before it is there: requests that come side by side wait for the same answer.
	knownSecrets.set(name, { at: Date.now(), secret });
	return await secret;
}

async function readAgain(context: IWebhookFunctions, name: string): Promise<string | undefined> {
	try {
		const zendesk = await zendeskOf(context);
		const [webhookId] = await idsNamed(zendesk, name);
		if (!webhookId) return undefined;
		const secret = await readSecret(zendesk, webhookId);
		Object.assign(registered(context), { webhookId, signingSecret: secret });
		return secret;
	} catch (error) {
		context.logger.warn('Zendesk Sync Trigger could not read its signing secret again', { error });
		return undefined;
	}
}
