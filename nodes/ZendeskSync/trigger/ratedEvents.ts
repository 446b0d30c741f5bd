/**
 * The event *Rated*: customers' ratings, as catch-up and the trigger's own execution read them. Ratings have lists of
 * their own: no recorded history shows how an audit names them.
 */
import { type INodeExecutionData, NodeApiError, NodeOperationError, sleep } from 'n8n-workflow';
import type { TicketEvent } from '../../../domain/items';
import { ticketChannel } from '../../../domain/ticketChannel';
import type { TimeWindow } from '../../shared/catchUp';
import { isOver, retryForMsOf } from '../../shared/pollBudget';
import { processMemory } from '../../shared/processMemory';
import type { Zendesk } from '../api/client';
import { type RatingRecord, ratingKey } from '../api/ratingRecords';
import { type KindOfRatings, kindsOfRatings, noRatings, readRatings } from '../api/ratings';
import { showTickets } from '../api/ticketLists';
import { showUsers } from '../api/users';
import type { WireTicket, WireUser } from '../api/wire';
import type { Reader } from './catchUpReader';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A list is taken to show all that is older than this: it may be behind, and clocks differ. */
const SETTLED = MINUTE;
/** For how long a survey can be answered. A list is filtered by when its records were made, which may be so long before. */
const OPEN = 28 * DAY;
/** Most customers rate at once: between two readings of all that can still be answered, only newer records are read. */
const SHORT = DAY;
const BETWEEN_LONG = HOUR;

/** What is known of an account's ratings, by account and credential. */
interface Known {
	/** All ratings since then are in `ratings`, up to `readAt` less `SETTLED`. Milliseconds since 1970. */
	since: number;
	readAt: number;
	longAt: number;
	/** By key. */
	ratings: Map<string, RatingRecord>;
	/** When each kind was refused. It is asked for again after an hour. */
	refused: Map<KindOfRatings, number>;
	/** What Zendesk said then. */
	said: string;
}
const accounts = processMemory<Known>();
/** Readings are made one after the other: the next one often finds that it needs none. */
const queues = processMemory<Promise<unknown>>();
const lastWarned = processMemory<number>();

const refusedNow = ({ refused }: Known, now: number): Set<KindOfRatings> =>
	new Set(kindsOfRatings.filter((kind) => now - (refused.get(kind) ?? -Infinity) < HOUR));

const nothing: Omit<Known, 'ratings' | 'refused'> = {
	since: Infinity,
	readAt: -Infinity,
	longAt: -Infinity,
	said: '',
};

/** @returns what is known once the window has been read, as far as time allows */
async function known(reader: Reader, { after, until }: TimeWindow): Promise<Known> {
	const { zendesk, account, deadline } = reader;
	const before: Known = accounts.get(account) ?? {
		...nothing,
		ratings: new Map(),
		refused: new Map(),
	};
	const now = Date.now();
	if (before.since <= after && until <= before.readAt - SETTLED && before.readAt <= now)
		return before;
	if (isOver(deadline)) return before;
	const since = Math.min(reader.since, after);
	const isLong = before.since > since || now - before.longAt >= BETWEEN_LONG;
	const from = isLong ? since - OPEN : Math.min(after, before.readAt - SETTLED) - SHORT;
	const read = await readRatings(zendesk, {
		since: from,
		without: refusedNow(before, now),
		retryForMs: retryForMsOf(deadline),
		isOver: () => isOver(deadline),
	});
	for (const kind of read.refused.keys()) before.refused.set(kind, now);
	const ratings = new Map(
		[...before.ratings, ...read.ratings.map((one) => [ratingKey(one), one] as const)].filter(
			([, { at }]) => at > since,
		),
	);
	const next: Known = {
		...{
			ratings,
			refused: before.refused,
			said: read.refused.size > 0 ? noRatings(read.refused.values()) : before.said,
		},
		...(read.isComplete
			? { since, readAt: now, longAt: isLong ? now : before.longAt }
			: { since: before.since, readAt: before.readAt, longAt: before.longAt }),
	};
	accounts.set(account, next);
	return next;
}

