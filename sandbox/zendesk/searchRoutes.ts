import { z } from 'zod';
import type { Zendesk } from './context';
import type { Ticket } from './model';
import { pageOf, pageQuery } from './paging';
import { ticketJson } from './ticketJson';
import { refuse } from './wording';

const statusOrder = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];

/** Ticket search: behind by the search lag, 1,000 results at most, offset paging only. */
export function searchRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	const found = (query: string): Ticket[] => {
		const visible = core.clock.now() - core.hurried(core.switches.searchLag);
		const terms = query.split(/\s+/).filter(Boolean);
		return [...store.tickets.values()].filter(
			(ticket) =>
				!ticket.state.deleted &&
				ticket.createdAt <= visible &&
				terms.every((term) => matches(ticket, term)),
		);
	};

	const search = z.object({ ...pageQuery, query: z.string() });
	app.get('/api/v2/search', { schema: { querystring: search } }, async (request) => {
		const { page = 1, per_page: size = 100 } = request.query;
		if (page * size > 1000)
			throw refuse(422, 'invalid', 'Only the first 1000 search results are available');
		const list = pageOf(
			found(request.query.query),
			{ page, per_page: size },
			`${zendesk.baseUrl()}/api/v2/search.json`,
			{
				query: request.query.query,
			},
		);
		return {
			results: list.items.map((ticket) => ({
				...ticketJson(zendesk.baseUrl(), ticket),
				result_type: 'ticket',
			})),
			facets: null,
			...list.envelope,
		};
	});
	app.get(
		'/api/v2/search/count',
		{ schema: { querystring: z.object({ query: z.string() }) } },
		async (request) => ({
			count: found(request.query.query).length,
		}),
	);
}

function matches(ticket: Ticket, term: string): boolean {
	const { state } = ticket;
	const [, name, operator = '', raw = ''] = /^(\w+)([:<>])(.+)$/.exec(term) ?? [];
	const value = raw.replace(/^"|"$/g, '');
	switch (name) {
		case undefined:
			return `${state.subject} ${state.description}`.toLowerCase().includes(term.toLowerCase());
		case 'type':
			return value === 'ticket' || state.type === value;
		case 'status': {
			const [left, right] = [statusOrder.indexOf(state.status), statusOrder.indexOf(value)];
			return operator === ':' ? left === right : operator === '<' ? left < right : left > right;
		}
		case 'tags':
			return state.tags.includes(value);
		case 'requester':
		case 'requester_id':
			return String(state.requesterId) === value;
		case 'external_id':
			return state.externalId === value;
		case 'created':
		case 'updated': {
			const left = name === 'created' ? ticket.createdAt : state.updatedAt;
			return operator === '<' ? left < Date.parse(value) : left > Date.parse(value);
		}
		default:
			return false;
	}
}
