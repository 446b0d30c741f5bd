import { z } from 'zod';
import { stamp } from '../clock';
import { idList, ticketOf, type Zendesk } from './context';
import { Listing } from './listing';
import type { Ticket, TicketState } from './model';
import { byCreation, pageOf, pageQuery, sorted, type PageQuery } from './paging';
import { groups, stateAsOf } from './store';
import { auditJson, commentJson, ticketJson, userJson } from './ticketJson';
import { groupJson } from './accountRoutes';
import { metricSets, ownMetricSet } from './metricSets';
import { isAllowed } from './permissions';
import { refuse } from './wording';

const byId = z.object({ id: z.string().regex(/^\d+(\.json)?$/) });
const statusOrder = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];
interface Seen {
	ticket: Ticket;
	state: TicketState;
}

/** Reads: list, show, show_many, count, audits, comments. */
export function ticketReadRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	const json = ({ ticket, state }: Seen, include?: string): unknown => ({
		...ticketJson(zendesk.baseUrl(), ticket, state),
		...ownMetricSet(zendesk, ticket, include),
	});

	type ListQuery = PageQuery & {
		external_id?: string | undefined;
		start_time?: number | undefined;
	};
	const listing = new Listing<Seen>();
	const all = (query: ListQuery): readonly Seen[] => {
		const { page, per_page: size, include, 'page[after]': after, ...lists } = query;
		const isLong = query.external_id === undefined;
		const changes =
			isLong && core.switches.ticketListLag === 0 ? store.tickets.changeCount : undefined;
		return listing.get(changes, JSON.stringify(lists), () => look(query));
	};
	const look = (query: ListQuery): readonly Seen[] => {
		const asOf = core.clock.now() - core.hurried(core.switches.ticketListLag);
		const seen: Seen[] = [];
		const { external_id: externalId } = query;
		const maybe =
			externalId === undefined ? store.tickets.values() : store.tickets.maybeOf(externalId);
		for (const ticket of maybe) {
			const state = stateAsOf(ticket, asOf);
			if (state === undefined || state.deleted) continue;
			if (externalId !== undefined && state.externalId !== externalId) continue;
			if (query.start_time !== undefined && state.updatedAt < query.start_time * 1000) continue;
			seen.push({ ticket, state });
		}
		return sorted(
			seen,
			query,
			{
				id: ({ ticket }) => ticket.id,
				updated_at: ({ state }) => Math.floor(state.updatedAt / 1000),
				status: ({ state }) => statusOrder.indexOf(state.status),
			},
			'id',
		);
	};
	const list = (query: ListQuery): unknown => {
		const kept: Record<string, string> = {};
		for (const name of ['external_id', 'sort', 'include'] as const)
			if (query[name] !== undefined) kept[name] = query[name];
		const page = pageOf(all(query), query, `${zendesk.baseUrl()}/api/v2/tickets.json`, kept);
		return {
			tickets: page.items.map((seen) => json(seen, query.include)),
			...sideloads(zendesk, page.items, query.include),
			...page.envelope,
		};
	};
	const listQuery = z.object({
		...pageQuery,
		external_id: z.string().optional(),
		start_time: z.coerce.number().int().optional(),
	});
	for (const path of ['/api/v2/tickets', '/api/v2/tickets.json'])
		app.get(path, { schema: { querystring: listQuery } }, async (request) => list(request.query));

	/** The account's tags, the most used first. */
	for (const path of ['/api/v2/tags', '/api/v2/tags.json'])
		app.get(path, { schema: { querystring: z.object(pageQuery) } }, async (request) => {
			const counts = new Map<string, number>();
			for (const tag of [...store.tickets.values()].flatMap(({ state }) => state.tags))
				counts.set(tag, (counts.get(tag) ?? 0) + 1);
			const tags = [...counts]
				.map(([name, count]) => ({ name, count }))
				.sort((a, b) => b.count - a.count);
			const page = pageOf(tags, request.query, `${zendesk.baseUrl()}/api/v2/tags.json`);
			return { tags: page.items, ...page.envelope };
		});

	app.get('/api/v2/tickets/count', async () => ({
		count: {
			value: [...store.tickets.values()].filter(({ state }) => !state.deleted).length,
			refreshed_at: stamp(core.clock.now()),
		},
	}));

	app.get(
		'/api/v2/tickets/show_many',
		{ schema: { querystring: z.object({ ids: z.string(), include: z.string().optional() }) } },
		async (request) => {
			const ids = idList(request.query.ids);
			if (ids.length > 100) throw refuse(400, 'TooManyValues', 'At most 100 ids');
			const found = ids
				.flatMap((id) => store.tickets.get(id) ?? [])
				.filter(({ state }) => !state.deleted)
				.map((ticket) => ({ ticket, state: ticket.state }));
			return {
				tickets: found.map((seen) => json(seen, request.query.include)),
				...sideloads(zendesk, found, request.query.include),
				count: found.length,
				next_page: null,
				previous_page: null,
			};
		},
	);

	app.get(
		'/api/v2/tickets/:id',
		{ schema: { params: byId, querystring: z.object({ include: z.string().optional() }) } },
		async (request) => {
			const ticket = ticketOf(store, parseInt(request.params.id, 10));
			const seen = { ticket, state: ticket.state };
			const { include } = request.query;
			return { ticket: json(seen, include), ...sideloads(zendesk, [seen], include) };
		},
	);

	app.get(
		'/api/v2/tickets/:id/audits',
		{ schema: { params: byId, querystring: z.object(pageQuery) } },
		async (request) => {
			const ticket = ticketOf(store, parseInt(request.params.id, 10));
			const visible = core.clock.now() - core.hurried(core.switches.auditLag);
			const audits = ticket.audits.filter(({ createdAt }) => createdAt <= visible);
			const inOrder = sorted(audits, request.query, { created_at: byCreation }, 'created_at');
			const page = pageOf(
				inOrder,
				request.query,
				`${zendesk.baseUrl()}/api/v2/tickets/${ticket.id}/audits.json`,
			);
			const people = page.items.flatMap(({ authorId, comments }) => [
				authorId,
				...comments.map((comment) => comment.authorId),
			]);
			return {
				audits: page.items.map((audit) => auditJson(audit, core.switches)),
				...users(zendesk, people, request.query.include),
				...page.envelope,
			};
		},
	);

	app.get(
		'/api/v2/tickets/:id/comments',
		{
			schema: {
				params: byId,
				querystring: z.object({ ...pageQuery, include_inline_images: z.string().optional() }),
			},
		},
		async (request) => {
			const ticket = ticketOf(store, parseInt(request.params.id, 10));
			const inOrder = sorted(
				ticket.comments,
				request.query,
				{ created_at: byCreation },
				'created_at',
			);
			const page = pageOf(
				inOrder,
				request.query,
				`${zendesk.baseUrl()}/api/v2/tickets/${ticket.id}/comments.json`,
			);
			return {
				comments: page.items.map(commentJson),
				...users(
					zendesk,
					page.items.map(({ authorId }) => authorId),
					request.query.include,
				),
				...page.envelope,
			};
		},
	);
}

