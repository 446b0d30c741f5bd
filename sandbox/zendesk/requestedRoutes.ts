import { z } from 'zod';
import type { Zendesk } from './context';
import { pageOf, pageQuery } from './paging';
import { stateAsOf } from './store';
import { ticketJson, userJson } from './ticketJson';
import { notFound } from './wording';

const byId = z.object({ id: z.string().regex(/^\d+(\.json)?$/) });

/** The tickets that a user requested: a list that may lag, like the others. */
export function requestedRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	app.get(
		'/api/v2/users/:id/tickets/requested',
		{ schema: { params: byId, querystring: z.object(pageQuery) } },
		async (request) => {
			const user = store.users.get(parseInt(request.params.id, 10));
			if (user === undefined) throw notFound();
			const asOf = core.clock.now() - core.hurried(core.switches.ticketListLag);
			const seen = store.tickets.maybeRequestedBy(user.id).flatMap((ticket) => {
				const state = stateAsOf(ticket, asOf);
				return state && !state.deleted && state.requesterId === user.id ? [{ ticket, state }] : [];
			});
			const path = `${zendesk.baseUrl()}/api/v2/users/${user.id}/tickets/requested.json`;
			const page = pageOf(seen, request.query, path);
			return {
				tickets: page.items.map(({ ticket, state }) =>
					ticketJson(zendesk.baseUrl(), ticket, state),
				),
				...(request.query.include?.split(',').includes('users') && page.items.length > 0
					? { users: [userJson(zendesk.baseUrl(), user)] }
					: {}),
				...page.envelope,
			};
		},
	);
}
