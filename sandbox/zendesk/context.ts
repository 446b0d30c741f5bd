import type { Core } from '../core';
import type { App } from '../httpServer';
import type { TokenStore } from '../tokens';
import type { IdempotencyKeys } from './idempotency';
import type { Ticket, User } from './model';
import type { Store } from './store';
import type { Tickets } from './tickets';
import { notFound, zendeskWording } from './wording';
import type { FastifyRequest } from 'fastify';

/** What every Zendesk route works with. */
export interface Zendesk {
	app: App;
	core: Core;
	store: Store;
	tickets: Tickets;
	tokens: TokenStore;
	keys: IdempotencyKeys;
	/** Known once the server is listening. */
	baseUrl(): string;
}

/** The user who sends the request; only /users/me may have none. */
export function askerOf(request: FastifyRequest): User {
	if (request.zendeskUser === undefined) throw zendeskWording.notFound();
	return request.zendeskUser;
}

export function ticketOf(store: Store, id: string | number): Ticket {
	const ticket = store.tickets.get(Number(id));
	if (ticket === undefined || ticket.state.deleted) throw notFound();
	return ticket;
}

/** A ticket that was deleted and can be restored. */
export function deletedTicketOf(store: Store, id: string | number): Ticket {
	const ticket = store.tickets.get(Number(id));
	if (ticket === undefined || !ticket.state.deleted) throw notFound();
	return ticket;
}

/** The object without its undefined values, so that spreading it changes only what was given. */
export function given<T extends object>(
	fields: T,
): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
	const kept: { [Name in keyof T]?: Exclude<T[Name], undefined> } = {};
	for (const name of Object.keys(fields) as Array<keyof T>) {
		const value = fields[name];
		if (isGiven(value)) kept[name] = value;
	}
	return kept;
}

function isGiven<V>(value: V): value is Exclude<V, undefined> {
	return value !== undefined;
}

/** `a,b,c` of a query as numbers. */
export function idList(ids: string): number[] {
	return ids.split(',').map(Number).filter(Number.isInteger);
}
