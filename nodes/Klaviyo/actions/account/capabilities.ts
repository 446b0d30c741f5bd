/** What the nodes of this package need of a Klaviyo account, and how each is found out. */
import { MIN_WEBHOOK_SECRET_LENGTH } from '../../../shared/klaviyoAccount';
import { isPage } from '../../../shared/answer';
import { wordsOfAnswer } from '../../api/errors';
import {
	type Capability,
	type CheckResult,
	fromRead,
	fromWrite,
	NO_ID,
	type Probes,
} from '../../api/probes';
import { accountResource, page, profileResource } from '../../api/wire';
import { inboundMessages, outboundMessages, smsMetrics, smsTopics } from './smsCapabilities';
import { registeredWebhooks } from './webhookCapabilities';

const fixScope = (scope: string): string =>
	`Give the credential the scope '${scope}': make a private key that has it (Klaviyo > Settings > API keys), or add it to 'Scope' of an OAuth2 credential and to its app, and connect again.`;

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
	check: async (probes) => fromWrite(await probes.tryToWrite(path)),
});

const firstProfile = { 'page[size]': 1 };

async function credential(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read('/api/accounts');
	// Without the scope for it, or in a busy minute, the account tells nothing of itself; the key was accepted.
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

/** Topics and webhooks may be listed without Advanced KDP, as a trial account shows: only making one tells. */
async function systemWebhooks(probes: Probes): Promise<CheckResult> {
	const answer = await probes.tryToWrite('/api/webhooks');
	const words = wordsOfAnswer(answer);
	if (answer.status === 403 && !/KDP/i.test(words))
		return { ok: null, detail: `Cannot be told without the scope 'webhooks:write'. ${words}` };
	return fromWrite(answer);
}

/** Well-formed, but to a conversation that cannot exist: Klaviyo has nobody to text. */
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
		`${fixScope('conversations:write')} Klaviyo may also mean that the account has no Conversations API: see 'conversationsApi'.`,
	),
	{
		capability: 'conversationsApi',
		neededFor: "Message: Send Reply through the customer's conversation",
		howToFix:
			"Ask Klaviyo to enable the Conversations API for your account (for a private key) or your app (OAuth2). Until then, let 'Send Reply' send through a flow.",
		check: async (probes) =>
			fromWrite(await probes.tryToWrite('/api/conversation-messages', toNobody)),
	},
	reads('segments:read', 'Segment: Create Open-Ticket Segment', '/api/segments'),
	writes('segments:write', 'Segment: Create Open-Ticket Segment', '/api/segments'),
	smsMetrics,
	inboundMessages,
	outboundMessages,
	{
		capability: 'systemWebhooks',
		neededFor: "Klaviyo Trigger with the source 'System Webhook'",
		howToFix: `System webhooks need Klaviyo's Advanced KDP, or an app (OAuth2). Without them choose a flow's webhook or 'Polling Only' as the source in Klaviyo Trigger. ${fixScope('webhooks:read')}`,
		check: systemWebhooks,
	},
	smsTopics,
	reads('webhooks:read', "Klaviyo Trigger with the source 'System Webhook'", '/api/webhooks'),
	writes(
		'webhooks:write',
		"Klaviyo Trigger with the source 'System Webhook'",
		'/api/webhooks',
		`${fixScope('webhooks:write')} Klaviyo may also mean that the account may not use system webhooks: see 'systemWebhooks'.`,
	),
	registeredWebhooks,
	{
		capability: 'webhookSecret',
		neededFor: 'Klaviyo Trigger with a webhook',
		howToFix: `Open the credential and fill in 'Webhook Secret': at least ${MIN_WEBHOOK_SECRET_LENGTH} characters of your own choice, hard to guess. Then turn the workflows that use it off and on.`,
		check: async ({ klaviyo }) => {
			const { length } = klaviyo.webhookSecret;
			return length >= MIN_WEBHOOK_SECRET_LENGTH
				? { ok: true, detail: 'Long enough' }
				: { ok: false, detail: length === 0 ? 'Empty' : `Has ${length} characters` };
		},
	},
];
