import type { Klaviyo } from '../../klaviyo/context';

import type { Profile } from '../../klaviyo/model';
import type { Zendesk } from '../../zendesk/context';
import type { Audit, FieldEvent, Ticket } from '../../zendesk/model';
import { isStaff } from '../../zendesk/store';
import type { AuditView, CommentView, Looking, TicketsView, TicketView } from '../shapes';

type Desk = Zendesk['store'];
export interface Stores {
	zendesk: Desk;
	klaviyo: Klaviyo['store'];
}

const mostMergeable = 50;
const unsolved = ['new', 'open', 'pending', 'hold'];

const userName = (desk: Desk, id: number): string =>
	id === -1 ? 'Automation' : (desk.users.get(id)?.name ?? `User ${id}`);

const present = (desk: Desk): Ticket[] =>
	[...desk.tickets.values()].filter(({ state }) => !state.deleted);

function conversationOf({ state }: Ticket): { channel: TicketView['channel']; phone?: string } {
	const [, name, phone] = /^klaviyo:(sms|whatsapp):(\+\d+)/.exec(state.externalId ?? '') ?? [];
	const channel = name === 'sms' || name === 'whatsapp' ? name : null;
	return { channel, ...(phone === undefined ? {} : { phone }) };
}

/** The phone number of a ticket's conversation, or its requester's. */
function numberOf(desk: Desk, ticket: Ticket): string | null {
	const { state } = ticket;
	return conversationOf(ticket).phone ?? desk.users.get(state.requesterId)?.phone ?? null;
}

/** Whether a ticket belongs to a customer: by number if it has one, otherwise by e-mail. */
function isOf(desk: Desk, ticket: Ticket): (profile: Profile) => boolean {
	const own = numberOf(desk, ticket);
	if (own !== null) return ({ phone }) => phone === own;
	const email = desk.users.get(ticket.state.requesterId)?.email ?? null;
	return (profile) => email !== null && profile.email === email;
}

/** Tickets that match the filters, the last changed first. */
export function ticketsView(stores: Stores, looking: Looking): TicketsView {
	const { zendesk, klaviyo } = stores;
	const all = present(zendesk);
	const wanted = looking.ticketSearch.trim().toLowerCase();
	const customer = looking.onlyCustomer ? klaviyo.profiles.get(looking.customer) : undefined;
	const matching = all.filter((ticket) => {
		const { state } = ticket;
		if (looking.ticketStatus === 'unsolved' && !unsolved.includes(state.status)) return false;
		if (looking.ticketStatus !== '' && looking.ticketStatus !== 'unsolved')
			if (state.status !== looking.ticketStatus) return false;
		if (customer !== undefined && !isOf(zendesk, ticket)(customer)) return false;
		const shown = [`#${ticket.id}`, state.subject, userName(zendesk, state.requesterId)];
		return shown.some((part) => part.toLowerCase().includes(wanted));
	});
	matching.sort((a, b) => b.state.updatedAt - a.state.updatedAt || b.id - a.id);
	return {
		total: all.length,
		matching: matching.length,
		isOfCustomer: customer !== undefined,
		rows: matching.slice(0, looking.ticketLimit).map(({ id, state, comments }) => ({
			id: String(id),
			subject: state.subject,
			status: state.status,
			requester: userName(zendesk, state.requesterId),
			updatedAt: state.updatedAt,
			comments: comments.length,
		})),
	};
}

/** The chosen ticket with its newest comments and audits. */
export function ticketView(stores: Stores, looking: Looking): TicketView | null {
	const { zendesk, klaviyo } = stores;
	const ticket = zendesk.tickets.get(Number(looking.ticket));
	if (ticket === undefined || ticket.state.deleted) return null;
	const { state, comments, audits } = ticket;
	const limit = looking.commentLimit;
	return {
		id: String(ticket.id),
		subject: state.subject,
		status: state.status,
		externalId: state.externalId,
		channel: conversationOf(ticket).channel,
		tags: [...state.tags],
		requester: {
			name: userName(zendesk, state.requesterId),
			phone: numberOf(zendesk, ticket),
			profileId: [...klaviyo.profiles.values()].find(isOf(zendesk, ticket))?.id ?? null,
		},
		assigneeId: state.assigneeId === null ? null : String(state.assigneeId),
		createdAt: ticket.createdAt,
		comments: comments.slice(-limit).map((comment): CommentView => {
			const { id, authorId, body, createdAt, channel, attachments } = comment;
			return {
				id: String(id),
				author: userName(zendesk, authorId),
				isStaff: isStaff(zendesk.users.get(authorId)),
				isPublic: comment.public,
				body,
				at: createdAt,
				isByApi: channel === 'api',
				attachments: attachments.map(({ fileName, size }) => ({ fileName, size })),
			};
		}),
		earlierComments: Math.max(0, comments.length - limit),
		audits: audits
			.slice(-limit)
			.reverse()
			.map((audit) => auditView(zendesk, audit)),
		earlierAudits: Math.max(0, audits.length - limit),
		mergeable: state.status === 'closed' ? [] : mergeableInto(zendesk, ticket),
	};
}

const ways: Record<Audit['channel'], string> = {
	api: 'API',
	web: 'agent workspace',
	rule: 'automation',
	email: 'e-mail',
	native_messaging: 'messaging',
	voice: 'phone',
};

function auditView(desk: Desk, audit: Audit): AuditView {
	const [comment] = audit.comments;
	return {
		id: String(audit.id),
		author: userName(desk, audit.authorId),
		by: audit.merge ? 'merge' : ways[audit.channel],
		at: audit.createdAt,
		comment: comment === undefined ? null : comment.public ? 'public' : 'internal',
		changes: audit.fields.filter(isWorthSaying).map(({ field, previous, value, rule }) => ({
			field: rule === undefined ? field : `${field} (by '${rule.title}')`,
			from: shown(desk, field, previous),
			to: shown(desk, field, value),
		})),
		custom: audit.custom,
	};
}

/** A new ticket's audit names every field; fields without a value are left out. */
const isWorthSaying = ({ type, field, value }: FieldEvent): boolean =>
	field !== 'custom_status_id' && (type === 'Change' || (value !== null && value !== ''));

function shown(desk: Desk, field: string, value: unknown): string {
	if (value === null || value === undefined) return '';
	if (Array.isArray(value)) return value.join(' ');
	if (['assignee_id', 'requester_id'].includes(field)) return userName(desk, Number(value));
	return String(value);
}

function mergeableInto(desk: Desk, from: Ticket): TicketView['mergeable'] {
	const same = ({ state }: Ticket): number =>
		state.requesterId === from.state.requesterId ? 1 : 0;
	return present(desk)
		.filter((other) => other !== from && other.state.status !== 'closed')
		.sort((a, b) => same(b) - same(a) || b.state.updatedAt - a.state.updatedAt)
		.slice(0, mostMergeable)
		.map(({ id, state }) => ({ id: String(id), subject: state.subject }));
}
