import { z } from 'zod';
import type { Zendesk } from './context';
import { Listing } from './listing';
import type { Ticket, TicketState } from './model';
import { pageOf, pageQuery } from './paging';
import { stateAsOf } from './store';
import { ticketJson } from './ticketJson';
import { refuse } from './wording';

const statusOrder = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];

/** Ticket search: behind by the search lag, at most 1,000 results, offset paging only. */
export function searchRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	/** Tickets as the index has them: behind by the search lag, including their state. */
	const listing = new Listing<Seen>();
	const found = (query: string): readonly Seen[] => {
		const isOfNow = core.switches.searchLag === 0;
		const changes = isOfNow ? store.tickets.changeCount : undefined;
		return listing.get(changes, query, () => look(query));
	};
	const look = (query: string): Seen[] => {
		const visible = core.clock.now() - core.hurried(core.switches.searchLag);
		const terms = query.split(/\s+/).filter(Boolean).map(termOf);
		const { repeatedSearchWords: words } = core.switches;
		const most = words === 'firstTen' ? 10 : Infinity;
		const needed = words === 'all' ? terms.map((term) => [term]) : alternativesIn(terms, most);
		let maybe: Iterable<Ticket> = store.tickets.values();
		for (const some of needed) {
			const [{ name } = { name: '' }] = some;
			if (name === 'external_id')
				maybe = some.flatMap(({ value }) => [...store.tickets.maybeOf(value)]);
			else if (name === 'requester' || name === 'requester_id')
				maybe = some.flatMap(({ value }) => [...store.tickets.maybeRequestedBy(value)]);
		}
		const seen: Seen[] = [];
		for (const ticket of new Set(maybe)) {
			const state = stateAsOf(ticket, visible);
			if (state === undefined || state.deleted) continue;
			const isFound = needed.every((some) => some.some((term) => matches(ticket, state, term)));
			if (isFound) seen.push({ ticket, state });
		}
		return seen;
	};
	const json = ({ ticket, state }: Seen): Record<string, unknown> => ({
		...ticketJson(zendesk.baseUrl(), ticket, state),
		result_type: 'ticket',
	});

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
			results: list.items.map(json),
			facets: null,
			...list.envelope,
		};
	});
	/** The same without the limit of 1,000: cursor paging only, for one type of record, which must be named. */
	const whole = z.object({
		query: z.string(),
		'filter[type]': z.literal('ticket'),
		'page[size]': z.coerce.number().int().min(1).max(1000).optional(),
		'page[after]': z.string().optional(),
	});
	app.get('/api/v2/search/export', { schema: { querystring: whole } }, async (request) => {
		const { query, 'page[size]': size = 100, 'page[after]': after } = request.query;
		const list = pageOf(
			found(query),
			{ 'page[size]': size, ...(after === undefined ? {} : { 'page[after]': after }) },
			`${zendesk.baseUrl()}/api/v2/search/export.json`,
			{ query, 'filter[type]': 'ticket' },
		);
		return { results: list.items.map(json), facets: null, ...list.envelope };
	});
	app.get(
		'/api/v2/search/count',
		{ schema: { querystring: z.object({ query: z.string() }) } },
		async (request) => ({
			count: found(request.query.query).length,
		}),
	);
}

interface Seen {
	ticket: Ticket;
	state: TicketState;
}

interface Term {
	/** As it was written. */
	term: string;
	/** The property it searches, if it names one. */
	name: string | undefined;
	operator: string;
	value: string;
}

function termOf(term: string): Term {
	const [, name, operator = '', raw = ''] = /^(\w+)([:<>])(.+)$/.exec(term) ?? [];
	return { term, name, operator, value: raw.replace(/^"|"$/g, '') };
}

/** Values for one property are alternatives. */
function alternativesIn(terms: readonly Term[], most: number): Term[][] {
	const byProperty = new Map<string, Term[]>();
	for (const term of terms) {
		const property = term.operator === ':' ? (term.name ?? term.term) : term.term;
		byProperty.set(property, [...(byProperty.get(property) ?? []), term]);
	}
	return [...byProperty.values()].map((some) => some.slice(0, most));
}

function matches(ticket: Ticket, state: TicketState, wanted: Term): boolean {
	const { term, name, operator, value } = wanted;
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
