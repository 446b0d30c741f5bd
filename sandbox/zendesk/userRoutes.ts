import { z } from 'zod';
import { given, idList, type Zendesk } from './context';
import type { User } from './model';
import { pageOf, pageQuery } from './paging';
import { isAllowed } from './permissions';
import { userJson } from './ticketJson';
import { emailsOf } from './userBook';
import { addUser, changeUser, matchingUsers, mergeUsers } from './users';
import { invalidRecord, notFound, refuse } from './wording';

const byId = z.object({ id: z.string().regex(/^\d+(\.json)?$/) });
const userWrite = z.object({
	user: z.object({
		id: z.coerce.number().int().optional(),
		name: z.string().optional(),
		email: z.string().nullable().optional(),
		phone: z.string().nullable().optional(),
		external_id: z.string().nullable().optional(),
		role: z.enum(['end-user', 'agent', 'admin']).optional(),
		tags: z.array(z.string()).optional(),
		notes: z.string().optional(),
		suspended: z.boolean().optional(),
		user_fields: z.record(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
		verified: z.boolean().optional(),
		skip_verify_email: z.boolean().optional(),
	}),
});
type UserWrite = z.infer<typeof userWrite>['user'];

/** Users: who am I, show, search, create, update. */
export function userRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	const json = (user: User): unknown => userJson(zendesk.baseUrl(), user, store.userFields.keys());
	const withExternalId = (externalId: string): User[] =>
		store.users.withExternalId(externalId).filter((user) => user.externalId === externalId);
	const listed = (users: User[], query: Parameters<typeof pageOf>[1], path: string): object => {
		const page = pageOf(users, query, `${zendesk.baseUrl()}${path}`);
		return { users: page.items.map(json), ...page.envelope };
	};

	app.get('/api/v2/users/me', async (request) => ({
		user: request.zendeskUser === undefined ? anonymous : json(request.zendeskUser),
	}));

	const search = z.object({
		...pageQuery,
		query: z.string().optional(),
		external_id: z.string().optional(),
	});
	app.get('/api/v2/users/search', { schema: { querystring: search } }, async (request) => {
		const { query, external_id: externalId } = request.query;
		const visible = core.clock.now() - core.hurried(core.switches.searchLag);
		if (externalId === undefined && query === undefined)
			throw refuse(400, 'MissingParameter', 'query or external_id is needed');
		const found =
			externalId === undefined
				? matchingUsers(store.users, query ?? '')
				: withExternalId(externalId);
		return listed(
			found.filter(({ createdAt }) => createdAt <= visible),
			request.query,
			'/api/v2/users/search.json',
		);
	});

	const many = z.object({
		ids: z.string().optional(),
		external_ids: z.string().optional(),
		include: z.string().optional(),
	});
	app.get('/api/v2/users/show_many', { schema: { querystring: many } }, async (request) => {
		const ids = idList(request.query.ids ?? '');
		const externalIds = (request.query.external_ids ?? '').split(',').filter(Boolean);
		if (ids.length + externalIds.length > 100)
			throw refuse(400, 'TooManyValues', 'At most 100 ids');
		const found = new Set([
			...ids.flatMap((id) => store.users.get(id) ?? []),
			...externalIds.flatMap((externalId) => store.users.withExternalId(externalId)),
		]);
		const users = [...found].sort((a, b) => a.id - b.id);
		const isAsked = (request.query.include ?? '').split(',').includes('identities');
		return {
			...listed(users, {}, '/api/v2/users/show_many.json'),
			...(isAsked && core.switches.sideloadedIdentities && isAllowed(core.switches, 'identities')
				? { identities: users.flatMap(identitiesOf) }
				: {}),
		};
	});

	const list = z.object({
		...pageQuery,
		external_id: z.string().optional(),
		role: z.string().optional(),
	});
	app.get('/api/v2/users', { schema: { querystring: list } }, async (request) => {
		const { external_id: externalId, role } = request.query;
		const named = externalId === undefined ? [...store.users.values()] : withExternalId(externalId);
		const found = named.filter((user) => role === undefined || user.role === role);
		return listed(found, request.query, '/api/v2/users.json');
	});

	app.get('/api/v2/users/:id', { schema: { params: byId } }, async (request) => ({
		user: json(known(zendesk, request.params.id)),
	}));

	app.post('/api/v2/users', { schema: { body: userWrite } }, async (request, reply) => {
		const user = addUser(core, store, named(request.body.user));
		return reply
			.code(201)
			.header('location', `${zendesk.baseUrl()}/api/v2/users/${user.id}.json`)
			.send({ user: json(user) });
	});

	app.post(
		'/api/v2/users/create_or_update',
		{ schema: { body: userWrite } },
		async (request, reply) => {
			const wanted = request.body.user;
			const [same] = [
				...(wanted.email ? [store.users.withEmail(wanted.email) ?? []].flat() : []),
				...(wanted.external_id ? store.users.withExternalId(wanted.external_id) : []),
			].sort((a, b) => a.id - b.id);
			const user =
				same === undefined
					? addUser(core, store, named(wanted))
					: changeUser(core, store, same, fieldsOf(wanted));
			return reply
				.code(same === undefined ? 201 : 200)
				.header('location', `${zendesk.baseUrl()}/api/v2/users/${user.id}.json`)
				.send({ user: json(user) });
		},
	);

	app.put('/api/v2/users/:id', { schema: { params: byId, body: userWrite } }, async (request) => ({
		user: json(
			changeUser(core, store, known(zendesk, request.params.id), fieldsOf(request.body.user)),
		),
	}));

	const into = z.object({ user: z.object({ id: z.coerce.number().int() }) });
	app.put('/api/v2/users/:id/merge', { schema: { params: byId, body: into } }, async (request) => {
		const kept = known(zendesk, String(request.body.user.id));
		const act = { actorId: store.agent.id, channel: 'api' as const };
		mergeUsers(core, store, [known(zendesk, request.params.id), kept], (ticket) =>
			zendesk.tickets.update(ticket, { requesterId: kept.id }, undefined, act),
		);
		return { user: json(kept) };
	});

	app.get('/api/v2/users/:id/identities', { schema: { params: byId } }, async (request) => {
		const identities = identitiesOf(known(zendesk, request.params.id));
		return { identities, count: identities.length, next_page: null, previous_page: null };
	});
}

