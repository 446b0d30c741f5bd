/** What the nodes of this package need from a Klaviyo account, and how each is checked. */
import { MIN_WEBHOOK_SECRET_LENGTH } from '../../../shared/klaviyoAccount';
import { isPage } from '../../../shared/answer';
import type { CheckResult } from '../../../shared/setupCheck';
import { wordsOfAnswer } from '../../api/errors';
import {
	type Capability,
	fromRead,
	fromWrite,
	NO_ID,
	NO_RESOURCE,
	type Probes,
} from '../../api/probes';
import { accountResource, page, profileResource } from '../../api/wire';
import { inboundMessages, outboundMessages, smsMetrics, smsTopics } from './smsCapabilities';
import { registeredWebhooks } from './webhookCapabilities';

const fixScope = (scope: string): string =>
	`Give the credential the scope '${scope}': create a private key with it (Klaviyo > Settings > API keys), or add it to the app and to the OAuth2 credential's 'Scope', and connect the credential again.`;

const reads = (
	scope: string,
	neededFor: string,
	path: string,
	query: Record<string, string | number> = {},
): Capability => ({
	capability: scope,
	neededFor,
	howToFix: fixScope(scope),
	check: async (probes) => fromRead(await probes.read(path, query)),
});

const writes = (
	scope: string,
	neededFor: string,
	path: string,
	howToFix = fixScope(scope),
): Capability => ({
	capability: scope,
	neededFor,
	howToFix,
	check: async (probes) => fromWrite(await probes.tryToWrite('POST', path, NO_RESOURCE)),
});

const firstProfile = { 'page[size]': 1 };

async function credential(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read('/api/accounts');
	// Without this scope, or in a busy minute, the account's name is not returned; the key was still accepted.
	const parsed = page(accountResource).safeParse(answer.body);
	const [account] = parsed.success ? parsed.data.data : [];
	if (account === undefined)
		return answer.status === 403 && !isPage(answer)
			? { ok: true, detail: 'Accepted' }
			: fromRead(answer, 'Accepted');
	const name = account.attributes.contact_information?.organization_name ?? account.id;
	const timezone = account.attributes.timezone;
	return { ok: true, detail: `Account '${name}'${timezone ? `, time zone ${timezone}` : ''}` };
}

async function readsConversations(probes: Probes): Promise<CheckResult> {
	const parsed = page(profileResource).safeParse(
		(await probes.read('/api/profiles', firstProfile)).body,
	);
	const id = parsed.success ? parsed.data.data[0]?.id : undefined;
	return fromRead(
		await probes.read(`/api/profiles/${encodeURIComponent(id ?? NO_ID)}/conversations`),
	);
}

/** As a trial account shows, topics and webhooks may be listed without Advanced KDP: only creating a webhook shows it. */
async function systemWebhooks(probes: Probes): Promise<CheckResult> {
	const answer = await probes.tryToWrite('POST', '/api/webhooks', NO_RESOURCE);
	const words = wordsOfAnswer(answer);
	if (answer.status === 403 && !/KDP/i.test(words))
		return { ok: null, detail: `Cannot be checked without the scope 'webhooks:write'. ${words}` };
	return fromWrite(answer);
}

/** Well-formed, but for a conversation that cannot exist: nobody gets a message. */
const toNobody = {
	data: {
		type: 'conversation-message',
		attributes: { body: 'Check Setup of n8n' },
		relationships: { conversation: { data: { type: 'conversation', id: NO_ID } } },
	},
};

export const capabilities: readonly Capability[] = [
	{
		capability: 'credential',
		neededFor: 'Everything',
		howToFix:
			'The key or token is wrong, expired or revoked. Open the credential, test it, and connect it again if it uses OAuth2.',
		check: credential,
	},
	reads('accounts:read', "The credential's test and this check", '/api/accounts'),
	reads('metrics:read', 'Klaviyo Trigger (polling), lists of metrics', '/api/metrics'),
	reads('events:read', 'Klaviyo Trigger (polling), Send Reply, Get Many', '/api/events', {
		'page[size]': 1,
	}),
	writes('events:write', 'Event: Track and Track Ticket', '/api/events'),
	reads(
		'profiles:read',
		'Message: Screen and Send Reply, Profile: Get',
		'/api/profiles',
		firstProfile,
	),
	writes('profiles:write', 'Profile: Create or Update', '/api/profile-import'),
	{
		capability: 'conversations:read',
		neededFor: 'Message: Send Reply',
		howToFix: fixScope('conversations:read'),
		check: readsConversations,
	},
	writes(
		'conversations:write',
		'Message: Send Reply',
		'/api/conversation-messages',
		`${fixScope('conversations:write')} It may also mean that the account does not have the Conversations API: see 'conversationsApi'.`,
	),
	{
		capability: 'conversationsApi',
		neededFor: "Message: Send Reply through the customer's conversation",
		howToFix:
			"Ask Klaviyo to enable the Conversations API for your account (for a private key) or your app (OAuth2). Until then, choose 'Flow' in 'Send Through' of 'Send Reply'.",
		check: async (probes) =>
			fromWrite(await probes.tryToWrite('POST', '/api/conversation-messages', toNobody)),
	},
	reads('segments:read', 'Segment: Create Open-Ticket Segment', '/api/segments'),
	writes('segments:write', 'Segment: Create Open-Ticket Segment', '/api/segments'),
	smsMetrics,
	inboundMessages,
	outboundMessages,
	{
		capability: 'systemWebhooks',
		neededFor: "Klaviyo Trigger with the source 'System Webhook'",
		howToFix: `System webhooks need Klaviyo's Advanced KDP, or an app (OAuth2). Without them, choose 'Flow Webhook and Polling' or 'Polling Only' as the source in Klaviyo Trigger. ${fixScope('webhooks:read')}`,
		check: systemWebhooks,
	},
	smsTopics,
	reads('webhooks:read', "Klaviyo Trigger with the source 'System Webhook'", '/api/webhooks'),
	writes(
		'webhooks:write',
		"Klaviyo Trigger with the source 'System Webhook'",
		'/api/webhooks',
		`${fixScope('webhooks:write')} It may also mean that the account may not use system webhooks: see 'systemWebhooks'.`,
	),
	registeredWebhooks,
	{
		capability: 'webhookSecret',
		neededFor: 'Klaviyo Trigger with a webhook',
		howToFix: `Open the credential and fill in 'Webhook Secret': at least ${MIN_WEBHOOK_SECRET_LENGTH} characters that you choose and that are hard to guess. Then publish the workflows that use it again.`,
		check: async ({ vendor: klaviyo }) => {
			const { length } = klaviyo.webhookSecret;
			return length >= MIN_WEBHOOK_SECRET_LENGTH
				? { ok: true, detail: 'Long enough' }
				: { ok: false, detail: length === 0 ? 'Empty' : `Has ${length} characters` };
		},
	},
];
