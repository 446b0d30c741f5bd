import { z } from 'zod';
import { word } from '../random';
import { isAllowedEndpoint } from '../webhookSender';
import type { Klaviyo } from './context';
import { includeList, isoOffset, sparse, type Resource } from './jsonApi';
import type { Webhook } from './model';
import { sparseFields } from './schemas';
import { forbidden, invalid, notFound } from './wording';

const topics = z
	.object({
		'webhook-topics': z
			.object({
				data: z
					.array(z.object({ type: z.literal('webhook-topic'), id: z.string() }).strict())
					.min(1),
			})
			.strict(),
	})
	.strict();
const attributes = { name: z.string().min(1), endpoint_url: z.string(), secret_key: z.string() };
const create = z
	.object({
		data: z
			.object({
				type: z.literal('webhook'),
				attributes: z
					.object({ ...attributes, description: z.string().nullable().optional() })
					.strict(),
				relationships: topics,
			})
			.strict(),
	})
	.strict();
const change = z
	.object({
		data: z
			.object({
				type: z.literal('webhook'),
				id: z.string(),
				attributes: z
					.object({
						name: z.string().min(1).nullable().optional(),
						description: z.string().nullable().optional(),
						endpoint_url: z.string().nullable().optional(),
						secret_key: z.string().nullable().optional(),
						enabled: z.boolean().nullable().optional(),
					})
					.strict(),
				relationships: topics.optional(),
			})
			.strict(),
	})
	.strict();

/** System webhooks and their topics; only for accounts that may use them. */
export function webhookRoutes(klaviyo: Klaviyo): void {
	const { app, core, store } = klaviyo;
	const base = klaviyo.baseUrl;
	// Checked before the body, like scopes.
	app.addHook('preValidation', async (request) => {
		const changes = request.method !== 'GET' && /^\/api\/webhooks/.test(request.url);
		if (changes && !core.switches.systemWebhooksAllowed)
			throw forbidden('You must have Advanced KDP enabled to use this endpoint.');
	});
	const known = (id: string): Webhook => {
		const webhook = store.webhooks.get(id);
		if (webhook === undefined) throw notFound(`A webhook with id ${id} does not exist.`);
		return webhook;
	};
	const byId = z.object({ id: z.string() });
	const topicIds = (): string[] => store.topics();
	const topicResource = (id: string): unknown => ({
		type: 'webhook-topic',
		id,
		// Not the object that the documentation shows.
		attributes: [],
		links: { self: `${base()}/api/webhook-topics/${id}/` },
	});
	const checkTopics = (wanted: z.infer<typeof topics>): string[] => {
		const ids = wanted['webhook-topics'].data.map(({ id }) => id);
		const available = topicIds();
		for (const id of ids)
			if (!available.includes(id))
				throw invalid(`'${id}' is not a webhook topic of this account.`, {
					pointer: '/data/relationships/webhook-topics',
				});
		return ids;
	};

	app.get(
		'/api/webhook-topics',
		{ schema: { querystring: z.object(sparseFields).strict() } },
		async () => ({
			data: topicIds().map(topicResource),
			links: { self: `${base()}/api/webhook-topics` },
		}),
	);
	app.get('/api/webhook-topics/:id', { schema: { params: byId } }, async (request) => {
		if (!topicIds().includes(request.params.id)) throw notFound('No such topic.');
		return {
			data: topicResource(request.params.id),
			links: { self: `${base()}/api/webhook-topics/${request.params.id}/` },
		};
	});

	app.post('/api/webhooks', { schema: { body: create } }, async (request, reply) => {
		const { attributes: wanted, relationships } = request.body.data;
		checkEndpoint(wanted.endpoint_url);
		checkSecret(wanted.secret_key);
		const now = core.clock.now();
		const webhook: Webhook = {
			id: word(core.roll, '0123456789abcdef', 32),
			name: wanted.name,
			description: wanted.description ?? null,
			endpoint: wanted.endpoint_url,
			secret: wanted.secret_key,
			enabled: true,
			topics: checkTopics(relationships),
			createdAt: now,
			updatedAt: now,
			errorSince: undefined,
		};
		store.webhooks.set(webhook.id, webhook);
		core.changes.announce();
		const data = webhookResource(base(), webhook);
		return reply.code(201).send({ data, links: data.links });
	});

	const query = z.object({ include: z.string().optional(), ...sparseFields }).strict();
	const answer = (shown: Webhook[], include: string | undefined): { included?: unknown[] } =>
		includeList(include, ['webhook-topics']).length === 0
			? {}
			: { included: [...new Set(shown.flatMap((webhook) => webhook.topics))].map(topicResource) };
	app.get('/api/webhooks', { schema: { querystring: query } }, async (request) => {
		const all = [...store.webhooks.values()];
		return {
			data: all.map((webhook) => sparse(webhookResource(base(), webhook), request.query)),
			...answer(all, request.query.include),
			links: { self: `${base()}/api/webhooks` },
		};
	});
	app.get(
		'/api/webhooks/:id',
		{ schema: { params: byId, querystring: query } },
		async (request) => {
			const webhook = known(request.params.id);
			const data = webhookResource(base(), webhook);
			return { data, ...answer([webhook], request.query.include), links: data.links };
		},
	);

	app.patch('/api/webhooks/:id', { schema: { params: byId, body: change } }, async (request) => {
		const webhook = known(request.params.id);
		const { id, attributes: wanted, relationships } = request.body.data;
		if (id !== webhook.id)
			throw invalid('The id of the body is not the id of the path.', { pointer: '/data/id' });
		if (wanted.endpoint_url) checkEndpoint(wanted.endpoint_url);
		if (wanted.secret_key) checkSecret(wanted.secret_key);
		if (relationships !== undefined) webhook.topics = checkTopics(relationships);
		webhook.name = wanted.name ?? webhook.name;
		webhook.description = wanted.description ?? webhook.description;
		webhook.endpoint = wanted.endpoint_url ?? webhook.endpoint;
		webhook.secret = wanted.secret_key ?? webhook.secret;
		if (wanted.enabled === true) webhook.errorSince = undefined;
		webhook.enabled = wanted.enabled ?? webhook.enabled;
		webhook.updatedAt = core.clock.now();
		core.changes.announce();
		const data = webhookResource(base(), webhook);
		return { data, links: data.links };
	});

	app.delete('/api/webhooks/:id', { schema: { params: byId } }, async (request, reply) => {
		store.webhooks.delete(known(request.params.id).id);
		core.changes.announce();
		return reply.code(204).send();
	});
}

function checkEndpoint(url: string): void {
	if (!isAllowedEndpoint(url))
		throw invalid('endpoint_url must be an https address.', {
			pointer: '/data/attributes/endpoint_url',
		});
}

function checkSecret(secret: string): void {
	if (secret.length < 16)
		throw invalid('secret_key must have at least 16 characters.', {
			pointer: '/data/attributes/secret_key',
		});
}

/** The endpoint's path is masked. */
function webhookResource(baseUrl: string, webhook: Webhook): Resource {
	const path = `${baseUrl}/api/webhooks/${webhook.id}/`;
	return {
		type: 'webhook',
		id: webhook.id,
		attributes: {
			name: webhook.name,
			description: webhook.description,
			endpoint_url: `${new URL(webhook.endpoint).origin}/*****`,
			enabled: webhook.enabled,
			created_at: isoOffset(webhook.createdAt),
		},
		relationships: {
			'webhook-topics': {
				data: webhook.topics.map((id) => ({ type: 'webhook-topic', id })),
			},
		},
		links: { self: path },
	};
}
