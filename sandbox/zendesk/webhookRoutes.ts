import { z } from 'zod';
import { stamp } from '../clock';
import { uuid } from '../random';
import type { SandboxSwitches } from '../types';
import { isAllowedEndpoint } from '../webhookSender';
import { askerOf, given, type Zendesk } from './context';
import { delivery, eventPrefix, ticketEventTypes } from './events';
import type { User, Webhook } from './model';
import { pageOf, pageQuery } from './paging';
import { accountId } from './store';
import { notFound, refuse } from './wording';
import { Refusal } from '../httpServer';

const authentication = z.object({
	type: z.enum(['basic_auth', 'bearer_token', 'api_key']),
	add_position: z.literal('header'),
	data: z.record(z.unknown()),
});
const attributes = {
	name: z.string().min(1),
	endpoint: z.string().min(1),
	http_method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
	request_format: z.enum(['json', 'xml', 'form_encoded']),
	status: z.enum(['active', 'inactive']),
};
const optional = {
	description: z.string().optional(),
	subscriptions: z.array(z.string()).optional(),
	authentication: authentication.optional(),
	custom_headers: z.record(z.string()).optional(),
};
const whole = z.object({ webhook: z.object({ ...attributes, ...optional }) });
const partial = z.object({ webhook: z.object({ ...attributes, ...optional }).partial() });
type WebhookWrite = z.infer<typeof partial>['webhook'];

/** Webhooks: creating, changing and deleting them, their secrets, and test requests. */
export function webhookRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	const known = (id: string): Webhook => {
		const webhook = store.webhooks.get(id);
		if (webhook === undefined) throw webhookNotFound();
		return webhook;
	};
	const byId = z.object({ id: z.string() });

	app.post('/api/v2/webhooks', { schema: { body: whole } }, async (request, reply) => {
		const wanted = request.body.webhook;
		checkWebhook(
			core.switches,
			wanted.endpoint,
			wanted.subscriptions ?? [],
			wanted.http_method,
			wanted.request_format,
		);
		const now = core.clock.now();
		const webhook: Webhook = {
			id: store.nextWebhookId(),
			name: wanted.name,
			description: wanted.description ?? '',
			status: wanted.status,
			endpoint: wanted.endpoint,
			httpMethod: wanted.http_method,
			requestFormat: wanted.request_format,
			subscriptions: wanted.subscriptions ?? [],
			authentication: wanted.authentication,
			customHeaders: wanted.custom_headers ?? {},
			signingSecret: store.newSecret(),
			createdAt: now,
			createdBy: askerOf(request).id,
			updatedAt: now,
			updatedBy: undefined,
		};
		store.webhooks.set(webhook.id, webhook);
		core.changes.announce();
		return reply.code(201).send({ webhook: webhookJson(webhook) });
	});

	const list = z.object({
		...pageQuery,
		'filter[name_contains]': z.string().optional(),
		'filter[status]': z.enum(['active', 'inactive']).optional(),
	});
	app.get('/api/v2/webhooks', { schema: { querystring: list } }, async (request) => {
		const { 'filter[name_contains]': part, 'filter[status]': status } = request.query;
		const found = [...store.webhooks.values()].filter(
			(webhook) =>
				(part === undefined || webhook.name.toLowerCase().includes(part.toLowerCase())) &&
				(status === undefined || webhook.status === status),
		);
		const query = { ...request.query, 'page[size]': request.query['page[size]'] ?? 20 };
		const kept: Record<string, string> = {};
		if (part !== undefined) kept['filter[name_contains]'] = part;
		if (status !== undefined) kept['filter[status]'] = status;
		const page = pageOf(found, query, `${zendesk.baseUrl()}/api/v2/webhooks`, kept);
		// As recorded: a last page has no cursor and no links.
		const { meta } = page.envelope as { meta: { has_more: boolean } };
		const envelope = meta.has_more ? page.envelope : { meta: { has_more: false } };
		return { webhooks: page.items.map(webhookJson), ...envelope };
	});

	app.get('/api/v2/webhooks/:id', { schema: { params: byId } }, async (request) => ({
		webhook: webhookJson(known(request.params.id)),
	}));

	const change = (webhook: Webhook, wanted: WebhookWrite, asker: User): void => {
		const next: Webhook = {
			...webhook,
			...given({
				name: wanted.name,
				description: wanted.description,
				status: wanted.status,
				endpoint: wanted.endpoint,
				httpMethod: wanted.http_method,
				requestFormat: wanted.request_format,
				subscriptions: wanted.subscriptions,
				authentication: wanted.authentication,
				customHeaders: wanted.custom_headers,
			}),
			updatedAt: core.clock.now(),
			updatedBy: asker.id,
		};
		if (listensToEvents(webhook.subscriptions) !== listensToEvents(next.subscriptions))
			throw refuse(400, 'InvalidWebhook', 'A webhook cannot change between events and triggers');
		checkWebhook(
			core.switches,
			next.endpoint,
			next.subscriptions,
			next.httpMethod,
			next.requestFormat,
		);
		store.webhooks.set(webhook.id, next);
		core.changes.announce();
	};
	app.patch(
		'/api/v2/webhooks/:id',
		{ schema: { params: byId, body: partial } },
		async (request, reply) => {
			change(known(request.params.id), request.body.webhook, askerOf(request));
			return reply.code(204).send();
		},
	);
	app.put(
		'/api/v2/webhooks/:id',
		{ schema: { params: byId, body: whole } },
		async (request, reply) => {
			change(known(request.params.id), request.body.webhook, askerOf(request));
			return reply.code(204).send();
		},
	);
	app.delete('/api/v2/webhooks/:id', { schema: { params: byId } }, async (request, reply) => {
		store.webhooks.delete(known(request.params.id).id);
		core.changes.announce();
		return reply.code(204).send();
	});

	const secretJson = (webhook: Webhook): unknown => ({
		signing_secret: { secret: webhook.signingSecret, algorithm: 'SHA256' },
	});
	app.get('/api/v2/webhooks/:id/signing_secret', { schema: { params: byId } }, async (request) =>
		secretJson(known(request.params.id)),
	);
	app.post(
		'/api/v2/webhooks/:id/signing_secret',
		{ schema: { params: byId } },
		async (request, reply) => {
			const webhook = known(request.params.id);
			webhook.signingSecret = store.newSecret();
			return reply.code(201).send(secretJson(webhook));
		},
	);

	const test = z.object({ webhook_id: z.string().optional() });
	app.post('/api/v2/webhooks/test', { schema: { querystring: test } }, async (request) => {
		if (request.query.webhook_id === undefined)
			throw refuse(400, 'MissingParameter', 'webhook_id is needed');
		const webhook = known(request.query.webhook_id);
		const id = uuid(core.roll);
		const type = webhook.subscriptions[0] ?? `${eventPrefix}created`;
		core.sender.send(delivery(core, webhook, id, testBody(id, type, core.clock.now())));
		return { response: { status: 200, headers: [], payload: '' } };
	});
}