async function knownInTurn(reader: Reader, window: TimeWindow): Promise<Known> {
	const turn = (queues.get(reader.account) ?? Promise.resolve()).then(
		async () => await known(reader, window),
	);
	queues.set(
		reader.account,
		turn.catch(() => undefined),
	);
	return await turn;
}

const isRefusedAltogether = (one: Known): boolean =>
	refusedNow(one, Date.now()).size === kindsOfRatings.length;

const NO_RATINGS = 'Zendesk lists no ratings for this credential';
const adviceFor = (said: string): string =>
	`The account's plan may have no satisfaction ratings, or they are turned off, or the credential's user may not read them: older ratings are for administrators.${said ? ` Zendesk says: ${said}.` : ''}`;

/**
 * @returns the window's ratings that are not done, and how far they reach, milliseconds since 1970
 * @throws NodeApiError
 */
export async function ratedIn(
	reader: Reader,
	window: TimeWindow,
): Promise<{ found: TicketEvent[]; reached: number }> {
	const now = Date.now();
	const one = await knownInTurn(reader, window);
	if (isRefusedAltogether(one)) {
		if (now - (lastWarned.get(reader.account) ?? 0) >= HOUR) {
			lastWarned.set(reader.account, now);
			reader.warn(`${NO_RATINGS}, so polling cannot bring 'Rated'. ${adviceFor(one.said)}`);
		}
		return { found: [], reached: window.until };
	}
	const reached =
		one.since <= window.after ? Math.min(window.until, one.readAt - SETTLED) : window.after;
	const records = [...one.ratings.values()].filter(
		(record) =>
			record.at > window.after && record.at <= reached && reader.isUndone(ratingKey(record)),
	);
	return { found: await asEvents(reader, records), reached: Math.max(window.after, reached) };
}

/** For a sample. @throws NodeOperationError if the account has no ratings to read: that is not the same as none */
export async function newestRated(reader: Reader): Promise<TicketEvent[]> {
	const { zendesk, deadline } = reader;
	const { ratings, refused } = await readRatings(zendesk, {
		since: Date.now() - OPEN,
		retryForMs: 5 * SECOND,
		isOver: () => isOver(deadline),
	});
	if (refused.size === kindsOfRatings.length)
		throw new NodeOperationError(zendesk.context.getNode(), NO_RATINGS, {
			description: adviceFor(noRatings(refused.values())),
		});
	const newest = ratings.sort((one, other) => other.at - one.at).slice(0, 10);
	return await asEvents(reader, newest);
}

/** With the present state of their tickets. A deleted ticket has no further events. */
async function asEvents(reader: Reader, records: RatingRecord[]): Promise<TicketEvent[]> {
	const { zendesk, deadline, tickets, users } = reader;
	const retryForMs = Math.max(SECOND, retryForMsOf(deadline));
	const unknownOf = (ids: string[], there: ReadonlyMap<string, unknown>): string[] => [
		...new Set(ids.filter((id) => /^[1-9]\d*$/.test(id) && !there.has(id))),
	];
	const ids = records.map(({ ticketId }) => ticketId);
	const shown = await showTickets(zendesk, unknownOf(ids, tickets), retryForMs);
	for (const ticket of shown.tickets) tickets.set(ticket.id, ticket);
	for (const user of shown.users) users.set(user.id, user);
	const agents = records.flatMap((one) => agentOf(one, tickets.get(one.ticketId)) ?? []);
	for (const user of await showUsers(zendesk, unknownOf(agents, users), retryForMs))
		users.set(user.id, user);
	return records.flatMap((one) => {
		const ticket = tickets.get(one.ticketId);
		return ticket ? [ratedEvent(one, ticket, users)] : [];
	});
}