function identitiesOf(user: User): unknown[] {
	let place = 0;
	const identity = (type: string, value: string): unknown => ({
		id: user.id * 100 + (place += 1),
		user_id: user.id,
		type,
		value,
		verified: true,
		primary: value === user.email || value === user.phone,
	});
	return [
		...emailsOf(user).map((email) => identity('email', email)),
		...[user.sharedPhone ? null : user.phone, ...user.others.phones]
			.filter((phone) => phone !== null)
			.map((phone) => identity('phone_number', phone)),
	];
}

/** The answer of /users/me to missing or wrong credentials: still 200. */
const anonymous = {
	id: null,
	name: 'Anonymous user',
	email: 'invalid@example.com',
	role: 'end-user',
	active: false,
};

function known(zendesk: Zendesk, id: string): User {
	const user = zendesk.store.users.get(parseInt(id, 10));
	if (user === undefined) throw notFound();
	return user;
}

function named(wanted: UserWrite): Partial<User> & { name: string } {
	if (wanted.name === undefined || wanted.name.trim() === '')
		throw invalidRecord({
			name: [
				{ description: 'Name: is too short (minimum is 1 characters)', error: 'ValueTooShort' },
			],
		});
	return { ...fieldsOf(wanted), name: wanted.name };
}

function fieldsOf(wanted: UserWrite): Partial<User> {
	return given({
		name: wanted.name,
		email: wanted.email,
		phone: wanted.phone,
		externalId: wanted.external_id,
		role: wanted.role,
		tags: wanted.tags,
		notes: wanted.notes,
		fields: wanted.user_fields,
		suspended: wanted.suspended,
	});
}