function includes(include: string | undefined, name: string): boolean {
	return (include ?? '').split(',').includes(name);
}

function users(
	zendesk: Zendesk,
	ids: readonly number[],
	include: string | undefined,
): Record<string, unknown> {
	if (!includes(include, 'users')) return {};
	if (zendesk.core.switches.sideloadedUsers === 'none') return { users: [] };
	const found = [...new Set(ids)].flatMap((id) => zendesk.store.users.get(id) ?? []);
	return { users: found.map((user) => userJson(zendesk.baseUrl(), user)) };
}

function lastAudits(
	{ core }: Zendesk,
	seen: readonly Seen[],
	include: string | undefined,
): Record<string, unknown> {
	const isShown = core.switches.lastAudits && isAllowed(core.switches, 'audits');
	if (!isShown || !includes(include, 'last_audits')) return {};
	const visible = core.clock.now() - core.hurried(core.switches.auditLag);
	const last = seen.flatMap(
		({ ticket }) => ticket.audits.findLast(({ createdAt }) => createdAt <= visible) ?? [],
	);
	return { last_audits: last.map((audit) => auditJson(audit, core.switches)) };
}

/** The lists that `include=` adds beside the tickets. */
function sideloads(
	zendesk: Zendesk,
	seen: readonly Seen[],
	include: string | undefined,
): Record<string, unknown> {
	const people = seen.flatMap(({ state }) => [
		state.requesterId,
		state.submitterId,
		state.assigneeId ?? state.requesterId,
	]);
	const used = new Set(seen.map(({ state }) => state.groupId));
	return {
		...users(zendesk, people, include),
		...(includes(include, 'groups')
			? { groups: groups.filter(({ id }) => used.has(id)).map(groupJson) }
			: {}),
		...metricSets(
			zendesk,
			seen.map(({ ticket }) => ticket),
			include,
		),
		...lastAudits(zendesk, seen, include),
	};
}
