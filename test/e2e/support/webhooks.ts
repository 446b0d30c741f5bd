/** Webhook requests as the vendors make them, to be sent by hand: right, wrong or cut short. */
import axios from 'axios';
import { signature as klaviyoSignature } from '../../../sandbox/klaviyo/deliveries';
import { signature as zendeskSignature } from '../../../sandbox/zendesk/events';
import { WEBHOOK_SECRET, type Stage } from '../../../scripts/demo/stage';

export interface WebhookRequest {
	url: string;
	body: string;
	headers: Record<string, string>;
	/** The header that holds the signature. */
	signature: string;
}

export type WebhookVendor = 'klaviyo' | 'zendesk';

/** @returns the status that n8n answered with */
export async function post({ url, body, headers }: WebhookRequest): Promise<number> {
	const { status } = await axios.post(url, Buffer.from(body), {
		headers: { 'content-type': 'application/json', ...headers },
		proxy: false,
		validateStatus: () => true,
	});
	return status;
}

/** The same request with another signature header, or with none. */
export function withSignature(
	request: WebhookRequest,
	change: (signature: string) => string | undefined,
): WebhookRequest {
	const { [request.signature]: right = '', ...rest } = request.headers;
	const changed = change(right);
	const headers = changed === undefined ? rest : { ...rest, [request.signature]: changed };
	return { ...request, headers };
}

/** A customer's message that Klaviyo has, but has not sent to n8n. */
export async function klaviyoRequest(
	{ sandbox }: Stage,
	message: { from: string; body: string },
): Promise<WebhookRequest> {
	const { klaviyo, switches } = sandbox;
	const webhook = klaviyo.webhooks()[0];
	if (!webhook) throw new Error('Klaviyo has no webhook');
	switches.webhooks = false;
	const { id } = klaviyo.customerWrites(message);
	switches.webhooks = true;
	const { data: answer } = await axios.get<{ data: unknown }>(
		`${klaviyo.url}/api/events/${id}?include=metric,profile`,
		{
			headers: {
				authorization: `Klaviyo-API-Key ${klaviyo.account.apiKey}`,
				revision: '2026-07-15',
			},
			proxy: false,
		},
	);
	const body = JSON.stringify({
		meta: { klaviyo_webhook_id: webhook.id },
		data: [{ topic: 'event:klaviyo.sent_sms', external_id: id, payload: { data: answer.data } }],
	});
	const timestamp = new Date().toUTCString();
	return {
		url: webhook.endpoint,
		body,
		headers: {
			'klaviyo-signature': klaviyoSignature(WEBHOOK_SECRET, body, timestamp),
			'klaviyo-timestamp': timestamp,
			'klaviyo-webhook-id': webhook.id,
		},
		signature: 'klaviyo-signature',
	};
}

/** An agent's public reply, for the workflow of template 02. */
export function zendeskRequest(
	{ sandbox, workflow }: Stage,
	reply: { ticketId: string; body: string },
): WebhookRequest {
	const { zendesk } = sandbox;
	const { id: workflowId } = workflow('02');
	const webhook = zendesk.webhooks().find(({ name }) => name.includes(workflowId));
	if (!webhook) throw new Error('Zendesk has no webhook for template 02');
	const ticket = zendesk.ticket(reply.ticketId);
	const { switches } = sandbox;
	switches.webhooks = false;
	const comment = zendesk.agentComments(ticket.id, reply.body, { public: true });
	switches.webhooks = true;
	const now = new Date().toISOString();
	const body = JSON.stringify({
		type: 'zen:event-type:ticket.comment_added',
		id: '01900000-0000-7000-8000-000000000000',
		subject: `zen:ticket:${ticket.id}`,
		time: now,
		zendesk_event_version: '2022-11-06',
		detail: {
			id: ticket.id,
			brand_id: ticket.brandId,
			external_id: ticket.externalId,
			requester_id: ticket.requesterId,
			status: ticket.status.toUpperCase(),
			tags: ticket.tags,
			via: { channel: 'web_service' },
		},
		event: {
			comment: {
				id: comment.id,
				body: comment.body,
				is_public: true,
				author: { id: comment.authorId, is_staff: true, name: zendesk.agent.name },
			},
		},
	});
	const timestamp = `${now.slice(0, 19)}Z`;
	return {
		url: webhook.endpoint,
		body,
		headers: {
			'x-zendesk-webhook-id': webhook.id,
			'x-zendesk-webhook-signature': zendeskSignature(webhook.signingSecret, timestamp, body),
			'x-zendesk-webhook-signature-timestamp': timestamp,
		},
		signature: 'x-zendesk-webhook-signature',
	};
}
