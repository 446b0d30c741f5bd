import { z } from 'zod';
import { segmentResource } from './accountRoutes';
import type { Klaviyo } from './context';
import { parseFilter } from './filter';
import { isoOffset, pageOf, type Resource, sparse } from './jsonApi';
import type { Group } from './model';
import { sparseFields } from './schemas';
import { invalid, notFound } from './wording';

/** Lists, and the members of lists and segments. */
export function groupRoutes(klaviyo: Klaviyo): void {
	const { app, store } = klaviyo;
	const base = klaviyo.baseUrl;

	const groupQuery = z
		.object({
			filter: z.string().optional(),
			sort: z.string().optional(),
			'page[cursor]': z.string().optional(),
			'page[size]': z.coerce.number().int().min(1).max(10).optional(),
			...sparseFields,
		})
		.strict();
	const serve = <T extends Group>(
		path: string,
		groups: () => Iterable<T>,
		resourceOf: (baseUrl: string, group: T) => Resource,
	): void => {
		app.get(path, { schema: { querystring: groupQuery } }, async ({ query }) => {
			const terms = parseFilter(query.filter, { name: ['equals', 'any'], id: ['equals', 'any'] });
			const found = [...groups()].filter(({ id, name }) =>
				terms.every(({ field, values }) => values.includes(field === 'id' ? id : name)),
			);
			if (query.sort === 'name') found.sort((one, other) => one.name.localeCompare(other.name));
			const page = pageOf(found, ({ id }) => id, query, 10, `${base()}${path}`);
			return {
				data: page.items.map((group) => sparse(resourceOf(base(), group), query)),
				links: page.links,
			};
		});
	};
	serve('/api/lists', () => store.lists.values(), listResource);
	serve('/api/segments', () => store.segments.values(), segmentResource);

	const memberQuery = z
		.object({
			filter: z.string().optional(),
			sort: z.string().optional(),
			'page[cursor]': z.string().optional(),
			'page[size]': z.coerce.number().int().min(1).max(100).optional(),
		})
		.strict();
	for (const kind of ['lists', 'segments'] as const)
		app.get(
			`/api/${kind}/:id/relationships/profiles`,
			{ schema: { params: z.object({ id: z.string() }), querystring: memberQuery } },
			async (request) => {
				const { id } = request.params;
				const group = store[kind].get(id);
				if (group === undefined)
					throw notFound(`A ${kind.slice(0, -1)} with id ${id} is not there.`);
				const terms = parseFilter(request.query.filter, { profile_id: ['any'] });
				if (terms.some(({ values }) => values.length > 100))
					throw invalid('At most 100 ids.', { parameter: 'filter' });
				const found = [...group.members].filter((member) =>
					terms.every(({ values }) => values.includes(member)),
				);
				const url = `${base()}/api/${kind}/${id}/relationships/profiles`;
				const page = pageOf(found, (member) => member, request.query, 20, url);
				return {
					data: page.items.map((member) => ({ type: 'profile', id: member })),
					links: page.links,
				};
			},
		);
}

function listResource(baseUrl: string, list: Group): Resource {
	return {
		type: 'list',
		id: list.id,
		attributes: {
			name: list.name,
			created: isoOffset(list.createdAt),
			updated: isoOffset(list.createdAt),
			opt_in_process: 'single_opt_in',
		},
		links: { self: `${baseUrl}/api/lists/${list.id}/` },
	};
}

/** What `include=lists,segments` adds to a profile. */
export function groupsOfProfile(
	{ store, baseUrl }: Klaviyo,
	profileId: string,
	asked: readonly string[],
): { relationships: Record<string, unknown>; included: Resource[] } {
	const own = <T extends Group>(groups: ReadonlyMap<string, T>): T[] =>
		[...groups.values()].filter(({ members }) => members.has(profileId));
	const found = {
		...(asked.includes('lists')
			? { lists: own(store.lists).map((list) => listResource(baseUrl(), list)) }
			: {}),
		...(asked.includes('segments')
			? { segments: own(store.segments).map((segment) => segmentResource(baseUrl(), segment)) }
			: {}),
	};
	return {
		relationships: Object.fromEntries(
			Object.entries(found).map(([kind, resources]) => [
				kind,
				{ data: resources.map(({ type, id }) => ({ type, id })) },
			]),
		),
		included: Object.values(found).flat(),
	};
}
