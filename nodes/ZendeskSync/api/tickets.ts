/** Single tickets, with the people and names that their ids stand for. */
import { ticketFacts, type FieldValue, type TicketFacts } from '../../../domain/ticketMetric';
import { fromExternalId } from '../../../domain/conversation/externalId';
import type { Zendesk } from './client';
import {
	fieldPage,
	oneUser,
	ticketWithPeople,
	type WireTicket,
	type WireUser,
	wireId,
} from './wire';

/** Titles of custom fields, by id. Read once an execution. */
export async function fieldTitles(zendesk: Zendesk): Promise<Map<string, string>> {
	const path = '/api/v2/ticket_fields';
	const answer = await zendesk.must('The ticket fields could not be read', {
		method: 'GET',
		path,
		repeatable: true,
	});
	const { ticket_fields: fields } = zendesk.read('The ticket fields', fieldPage, answer);
	return new Map(fields.map(({ id, title }) => [id, title]));
}

const fieldValue = (value: unknown): FieldValue => {
	if (Array.isArray(value)) return value.map(String);
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
		return value;
	return null;
};

export interface TicketRecord {
	ticket: WireTicket;
	users: Map<string, WireUser>;
	groups: Map<string, string | null>;
}

export async function readTicket(zendesk: Zendesk, ticketId: string): Promise<TicketRecord> {
	const answer = await zendesk.must(`Ticket ${ticketId} could not be read`, {
		method: 'GET',
		path: `/api/v2/tickets/${encodeURIComponent(ticketId)}`,
		query: { include: 'users,groups' },
		repeatable: true,
	});
	const { ticket, users, groups } = zendesk.read(`Ticket ${ticketId}`, ticketWithPeople, answer);
	return {
		ticket,
		users: new Map((users ?? []).map((user) => [user.id, user])),
		groups: new Map((groups ?? []).map((group) => [group.id, group.name])),
	};
}

export async function readUser(zendesk: Zendesk, userId: string): Promise<WireUser> {
	const answer = await zendesk.must(`User ${userId} could not be read`, {
		method: 'GET',
		path: `/api/v2/users/${wireId.parse(userId)}`,
		repeatable: true,
	});
	return zendesk.read(`User ${userId}`, oneUser, answer).user;
}

/** A ticket in the words of the item contract; what only an event has is left to the caller. */
export type TicketSide = Omit<
	TicketFacts,
	'key' | 'event' | 'previousStatus' | 'occurredAt' | 'comment' | 'catchUp' | 'raw'
>;

/**
 * @param requester the one whom the event names, where it is no longer the ticket's
 */
export function ticketSide(
	zendesk: Zendesk,
	{ ticket, users, groups }: TicketRecord,
	titles: Map<string, string>,
	requester: WireUser | undefined,
): TicketSide {
	const assignee = users.get(ticket.assignee_id ?? '');
	const groupId = ticket.group_id;
	const via = ticket.via?.channel ?? null;
	const fields = (ticket.custom_fields ?? []).map(({ id, value }): [string, FieldValue] => [
		titles.get(id) ?? id,
		fieldValue(value),
	]);
	const shape = ticketFacts.omit({
		key: true,
		event: true,
		previousStatus: true,
		occurredAt: true,
		comment: true,
		catchUp: true,
		raw: true,
	});
	return shape.parse({
		ticketId: ticket.id,
		brandId: ticket.brand_id,
		status: ticket.status ?? null,
		tags: ticket.tags ?? [],
		externalId: ticket.external_id,
		channel: fromExternalId(ticket.external_id)?.channel ?? (via === null ? null : String(via)),
		requesterId: requester?.id ?? ticket.requester_id,
		subject: ticket.subject,
		description: ticket.description,
		priority: ticket.priority,
		type: ticket.type,
		via: via === null ? null : String(via),
		zendeskUrl: `${zendesk.origin}/agent/tickets/${ticket.id}`,
		assignee: assignee ? { id: assignee.id, name: assignee.name, email: assignee.email } : null,
		group: groupId === null ? null : { id: groupId, name: groups.get(groupId) ?? null },
		requester: requester
			? {
					id: requester.id,
					name: requester.name,
					email: requester.email,
					phone: requester.phone,
				}
			: null,
		fields: Object.fromEntries(fields),
		createdAt: new Date(ticket.created_at).toISOString(),
		updatedAt: new Date(ticket.updated_at).toISOString(),
	} satisfies TicketSide);
}
