/**
 * An hour in which nobody calls n8n, since somebody has removed its webhooks at both vendors: what came meanwhile is
 * caught up, the webhooks are there again, and tokens that have ended are renewed. Needs an n8n with `movesClock`.
 */
import type { Sandbox } from '../../sandbox/types';
import type { Stage } from '../demo/stage';
import { until } from '../n8n/until';

const MINUTE = 60_000;
const RETRY_FOR_MS = 60_000;
/** Longer than Zendesk's tokens live, and than triggers go without looking for their webhooks. */
const HOUR = 65 * MINUTE;
/** Fictional (555-01xx). */
const phoneOf = (round: number): string => `+121255501${70 + round}`;

async function remove(url: string, headers: Record<string, string>): Promise<void> {
	// Klaviyo takes one such call a second.
	await until(`${url} to be removed`, async () => {
		const { status } = await fetch(url, { method: 'DELETE', headers });
		if (status !== 204) throw new Error(`status ${status}`);
		return true;
	});
}

/** As a person would who tidies up in the wrong place. */
async function removeWebhooks({ zendesk, klaviyo }: Sandbox): Promise<void> {
	const { email, apiToken } = zendesk.account;
	const basic = Buffer.from(`${email}/token:${apiToken}`).toString('base64');
	for (const { id } of zendesk.webhooks())
		await remove(`${zendesk.url}/api/v2/webhooks/${id}`, { authorization: `Basic ${basic}` });
	const authorization = `Klaviyo-API-Key ${klaviyo.account.apiKey}`;
	for (const { id } of klaviyo.webhooks())
		await remove(`${klaviyo.url}/api/webhooks/${id}`, { authorization, revision: '2026-07-15' });
}

/** @param round a number of its own for each time on one stage */
export async function playUnheardHour({ sandbox }: Stage, round = 1): Promise<void> {
	const phone = phoneOf(round);
	const [unheard, heard, reply] = [`Anybody ${round}?`, `Hello ${round}`, `Here I am ${round}`];
	const { zendesk, klaviyo } = sandbox;
	const becomes = async (what: string, isSo: () => boolean): Promise<true> =>
		await sandbox.until(what, isSo, RETRY_FOR_MS);
	const ticket = () => zendesk.tickets().find(({ externalId }) => externalId?.endsWith(phone));
	const has = (body: string) => () =>
		ticket()?.comments.some((comment) => comment.body === body) === true;
	const phoneHas = (body: string) => () => klaviyo.phone(phone).some((one) => one.body === body);
	const count = () => zendesk.webhooks().length + klaviyo.webhooks().length;
	const tokens = () =>
		sandbox.calls().filter(({ path, status }) => path.startsWith('/oauth/token') && status === 200)
			.length;

	klaviyo.addProfile({ phone, smsMarketing: true, smsTransactional: true });
	const before = { webhooks: count(), tokens: tokens() };
	await removeWebhooks(sandbox);
	klaviyo.customerWrites({ from: phone, body: unheard });
	await sandbox.clock.advance(HOUR);
	await becomes('the message of which n8n heard nothing', has(unheard));
	if (tokens() === before.tokens) throw new Error('No token was renewed');
	await becomes('the webhooks to come back', () => count() === before.webhooks);

	const deliveries = sandbox.deliveries().length;
	klaviyo.customerWrites({ from: phone, body: heard });
	await becomes('a message by the new webhook', has(heard));
	zendesk.agentComments(ticket()?.id ?? '', reply, { public: true });
	await becomes('a reply by the new webhook', phoneHas(reply));
	await sandbox.deliveriesSettled();
	const answers = sandbox
		.deliveries()
		.slice(deliveries)
		.map(({ status }) => status);
	if (answers.length < 2 || answers.some((status) => status !== 200))
		throw new Error(`n8n answered the new webhooks with ${answers.join(', ')}`);
}
