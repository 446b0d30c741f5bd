import { z } from 'zod';
import { filterTime, holds, parseFilter, type FilterTerm } from './filter';
import type { Klaviyo } from './context';
import { groupsOfProfile } from './groupRoutes';
import {
	conversationResource,
	includeList,
	pageOf,
	profileResource,
	sparse,
	type Resource,
} from './jsonApi';
import type { Profile } from './model';
import { isIdentifier, type ProfileBook } from './profileBook';
import { findProfile, isE164, makeProfile, patchProperties, writeProfile } from './profiles';
import { profileAttributes, profileMeta, sparseFields } from './schemas';
import { invalid, notFound } from './wording';

const identifierFilter = ['equals', 'any'];
const allowed = {
	id: identifierFilter,
	email: identifierFilter,
	phone_number: identifierFilter,
	external_id: identifierFilter,
	created: ['greater-than', 'less-than'],
	updated: ['greater-than', 'less-than'],
};
const additional = {
	'additional-fields[profile]': z.string().optional(),
	include: z.string().optional(),
	...sparseFields,
};
type Query = Record<string, string | number | undefined>;

/** Profiles: list, show, change, import, and their conversations. */
export function profileRoutes(klaviyo: Klaviyo): void {
	const { app, core, store } = klaviyo;
	const known = (id: string): Profile => {
		const profile = store.profiles.get(id);
		if (profile === undefined) throw notFound(`A profile with id ${id} does not exist.`);
		return profile;
	};
	const byId = z.object({ id: z.string() });

	const list = z
		.object({
			...additional,
			filter: z.string().optional(),
			sort: z.string().optional(),
			'page[size]': z.coerce.number().int().min(1).max(100).optional(),
			'page[cursor]': z.string().optional(),
		})
		.strict();
	app.get('/api/profiles', { schema: { querystring: list } }, async (request) => {
		const terms = parseFilter(request.query.filter, allowed);
		if (core.switches.strangeIdentifiers === 'refused') refuseStrange(terms);
		const found = maybe(store.profiles, terms).filter((profile) =>
			terms.every((term) => matches(profile, term)),
		);
		const order = request.query.sort ?? 'created';
		if (!/^-?(created|updated|id|email)$/.test(order))
			throw invalid(`'${order}' is not a sortable field.`, { parameter: 'sort' });
		if (order.startsWith('-')) found.reverse();
		const page = pageOf(
			found,
			({ id }) => id,
			request.query,
			20,
			`${klaviyo.baseUrl()}/api/profiles`,
		);
		const shown = page.items.map((profile) =>
			withIncluded(klaviyo, profile, request.query, [
				'conversations',
				'conversation',
				'push-tokens',
			]),
		);
		const included = shown.flatMap((each) => each.included);
		return {
			data: shown.map(({ data }) => data),
			...(request.query.include === undefined ? {} : { included }),
			links: page.links,
		};
	});

	const one = z.object(additional).strict();
	app.get('/api/profiles/:id', { schema: { params: byId, querystring: one } }, async (request) => {
		const profile = known(request.params.id);
		const single = ['conversations', 'conversation', 'lists', 'push-tokens', 'segments'];
		const { data, included } = withIncluded(klaviyo, profile, request.query, single);
		return {
			data,
			...(request.query.include === undefined ? {} : { included }),
			links: data.links,
		};
	});

	const change = z
		.object({
			data: z
				.object({
					type: z.literal('profile'),
					id: z.string(),
					attributes: profileAttributes,
					meta: profileMeta,
				})
				.strict(),
		})
		.strict();
	app.patch('/api/profiles/:id', { schema: { params: byId, body: change } }, async (request) => {
		const { id, attributes, meta } = request.body.data;
		if (id !== request.params.id)
			throw invalid('The id of the body is not the id of the path.', { pointer: '/data/id' });
		const profile = writeProfile(core, store, known(id), attributes);
		patchProperties(profile, meta?.patch_properties ?? {});
		const data = profileResource(klaviyo.baseUrl(), profile, {});
		return { data, links: data.links };
	});

	const imported = z
		.object({
			data: z
				.object({
					type: z.literal('profile'),
					id: z.string().nullable().optional(),
					attributes: profileAttributes,
					meta: profileMeta,
				})
				.strict(),
		})
		.strict();
	app.post('/api/profile-import', { schema: { body: imported } }, async (request, reply) => {
		const { id, attributes, meta } = request.body.data;
		const same = findProfile(store, attributes, id);
		if (id && same === undefined) throw notFound(`A profile with id ${id} does not exist.`);
		if (!id && !attributes.email && !attributes.phone_number && !attributes.external_id)
			throw invalid('One of email, phone_number, external_id is needed.', {
				pointer: '/data/attributes',
			});
		const profile =
			same === undefined
				? makeProfile(core, store, attributes)
				: writeProfile(core, store, same, attributes);
		patchProperties(profile, meta?.patch_properties ?? {});
		core.changes.announce();
		const data = profileResource(klaviyo.baseUrl(), profile, {});
		return reply.code(same === undefined ? 201 : 200).send({ data, links: data.links });
	});

	const conversationQuery = z.object(sparseFields).strict();
	app.get(
		'/api/profiles/:id/conversations',
		{ schema: { params: byId, querystring: conversationQuery } },
		async (request) => {
			const resources = store
				.conversationsOf(known(request.params.id).id)
				.map((conversation) => conversationResource(klaviyo.baseUrl(), conversation));
			const links = {
				self: `${klaviyo.baseUrl()}/api/profiles/${request.params.id}/conversations`,
			};
			if (core.switches.conversationShape === 'singular')
				return { data: resources[0] ?? null, links };
			return { data: resources.map((resource) => sparse(resource, request.query)), links };
		},
	);
	app.get(
		'/api/profiles/:id/conversation',
		{ schema: { params: byId, querystring: conversationQuery } },
		async (request) => {
			const [conversation] = store.conversationsOf(known(request.params.id).id);
			return {
				data:
					conversation === undefined ? null : conversationResource(klaviyo.baseUrl(), conversation),
				links: { self: `${klaviyo.baseUrl()}/api/profiles/${request.params.id}/conversation` },
			};
		},
	);
}

