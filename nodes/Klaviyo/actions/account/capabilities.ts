/** What the nodes of this package need from a Klaviyo account, and how each is checked. */
import { MIN_WEBHOOK_SECRET_LENGTH } from '../../../shared/klaviyoAccount';
import { isPage, type VendorAnswer } from '../../../shared/answer';
import { type CheckResult, CREDENTIAL, SCOPE } from '../../../shared/setupProbes';
import type { Klaviyo } from '../../api/client';
import { wordsOfAnswer } from '../../api/errors';
import {
	type Capability,
	features,
	fromRead,
	fromWrite,
	NO_ID,
	NO_RESOURCE,
	type Probes,
	SYSTEM_WEBHOOK,
} from '../../api/probes';
import { accountResource, page, profileResource } from '../../api/wire';
import { conversationsApi, SEND } from './conversationsCapability';
import {
	inboundMessages,
	messageTopics,
	outboundMessages,
	smsMetrics,
	whatsApp,
} from './messageCapabilities';
import { registeredWebhooks } from './webhookCapabilities';

/** A key keeps the scopes that it was created with. */
export function howToGet(
	{ all, missing }: { all: string[]; missing: string[] },
	{ isApp }: Klaviyo,
): string {
	return isApp
		? `Add these scopes to the app in Klaviyo and to the credential's 'Scope', then connect the credential again: ${missing.join(', ')}.`
		: `Create a new private key in Klaviyo (Settings > API keys) with these scopes, and enter it in the credential, since the scopes of a key cannot be changed: ${all.join(', ')}.`;
}

type More = Pick<Capability, 'howToFix' | 'features'>;

const reads = (
	scope: string,
	neededFor: string,
	path: string,
	query: Record<string, string | number> = {},
	more: More = {},
): Capability => ({
	check: `${SCOPE}${scope}`,
	scope,
	neededFor,
	find: async (probes) => fromRead(await probes.read(path, query)),
	...more,
});

const writes = (scope: string, neededFor: string, path: string, more: More = {}): Capability => ({
	check: `${SCOPE}${scope}`,
	scope,
	neededFor,
	find: async (probes) => fromWrite(await probes.tryToWrite('POST', path, NO_RESOURCE)),
	...more,
});

const firstProfile = { 'page[size]': 1 };

async function credential(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read('/api/accounts');
	// Without this scope, or in a busy minute, the account's name is not returned; the key was still accepted.
	const parsed = page(accountResource).safeParse(answer.body);
	const [account] = parsed.success ? parsed.data.data : [];
	if (account === undefined)
		return answer.status === 403 && !isPage(answer)
			? { status: 'ready', detail: 'Accepted' }
			: fromRead(answer, 'Accepted');
	const name = account.attributes.contact_information?.organization_name ?? account.id;
	const timezone = account.attributes.timezone;
	return {
		status: 'ready',
		detail: `Account '${name}'${timezone ? `, time zone ${timezone}` : ''}`,
	};
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

const isWithoutKdp = (answer: VendorAnswer): boolean =>
	answer.status === 403 && /KDP/i.test(wordsOfAnswer(answer));

/** As a trial account shows, topics and webhooks may be listed without Advanced KDP: only creating a webhook shows it. */
async function systemWebhooks(probes: Probes): Promise<CheckResult> {
	const answer = await probes.tryToWrite('POST', '/api/webhooks', NO_RESOURCE);
	if (answer.status === 403 && !isWithoutKdp(answer))
		return {
			status: 'unknown',
			detail: `Cannot be checked without the scope 'webhooks:write'. ${wordsOfAnswer(answer)}`,
		};
	return fromWrite(answer);
}

async function writesWebhooks(probes: Probes): Promise<CheckResult> {
	const answer = await probes.tryToWrite('POST', '/api/webhooks', NO_RESOURCE);
	return isWithoutKdp(answer)
		? { status: 'unknown', detail: 'Cannot be checked without system webhooks.' }
		: fromWrite(answer);
}

const conversations = { features: [features.conversations] };
const segments = { features: [features.segments] };
const webhooks = { features: [features.systemWebhooks] };

export const capabilities: readonly Capability[] = [
	{
		check: CREDENTIAL,
		neededFor: 'Everything',
		howToFix:
			'The key or token is wrong, expired or revoked. Open the credential, test it, and connect it again if it uses OAuth2.',
		find: credential,
	},
	reads('accounts:read', "The credential's test and this check", '/api/accounts'),
	reads('metrics:read', 'Klaviyo Trigger (polling), lists of metrics', '/api/metrics'),
	reads(
		'events:read',
		'Klaviyo Trigger (polling), Message: Send Reply, Message: Get Many',
		'/api/events',
		{ 'page[size]': 1 },
	),
	writes('events:write', 'Event: Track, Event: Track Ticket', '/api/events'),
	reads(
		'profiles:read',
		'Message: Screen, Message: Send Reply, Profile: Get',
		'/api/profiles',
		firstProfile,
	),
	writes('profiles:write', 'Profile: Create or Update', '/api/profile-import'),
	{
		check: `${SCOPE}conversations:read`,
		scope: 'conversations:read',
		neededFor: SEND,
		find: readsConversations,
		...conversations,
	},
	writes('conversations:write', SEND, '/api/conversation-messages', conversations),
	conversationsApi,
	reads('segments:read', 'Segment: Create Open-Ticket Segment', '/api/segments', {}, segments),
	writes('segments:write', 'Segment: Create Open-Ticket Segment', '/api/segments', segments),
	smsMetrics,
	whatsApp,
	inboundMessages,
	outboundMessages,
	{
		check: 'System webhooks',
		neededFor: SYSTEM_WEBHOOK,
		howToFix:
			"System webhooks need Klaviyo's Advanced KDP, or an app (OAuth2). Without them, choose 'Flow Webhook and Polling' or 'Polling Only' in 'Source' of Klaviyo Trigger.",
		find: systemWebhooks,
		...webhooks,
	},
	messageTopics,
	reads('webhooks:read', SYSTEM_WEBHOOK, '/api/webhooks', {}, webhooks),
	{
		check: `${SCOPE}webhooks:write`,
		scope: 'webhooks:write',
		neededFor: SYSTEM_WEBHOOK,
		find: writesWebhooks,
		...webhooks,
	},
	registeredWebhooks,
	{
		check: 'Webhook secret',
		neededFor: "Klaviyo Trigger, unless its 'Source' is 'Polling Only'",
		howToFix: `Open the credential and fill in 'Webhook Secret': at least ${MIN_WEBHOOK_SECRET_LENGTH} characters that you choose and that are hard to guess. Then publish the workflows that use it again.`,
		features: [features.flowWebhooks, features.systemWebhooks],
		find: async ({ vendor: klaviyo }) => {
			const { length } = klaviyo.webhookSecret;
			return length >= MIN_WEBHOOK_SECRET_LENGTH
				? { status: 'ready', detail: 'Long enough' }
				: { status: 'missing', detail: length === 0 ? 'Empty' : `Has ${length} characters` };
		},
	},
];
