/** Reads tickets by id, with the users, groups and names behind their ids. */
import { commentWords } from '../../../domain/comment/words';
import type { SupportTimes } from '../../../domain/supportTimes';
import { ticketFacts, type FieldValue, type TicketFacts } from '../../../domain/ticketMetric';
import { fromExternalId } from '../../../domain/conversation/externalId';
import { rememberedFor } from '../../shared/remembered';
import type { VendorCall } from '../../shared/send';
import type { Zendesk } from './client';
import { askFor, Gone, goneOr } from './gone';
import {
	commentPage,
	fieldPage,
	type Sideloads,
	ticketsWithPeople,
	ticketWithPeople,
	type WireAudit,
	type WireMetricSet,
	type WireTicket,
	type WireUser,
} from './wire';
import { paths } from './paths';
import { showManyCalls } from './showMany';

/** Titles of custom fields, by id. */
type Titles = ReadonlyMap<string, string>;

/** Milliseconds: a field that was renamed shows its new title after this. */
const TITLES_GOOD_FOR = 10 * 60_000;
/** Milliseconds: a field without a title may be newer than what is remembered, or may have been deleted. */
const NEW_FIELDS_AFTER = 60_000;
const knownTitles = rememberedFor<Titles>(() => TITLES_GOOD_FOR);

/** @param tickets those whose fields will be named */
export async function fieldTitles(
	zendesk: Zendesk,
	tickets: readonly WireTicket[] = [],
): Promise<Titles> {
	const ids = tickets.flatMap(({ custom_fields: fields }) => (fields ?? []).map(({ id }) => id));
	return await knownTitles.get(
		zendesk.account,
		async () => await readTitles(zendesk),
		(titles, age) => age < NEW_FIELDS_AFTER || ids.every((id) => titles.has(id)),
	);
}