/** A profile with the requested relationships, and the resources they name. */
function withIncluded(
	klaviyo: Klaviyo,
	profile: Profile,
	query: Query,
	allowedIncludes: readonly string[],
): { data: Resource; included: Resource[] } {
	const asked = includeList(text(query.include), allowedIncludes);
	const extra = (text(query['additional-fields[profile]']) ?? '').split(',').filter(Boolean);
	for (const name of extra)
		if (!['subscriptions', 'predictive_analytics'].includes(name))
			throw invalid(`'${name}' is not an additional field.`, {
				parameter: 'additional-fields[profile]',
			});
	const conversations = klaviyo.store.conversationsOf(profile.id);
	const wants = asked.includes('conversations') || asked.includes('conversation');
	const references = conversations.map(({ id }) => ({ type: 'conversation', id }));
	const base = `${klaviyo.baseUrl()}/api/profiles/${profile.id}`;
	const singular = klaviyo.core.switches.conversationShape === 'singular';
	const name = singular ? 'conversation' : 'conversations';
	const relationships = {
		[name]: {
			...(wants ? { data: singular ? (references[0] ?? null) : references } : {}),
			links: { self: `${base}/relationships/${name}/`, related: `${base}/${name}/` },
		},
	};
	const groups = groupsOfProfile(klaviyo, profile.id, asked);
	const lastEventAt = klaviyo.store.events.ofProfile(profile.id).at(-1)?.at;
	const { core } = klaviyo;
	const subscriptions = extra.includes('subscriptions')
		? { now: core.clock.now(), window: core.switches.whatsAppWindow }
		: undefined;
	return {
		data: sparse(
			profileResource(klaviyo.baseUrl(), profile, {
				subscriptions,
				relationships: { ...relationships, ...groups.relationships },
				lastEventAt,
				predictions: extra.includes('predictive_analytics'),
			}),
			query,
		),
		included: [
			...(wants ? conversations : [])
				.slice(0, singular ? 1 : undefined)
				.map((conversation) => conversationResource(klaviyo.baseUrl(), conversation)),
			...groups.included,
		].map((resource) => sparse(resource, query)),
	};
}

/** Ids have 26 characters and numbers are E.164, as far as is known. */
function refuseStrange(terms: readonly FilterTerm[]): void {
	for (const { field, values } of terms)
		for (const value of values)
			if (
				(field === 'id' && !/^[0-9A-Z]{26}$/.test(value)) ||
				(field === 'phone_number' && !isE164(value))
			)
				throw invalid(`'${value}' is not a valid ${field}.`, { parameter: 'filter' });
}

const text = (value: string | number | undefined): string | undefined =>
	value === undefined ? undefined : String(value);

/** Profiles that may match, narrowed down by one of the conditions, in the order of lists. */
function maybe(profiles: ProfileBook, terms: readonly FilterTerm[]): Profile[] {
	for (const { field, values } of terms) {
		if (field !== 'id' && !isIdentifier(field)) continue;
		const found = new Set(
			values.flatMap((value) =>
				field === 'id'
					? (profiles.get(value) ?? [])
					: (profiles.with(field, field === 'email' ? value.toLowerCase() : value) ?? []),
			),
		);
		return [...found].sort((a, b) => a.place - b.place);
	}
	return [...profiles.values()];
}

function matches(profile: Profile, term: FilterTerm): boolean {
	if (term.field === 'created' || term.field === 'updated') {
		const time = term.field === 'created' ? profile.createdAt : profile.updatedAt;
		return holds(term.operator, time, filterTime(term));
	}
	const values: Record<string, string | null> = {
		id: profile.id,
		email: profile.email,
		phone_number: profile.phone,
		external_id: profile.externalId,
	};
	const value = values[term.field];
	if (value === null || value === undefined) return false;
	const wanted =
		term.field === 'email' ? term.values.map((email) => email.toLowerCase()) : term.values;
	return wanted.includes(value);
}