/** A survey names no agent. */
const agentOf = ({ rating }: RatingRecord, ticket: WireTicket | undefined): string | null =>
	rating.agentId ?? ticket?.assignee_id ?? null;

function ratedEvent(
	record: RatingRecord,
	ticket: WireTicket,
	users: ReadonlyMap<string, WireUser>,
): TicketEvent {
	const agentId = agentOf(record, ticket);
	return {
		event: 'rated',
		ticketId: record.ticketId,
		status: ticket.status ?? null,
		previousStatus: null,
		comment: null,
		rating: { ...record.rating, agentId, agentName: users.get(agentId ?? '')?.name ?? null },
		occurredAt: new Date(record.at).toISOString(),
		channel: ticketChannel(ticket.external_id, ticket.via?.channel),
		tags: ticket.tags ?? [],
		requesterId: ticket.requester_id,
		brandId: ticket.brand_id,
		externalId: ticket.external_id,
		key: ratingKey(record),
		catchUp: true,
		raw: record.raw,
	};
}

/** A list may show a rating a moment after its webhook. */
const READS = 6;
/** Milliseconds by which a webhook's time and its rating's may differ. */
const TOLERANCE = 2 * SECOND;

/**
 * Completes what a webhook says of a rating: a webhook has neither the comment nor what tells the rating from a later
 * one of the same ticket. Runs in the execution: Zendesk waits for the webhook's answer.
 *
 * @throws NodeApiError if Zendesk shows no such rating yet: catch-up brings it
 */
export async function withRatings(
	zendeskOf: () => Promise<Zendesk>,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	if (!items.some(isToldOnly)) return items;
	const zendesk = await zendeskOf();
	return await Promise.all(
		items.map(async (item) =>
			isToldOnly(item) ? { ...item, json: { ...item.json, ...(await told(zendesk, item)) } } : item,
		),
	);
}

const isToldOnly = ({ json }: INodeExecutionData): boolean =>
	json.event === 'rated' && json.key === null;

/** The fields of the event that its webhook did not have. */
async function told(
	zendesk: Zendesk,
	{ json }: INodeExecutionData,
): Promise<Pick<TicketEvent, 'rating' | 'occurredAt' | 'key'>> {
	const { ticketId, occurredAt, rating } = json as unknown as TicketEvent;
	const time = Date.parse(occurredAt);
	for (let read = 1; read <= READS; read++) {
		// Every second time also records that were made long before the rating.
		const since = time - (read % 2 === 0 ? OPEN : MINUTE);
		const { ratings, refused } = await readRatings(zendesk, { since, ticketIds: [ticketId] });
		if (refused.size === kindsOfRatings.length) {
			if (rating) return { rating, occurredAt, key: `rated:${ticketId}::${time / SECOND}` };
			throw new NodeOperationError(zendesk.context.getNode(), NO_RATINGS, {
				description: `Ticket ${ticketId} was rated, but Zendesk's webhook does not say how. ${adviceFor(noRatings(refused.values()))}`,
			});
		}
		const [nearest] = ratings
			.filter((one) => one.ticketId === ticketId && one.at >= time - TOLERANCE)
			.sort((one, other) => one.at - other.at);
		if (nearest) {
			const agentId = nearest.rating.agentId ?? rating?.agentId ?? null;
			const [agent] = await showUsers(zendesk, agentId ? [agentId] : [], 10 * SECOND);
			return {
				rating: { ...nearest.rating, agentId, agentName: agent?.name ?? null },
				occurredAt: new Date(nearest.at).toISOString(),
				key: ratingKey(nearest),
			};
		}
		if (read < READS) await sleep(SECOND);
	}
	throw new NodeApiError(
		zendesk.context.getNode(),
		{},
		{
			message: `Zendesk shows no rating of ticket ${ticketId} at ${occurredAt} yet`,
			description: 'Its list may be late. Catch-up brings the rating in some minutes.',
			httpCode: '404',
		},
	);
}