async function readTitles(zendesk: Zendesk): Promise<Titles> {
	const path = paths.ticketFields;
	const answer = await zendesk.requestOk('The ticket fields could not be read', {
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

export interface TicketRecord extends Beside {
	ticket: WireTicket;
	/** The ticket as Zendesk sent it. */
	raw: unknown;
}

/** What to ask for with tickets that become items. */
export const WITH_TICKETS = 'users,groups,metric_sets';

/** The same, with the last entry of each ticket's history. */
export const WITH_LAST_AUDITS = `${WITH_TICKETS},last_audits`;

/** What an answer has beside its tickets: users and groups by id, the others by the id of their ticket. */
export interface Beside {
	users: Map<string, WireUser>;
	groups: Map<string, string | null>;
	metricSets: Map<string, WireMetricSet>;
	lastAudits: Map<string, WireAudit>;
}

export const besideOf = ({
	users,
	groups,
	metric_sets: sets,
	last_audits: audits,
}: Sideloads): Beside => ({
	users: new Map((users ?? []).map((user) => [user.id, user])),
	groups: new Map((groups ?? []).map((group) => [group.id, group.name])),
	metricSets: new Map((sets ?? []).map((set) => [set.ticket_id ?? '', set])),
	lastAudits: new Map((audits ?? []).map((audit) => [audit.ticket_id ?? '', audit])),
});

const cannotReadTicket = (ticketId: string): string => `Ticket ${ticketId} could not be read`;

async function readTicket(
	zendesk: Zendesk,
	ticketId: string,
	include: string,
): Promise<TicketRecord | Gone> {
	const answer = await askFor(zendesk, cannotReadTicket(ticketId), {
		method: 'GET',
		path: paths.ticket(ticketId),
		query: { include },
		repeatable: true,
	});
	if (answer instanceof Gone) return answer;
	const found = zendesk.read(`Ticket ${ticketId}`, ticketWithPeople, answer);
	const { ticket: raw } = answer.body as { ticket: unknown };
	return { ticket: found.ticket, raw, ...besideOf(found) };
}

async function readTickets(zendesk: Zendesk, call: VendorCall): Promise<Map<string, TicketRecord>> {
	const answer = await zendesk.requestOk('The tickets could not be read', call);
	const found = zendesk.read('The tickets', ticketsWithPeople, answer);
	const { tickets: raws } = answer.body as { tickets: unknown[] };
	const beside = besideOf(found);
	return new Map(
		found.tickets.map((ticket, index) => [ticket.id, { ticket, raw: raws[index], ...beside }]),
	);
}

/**
 * Reads tickets, a hundred per request.
 *
 * @param ticketIds may contain repeats
 * @param include what to ask for with them
 * @returns a reader for one ticket, which throws NodeApiError if Zendesk refuses
 */
export function ticketReader(
	zendesk: Zendesk,
	ticketIds: string[],
	include: string = WITH_TICKETS,
): (ticketId: string) => Promise<TicketRecord | Gone> {
	const ids = [...new Set(ticketIds)];
	const reads = new Map<string, Promise<TicketRecord | Gone>>();
	const [only, another] = ids;
	if (only !== undefined && another === undefined)
		reads.set(only, readTicket(zendesk, only, include));
	else {
		for (const { ids: some, call } of showManyCalls('tickets', ids, { include })) {
			const shown = readTickets(zendesk, call);
			for (const id of some)
				reads.set(
					id,
					shown.then((records) => {
						const record = records.get(id);
						if (record) return record;
						const body = { error: 'RecordNotFound', description: 'Not found' };
						return goneOr(zendesk, cannotReadTicket(id), { status: 404, headers: {}, body });
					}),
				);
		}
	}
	// Avoids unhandled rejections for reads that no item awaits.
	for (const read of reads.values()) read.catch(() => undefined);
	return async (ticketId) => await (reads.get(ticketId) ?? readTicket(zendesk, ticketId, include));
}

export interface TicketComment {
	id: string;
	public: boolean;
	body: string;
	authorId: string | null;
	authorName: string | null;
	createdAt: string;
}

/** Comments per request. */
const COMMENTS = 100;

/** The ticket's last hundred comments, oldest first. */
export async function lastComments(zendesk: Zendesk, ticketId: string): Promise<TicketComment[]> {
	const what = `The comments of ticket ${ticketId} could not be read`;
	const answer = await zendesk.requestOk(what, {
		method: 'GET',
		path: paths.comments(ticketId),
		query: { sort: '-created_at', 'page[size]': COMMENTS, include: 'users' },
		repeatable: true,
	});
	const { comments, users } = zendesk.read(what, commentPage, answer);
	const names = new Map((users ?? []).map(({ id, name }) => [id, name]));
	// Zendesk was asked for newest first. Within one second its order is kept: ids are not ordered by time.
	return comments
		.map((comment) => ({
			id: comment.id,
			public: comment.public ?? false,
			body: commentWords(comment),
			authorId: comment.author_id,
			authorName: names.get(comment.author_id ?? '') ?? null,
			createdAt: new Date(comment.created_at).toISOString(),
		}))
		.reverse()
		.sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}

/** A ticket's fields on an item. The caller adds what only an event has. */
export type TicketSide = Omit<
	TicketFacts,
	| 'key'
	| 'event'
	| 'previousStatus'
	| 'occurredAt'
	| 'comment'
	| 'rating'
	| 'catchUp'
	| 'current'
	| 'raw'
>;

const timesIn = (set: WireMetricSet | undefined): SupportTimes | null =>
	set
		? {
				firstReplyMinutes: set.reply_time_in_minutes?.calendar ?? null,
				firstReplyBusinessMinutes: set.reply_time_in_minutes?.business ?? null,
				resolutionMinutes: set.full_resolution_time_in_minutes?.calendar ?? null,
				resolutionBusinessMinutes: set.full_resolution_time_in_minutes?.business ?? null,
				replies: set.replies ?? null,
				reopens: set.reopens ?? null,
				solvedAt: set.solved_at ? new Date(set.solved_at).toISOString() : null,
			}
		: null;

/** @param requester the requester in the event, who may no longer be the ticket's */
export function ticketSide(
	zendesk: Zendesk,
	{ ticket, users, groups, metricSets }: Omit<TicketRecord, 'raw'>,
	titles: Titles,
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
		rating: true,
		catchUp: true,
		current: true,
		raw: true,
	});
	const {
		ticketId,
		subject,
		status,
		description,
		requester: person,
		...rest
	} = shape.parse({
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
					...(requester.external_id ? { externalId: requester.external_id } : {}),
				}
			: null,
		fields: Object.fromEntries(fields),
		createdAt: new Date(ticket.created_at).toISOString(),
		updatedAt: new Date(ticket.updated_at).toISOString(),
		times: timesIn(ticket.metric_set ?? metricSets.get(ticket.id)),
	} satisfies TicketSide);
	return { ticketId, subject, status, description, requester: person, ...rest };
}
