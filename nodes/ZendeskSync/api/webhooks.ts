/** Zendesk's webhooks. https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/ */
import { isOk, sentences, type VendorAnswer } from '../../shared/answer';
import { forWebhooks } from '../../shared/webhookRefusal';
import { errorText, readPages, type Zendesk } from './client';
import { saysGone } from './gone';
import { oneWebhook, signingSecret, webhookPage, type WireWebhook } from './wire';
import { paths } from './paths';

export interface WebhookSettings {
	name: string;
	endpoint: string;
	subscriptions: string[];
}

/** The same vendor, with errors that say what to do if the credential's user may not manage webhooks. */
export const zendeskForWebhooks = (zendesk: Zendesk): Zendesk =>
	forWebhooks(zendesk, (answer) => {
		const said = errorText(answer);
		if (/\bscopes?\b/i.test(said)) return undefined;
		return {
			message: "The credential's user may not manage webhooks in Zendesk (status 403)",
			description: `${sentences([
				"Connect an administrator, or let the user's role manage webhooks. Then publish the workflow again",
				said && `Zendesk says: ${said}`,
			])}.`,
		};
	});

/**
 * @returns the webhook; undefined if Zendesk says that it is gone
 * @throws NodeApiError for any other answer, which does not say whether the webhook exists
 */
export async function webhookById(zendesk: Zendesk, id: string): Promise<WireWebhook | undefined> {
	const what = 'The webhook could not be read';
	const answer = await zendesk.request({
		method: 'GET',
		path: paths.webhook(id),
		repeatable: false,
	});
	if (saysGone(answer)) return undefined;
	if (!isOk(answer)) throw zendesk.refusal(what, answer);
	return zendesk.read(what, oneWebhook, answer).webhook;
}

/** Ids of the webhooks with exactly this name. */
export async function webhooksNamed(zendesk: Zendesk, name: string): Promise<string[]> {
	const what = 'The webhooks could not be listed';
	const query = { 'filter[name_contains]': name };
	const { pages, last } = await readPages(zendesk, what, paths.webhooks, query, webhookPage);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return pages.flatMap(({ webhooks }) =>
		webhooks.filter((one) => one.name === name).map(({ id }) => id),
	);
}

/** Whether Zendesk refused what was asked for, and not the one who asked. */
const isInvalid = ({ status }: VendorAnswer): boolean => status === 400 || status === 422;

/**
 * @param fewer the subscriptions for an account that refuses those that were asked for
 * @returns the new webhook's id, and whether it has only the fewer subscriptions
 */
export async function createWebhook(
	zendesk: Zendesk,
	{ name, endpoint, subscriptions }: WebhookSettings,
	fewer?: readonly string[],
): Promise<{ id: string; hasFewer: boolean }> {
	const what = 'The webhook could not be registered';
	const create = async (types: readonly string[]): Promise<VendorAnswer> => {
		const settings = { http_method: 'POST', request_format: 'json', status: 'active' };
		const webhook = { name, endpoint, ...settings, subscriptions: [...types] };
		return await zendesk.request({
			method: 'POST',
			path: paths.webhooks,
			body: { webhook },
			repeatable: false,
		});
	};
	const first = await create(subscriptions);
	const hasFewer = fewer !== undefined && isInvalid(first);
	const answer = hasFewer ? await create(fewer) : first;
	if (!isOk(answer)) throw zendesk.refusal(what, answer);
	return { id: zendesk.read(what, oneWebhook, answer).webhook.id, hasFewer };
}

export async function activateWebhook(zendesk: Zendesk, id: string): Promise<void> {
	const body = { webhook: { status: 'active' } };
	await zendesk.tryRequest({ method: 'PATCH', path: paths.webhook(id), body, repeatable: true });
}

/** @returns whether it is gone */
export async function deleteWebhook(zendesk: Zendesk, id: string): Promise<boolean> {
	const path = paths.webhook(id);
	const answer = await zendesk.tryRequest({ method: 'DELETE', path, repeatable: true });
	return isOk(answer) || saysGone(answer);
}

/** @throws NodeApiError if Zendesk does not return it */
export async function readSecret(zendesk: Zendesk, id: string): Promise<string> {
	const what = "The webhook's signing secret could not be read";
	const path = paths.signingSecret(id);
	const answer = await zendesk.requestOk(what, { method: 'GET', path, repeatable: true });
	return zendesk.read(what, signingSecret, answer).signing_secret.secret;
}
