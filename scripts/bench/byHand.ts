/** The alternative's manual setup: registering webhooks with both vendors and copying their secrets into credentials. */
import axios from 'axios';
import type { Sandbox } from '../../sandbox/types';
import { WEBHOOK_SECRET } from '../demo/stage';
import { connectOAuth2 } from '../n8n/connect';
import type { N8nInstance } from '../n8n/instance';
import { credentialNames, paths, type Way, ZENDESK_URL } from './alternative/nodes';

export const WAYS: readonly Way[] = ['messages', 'replies', 'metrics'];

export const urlOf = (n8n: N8nInstance, way: Way): string =>
	`${n8n.webhooksAt}/webhook/${paths[way]}`;

export const zendeskHttp = ({ zendesk }: Sandbox) =>
	axios.create({
		baseURL: `${zendesk.url}/api/v2`,
		auth: { username: `${zendesk.account.email}/token`, password: zendesk.account.apiToken },
		proxy: false,
	});

export const klaviyoHttp = ({ klaviyo }: Sandbox) =>
	axios.create({
		baseURL: `${klaviyo.url}/api`,
		headers: {
			authorization: `Klaviyo-API-Key ${klaviyo.account.apiKey}`,
			revision: '2026-07-15',
			'content-type': 'application/vnd.api+json',
		},
		proxy: false,
	});

/** The alternative has no trigger that registers its webhooks: a person does it, once. */
export async function registerByHand(sandbox: Sandbox, n8n: N8nInstance): Promise<void> {
	await klaviyoHttp(sandbox).post('/webhooks', {
		data: {
			type: 'webhook',
			attributes: {
				name: 'Alternative',
				endpoint_url: urlOf(n8n, 'messages'),
				secret_key: WEBHOOK_SECRET,
			},
			relationships: {
				'webhook-topics': { data: [{ type: 'webhook-topic', id: 'event:klaviyo.sent_sms' }] },
			},
		},
	});
	const events: Record<'replies' | 'metrics', string[]> = {
		replies: ['comment_added'],
		metrics: ['created', 'status_changed'],
	};
	for (const way of ['replies', 'metrics'] as const) {
		await zendeskHttp(sandbox).post('/webhooks', {
			webhook: {
				name: `Alternative: ${way}`,
				status: 'active',
				endpoint: urlOf(n8n, way),
				http_method: 'POST',
				request_format: 'json',
				subscriptions: events[way].map((type) => `zen:event-type:ticket.${type}`),
			},
		});
	}
}

export async function createAlternativeCredentials(
	sandbox: Sandbox,
	n8n: N8nInstance,
): Promise<void> {
	const { zendesk, klaviyo } = sandbox;
	await n8n.createCredential({
		name: credentialNames.klaviyo,
		type: 'httpHeaderAuth',
		data: { name: 'Authorization', value: `Klaviyo-API-Key ${klaviyo.account.apiKey}` },
	});
	// The only way since October 2026: Zendesk no longer issues API tokens.
	const ofZendesk = await n8n.createCredential({
		name: credentialNames.zendesk,
		type: 'zendeskOAuth2Api',
		data: {
			subdomain: 'acme',
			clientId: zendesk.account.oauthClientId,
			clientSecret: zendesk.account.oauthClientSecret,
		},
	});
	await connectOAuth2(n8n, ofZendesk, (address) => address.replace(ZENDESK_URL, zendesk.url));
	const secretOf = (way: 'replies' | 'metrics'): string => {
		const url = urlOf(n8n, way);
		return zendesk.webhooks().find(({ endpoint }) => endpoint === url)?.signingSecret ?? '';
	};
	const secrets: Record<Way, string> = {
		messages: WEBHOOK_SECRET,
		replies: secretOf('replies'),
		metrics: secretOf('metrics'),
	};
	for (const way of WAYS) {
		await n8n.createCredential({
			name: credentialNames[way],
			type: 'crypto',
			data: { hmacSecret: secrets[way] },
		});
	}
}