function testBody(id: string, type: string, now: number): string {
	return JSON.stringify({
		account_id: accountId,
		detail: { id: '0', status: 'NEW', subject: 'Test request', tags: [] },
		event: {},
		id,
		subject: 'zen:ticket:0',
		time: new Date(now).toISOString(),
		type,
		zendesk_event_version: '2022-11-06',
	});
}

const listensToEvents = (subscriptions: readonly string[]): boolean =>
	subscriptions.some((name) => name !== 'conditional_ticket_events');

function checkWebhook(
	{ ratingEvent }: SandboxSwitches,
	endpoint: string,
	subscriptions: readonly string[],
	method: string,
	format: string,
): void {
	const invalid = (detail: string): Refusal =>
		new Refusal(400, {
			errors: [{ code: 'InvalidParameter', title: 'Invalid parameter', detail }],
		});
	if (!isAllowedEndpoint(endpoint)) throw invalid('endpoint must be an https address');
	const types: readonly string[] = ticketEventTypes.filter(
		(type) => ratingEvent !== 'none' || !type.startsWith('csat_'),
	);
	for (const name of subscriptions) {
		if (name === 'conditional_ticket_events') continue;
		if (!name.startsWith(eventPrefix) || !types.includes(name.slice(eventPrefix.length)))
			throw invalid(`subscriptions holds an unknown event: ${name}`);
	}
	if (!listensToEvents(subscriptions)) return;
	if (subscriptions.includes('conditional_ticket_events'))
		throw invalid('conditional_ticket_events cannot be mixed with events');
	if (method !== 'POST' || format !== 'json')
		throw invalid('Event webhooks need http_method POST and request_format json');
}

function webhookNotFound(): Refusal {
	return new Refusal(404, notFound().body);
}

function webhookJson(webhook: Webhook): Record<string, unknown> {
	return {
		id: webhook.id,
		name: webhook.name,
		description: webhook.description,
		status: webhook.status,
		subscriptions: webhook.subscriptions,
		created_at: stamp(webhook.createdAt),
		created_by: String(webhook.createdBy),
		// As recorded: values that were never changed, and missing headers, are left out.
		...(webhook.updatedBy === undefined
			? {}
			: { updated_at: stamp(webhook.updatedAt), updated_by: String(webhook.updatedBy) }),
		endpoint: webhook.endpoint,
		http_method: webhook.httpMethod,
		request_format: webhook.requestFormat,
		...(Object.keys(webhook.customHeaders).length > 0
			? { custom_headers: webhook.customHeaders }
			: {}),
		...(webhook.authentication === undefined
			? {}
			: { authentication: { type: webhook.authentication.type, add_position: 'header' } }),
	};
}
