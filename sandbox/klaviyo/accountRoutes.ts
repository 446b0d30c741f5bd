import { z } from 'zod';
import { word, crockford } from '../random';
import { parseFilter } from './filter';
import type { Klaviyo } from './context';
import { categories, isoOffset, metricResource, pageOf, sparse, type Resource } from './jsonApi';
import type { Segment } from './model';
import { sparseFields } from './schemas';
import { senderRoutes } from './senderRoutes';
import { accountId } from './store';
import { notFound } from './wording';

/** The account, its metrics and their properties, and segments. */
export function accountRoutes(klaviyo: Klaviyo): void {
	const { app, core, store } = klaviyo;
	const base = klaviyo.baseUrl;
	const byId = z.object({ id: z.string() });

	app.get(
		'/api/accounts',
		{ schema: { querystring: z.object(sparseFields).strict() } },
		async (request) => ({
			data: [sparse(account(base()), request.query)],
			links: { self: `${base()}/api/accounts` },
		}),
	);

	const metricQuery = z
		.object({
			filter: z.string().optional(),
			include: z.string().optional(),
			'page[cursor]': z.string().optional(),
			...sparseFields,
		})
		.strict();
	app.get('/api/metrics', { schema: { querystring: metricQuery } }, async (request) => {
		const terms = parseFilter(request.query.filter, {
			'integration.name': ['equals'],
			'integration.category': ['equals'],
		});
		const found = store
			.shownMetrics()
			.filter((metric) =>
				terms.every(({ field, values }) =>
					field === 'integration.name'
						? values.includes(metric.integration)
						: values.includes(categories[metric.integration]),
				),
			);
		const page = pageOf(found, ({ id }) => id, request.query, 200, `${base()}/api/metrics`);
		return {
			data: page.items.map((metric) => sparse(metricResource(base(), metric), request.query)),
			links: page.links,
		};
	});
	app.get('/api/metrics/:id', { schema: { params: byId } }, async (request) => {
		const metric = store.metricById(request.params.id);
		if (metric === undefined)
			throw notFound(`A metric with id ${request.params.id} does not exist.`);
		const data = metricResource(base(), metric);
		return { data, links: data.links };
	});
	app.get('/api/metrics/:id/metric-properties', { schema: { params: byId } }, async (request) => {
		const data = store.events.propertyNames(request.params.id).map((name) => ({
			type: 'metric-property',
			id: `${request.params.id}-${name}`,
			attributes: { label: name, property: name, inferred_type: 'string', sample_values: [] },
			links: {
				self: `${base()}/api/metric-properties/${encodeURIComponent(`${request.params.id}-${name}`)}/`,
			},
		}));
		return {
			data,
			links: { self: `${base()}/api/metrics/${request.params.id}/metric-properties` },
		};
	});

	const segmentCreate = z
		.object({
			data: z
				.object({
					type: z.literal('segment'),
					attributes: z
						.object({
							name: z.string().min(1),
							definition: z
								.object({
									condition_groups: z
										.array(
											z
												.object({
													conditions: z.array(z.object({ type: z.string() }).passthrough()).min(1),
												})
												.strict(),
										)
										.min(1),
								})
								.strict(),
							is_starred: z.boolean().nullable().optional(),
						})
						.strict(),
				})
				.strict(),
		})
		.strict();
	app.post('/api/segments', { schema: { body: segmentCreate } }, async (request, reply) => {
		const { name, definition, is_starred: isStarred } = request.body.data.attributes;
		const segment: Segment = {
			id: word(core.roll, crockford, 6),
			name,
			definition,
			isStarred: isStarred ?? false,
			createdAt: core.clock.now(),
			members: new Set(),
		};
		store.segments.set(segment.id, segment);
		core.changes.announce();
		const data = segmentResource(base(), segment);
		return reply.code(201).send({ data, links: data.links });
	});
	app.get('/api/segments/:id', { schema: { params: byId } }, async (request) => {
		const segment = store.segments.get(request.params.id);
		if (segment === undefined)
			throw notFound(`A segment with id ${request.params.id} does not exist.`);
		const data = segmentResource(base(), segment);
		return { data, links: data.links };
	});
	senderRoutes(klaviyo);
}

function account(baseUrl: string): Resource {
	return {
		type: 'account',
		id: accountId,
		attributes: {
			test_account: true,
			contact_information: {
				default_sender_name: 'Acme',
				default_sender_email: 'hello@acme.example',
				website_url: null,
				organization_name: 'Acme',
				street_address: {
					address1: null,
					address2: null,
					city: null,
					region: null,
					country: 'US',
					zip: null,
				},
			},
			industry: null,
			timezone: 'UTC',
			preferred_currency: 'USD',
			public_api_key: accountId,
			locale: 'en-US',
		},
		links: { self: `${baseUrl}/api/accounts/${accountId}/` },
	};
}

export function segmentResource(baseUrl: string, segment: Segment): Resource {
	return {
		type: 'segment',
		id: segment.id,
		attributes: {
			name: segment.name,
			definition: segment.definition,
			created: isoOffset(segment.createdAt),
			updated: isoOffset(segment.createdAt),
			is_active: true,
			is_processing: false,
			is_starred: segment.isStarred,
		},
		links: { self: `${baseUrl}/api/segments/${segment.id}/` },
	};
}
