/**
 * One entry of a ticket's history, from either source: the incremental export calls it an event with child events,
 * the ticket's own history calls it an audit with events. Both give it the same id.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
 * https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/
 */
import { z } from 'zod';
import { type Change, netChange } from '../../../domain/fieldChanges';
import type { Unwritten } from '../../../domain/agentReply';
import { mergedInto } from '../../../domain/merge';
import { commentWords, type WrittenComment } from '../../../domain/comment/words';
import { ratingScores, type TicketRating } from '../../../domain/rating';
import { isShallowEnough } from '../../shared/nesting';
import { isMoment } from '../../shared/time';
import { asStatusChange, statusChanges, type StatusWord } from './statusChanges';
import { isComment, isMarkedAsMerge, unwrittenBy } from './origin';
import { type Marker, markerOf, type WireAudit, wireId, wireTicket, type WireTicket } from './wire';

export interface EntryComment {
	id: string;
	body: string;
	authorId: string | null;
	isPublic: boolean;
	/** What it is if nobody wrote it, as far as Zendesk says. */
	unwritten: Unwritten | null;
	/** Whether this package wrote it. */
	isOurs: boolean;
}

export type EntryRating = Pick<TicketRating, 'score' | 'stars' | 'comment'>;

export interface Entry {
	/** The audit's id. */
	id: string;
	ticketId: string;
	/** Milliseconds since 1970, whole seconds. */
	at: number;
	isCreation: boolean;
	/** The status before and after the whole entry. */
	statusChange?: Change<StatusWord> | undefined;
	/** The requester before and after the entry. */
	requesterChange?: Change<string | null> | undefined;
	/** The ticket that this one was merged into, without an id if nothing names it. */
	mergedInto?: { ticketId: string | null } | undefined;
	/** The deleted ticket, if the entry is a deletion, which no history shows. */
	deleted?: WireTicket;
	comments: EntryComment[];
	/** How the customer rated the ticket by text message, if the entry holds that. */
	rating?: EntryRating | undefined;
	/** As Zendesk sent it. */
	raw: unknown;
}

const ownMarker = (audit: Pick<WireAudit, 'metadata'>): Marker | undefined =>
	markerOf({ id: '', created_at: '', author_id: null, events: [], ...audit });

const isOurs = (audit: Pick<WireAudit, 'metadata'>): boolean => ownMarker(audit) !== undefined;

/** What Ticket: File Rating wrote. */
function ratingIn(audit: Pick<WireAudit, 'metadata'>): EntryRating | undefined {
	const { rating, stars, said } = ownMarker(audit) ?? {};
	const score = ratingScores.find((known) => known === rating);
	if (score === undefined) return undefined;
	const count = /^[1-5]$/.test(stars ?? '') ? Number(stars) : null;
	return { score, stars: count, comment: /\p{L}/u.test(said ?? '') ? (said ?? null) : null };
}

interface FoundComment extends WrittenComment {
	id?: string | null | undefined;
	type?: string | null | undefined;
	author_id?: string | null | undefined;
	via?: unknown;
}

/** @returns nothing for a comment without an id, which no webhook or claim could name */
function entryComments(
	comment: FoundComment,
	isPublic: boolean,
	entry: { authorId: string | null; via: unknown; isOurs: boolean },
): EntryComment[] {
	const { id, type, author_id: authorId, via } = comment;
	if (id === null || id === undefined) return [];
	return [
		{
			id,
			body: commentWords(comment),
			authorId: authorId ?? entry.authorId,
			isPublic,
			unwritten: unwrittenBy(type, via, entry.via),
			isOurs: entry.isOurs,
		},
	];
}

// An unreadable field must not make the entry unreadable, nor an unreadable entry the page.
const optionalId = wireId.nullish().catch(null);
const optionalText = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const custom = z
	.object({ custom: z.record(z.unknown()).nullish() })
	.nullish()
	.catch(null);

/** A list, or tags separated by spaces. */
const tagList = z
	.unknown()
	.transform((tags) => (Array.isArray(tags) ? tags : String(tags ?? '').split(' ')).map(String));

function tagsAdded(after: unknown, before: unknown): string[] {
	const known = tagList.parse(before);
	return tagList.parse(after).filter((tag) => !known.includes(tag));
}

const child = z.object({
	id: optionalId,
	event_type: optionalText,
	type: optionalText,
	status: z.unknown(),
	previous_value: z.unknown(),
	requester_id: z.unknown(),
	added_tags: tagList,
	public: flag,
	comment_public: flag,
	author_id: optionalId,
	body: optionalText,
	html_body: optionalText,
	plain_body: optionalText,
	via: z.unknown(),
});
const exported = z.object({
	id: wireId,
	ticket_id: wireId,
	created_at: optionalText,
	timestamp: z.number().nullish().catch(null),
	updater_id: optionalId,
	via: z.unknown(),
	metadata: custom,
	child_events: z.array(z.unknown()).nullish().catch(null),
});

/** An unreadable change counts as missing. */
function asRequesterChange(before: unknown, after: unknown): Array<Change<string | null>> {
	const id = wireId.safeParse(after).data;
	return id === undefined ? [] : [{ before: wireId.safeParse(before).data ?? null, after: id }];
}

const isDeleted = z.object({ status: z.literal('deleted') });

/**
 * @param raw a ticket from the export, which marks deleted tickets
 * @returns undefined if the ticket is not deleted, or cannot be read
 */
export function entryOfDeleted(raw: unknown): Entry | undefined {
	const deleted = isDeleted.safeParse(raw).success ? wireTicket.safeParse(raw).data : undefined;
	if (!deleted || !isShallowEnough(raw)) return undefined;
	const at = Math.floor(Date.parse(deleted.updated_at) / 1000) * 1000;
	return { id: '', ticketId: deleted.id, at, isCreation: false, deleted, comments: [], raw };
}

const mergeIn = (
	{
		status,
		via,
		comments,
	}: { status: Change<StatusWord> | undefined; via: unknown; comments: EntryComment[] },
	addedTags: string[],
): Entry['mergedInto'] =>
	mergedInto({
		status: status?.after ?? null,
		isMarked: isMarkedAsMerge(via) || comments.some(({ unwritten }) => unwritten === 'mergeNotice'),
		comments: comments.map(({ body }) => body),
		addedTags,
	});

/** @returns undefined if it cannot be read */
export function entryOfExport(raw: unknown): Entry | undefined {
	const parsed = exported.safeParse(raw);
	if (!parsed.success) return undefined;
	const { id, ticket_id: ticketId, created_at: created, timestamp, ...event } = parsed.data;
	const at = Date.parse(created ?? '') || (timestamp ?? 0) * 1000;
	if (!at || !isMoment(at) || !isShallowEnough(raw)) return undefined;
	const children = (event.child_events ?? []).flatMap((one) => child.safeParse(one).data ?? []);
	const ours = isOurs(event);
	const comments = children
		.filter((one) => isComment(one.event_type))
		.flatMap((one) =>
			entryComments(
				{ ...one, type: one.type ?? one.event_type },
				(one.public ?? one.comment_public) === true,
				{ authorId: event.updater_id ?? null, via: event.via, isOurs: ours },
			),
		);
	const changes = children.filter((one) => one.event_type === 'Change');
	const status = netChange(
		changes.flatMap((one) => asStatusChange(one.previous_value, one.status)),
	);
	return {
		id,
		ticketId,
		at: Math.floor(at / 1000) * 1000,
		isCreation: children.some((one) => one.event_type === 'Create'),
		statusChange: status,
		mergedInto: mergeIn(
			{ status, via: event.via, comments },
			changes.flatMap((one) => one.added_tags),
		),
		requesterChange: netChange(
			changes.flatMap((one) => asRequesterChange(one.previous_value, one.requester_id)),
		),
		comments,
		rating: ratingIn(event),
		raw,
	};
}

/** Whose the ticket was before an entry of its history, and after it. */
export const requesterChangeOf = ({ events }: WireAudit): Change<string | null> | undefined =>
	netChange(
		events
			.filter(({ type, field_name: field }) => type === 'Change' && field === 'requester_id')
			.flatMap((event) => asRequesterChange(event.previous_value, event.value)),
	);

export function entryOfAudit(ticketId: string, audit: WireAudit): Entry {
	const ours = isOurs(audit);
	const comments = audit.events
		.filter(({ type }) => isComment(type))
		.flatMap((event) =>
			entryComments(event, event.public === true, {
				authorId: audit.author_id,
				via: audit.via,
				isOurs: ours,
			}),
		);
	const status = netChange(statusChanges(audit, ['Change']));
	return {
		id: audit.id,
		ticketId,
		at: Math.floor(Date.parse(audit.created_at) / 1000) * 1000,
		isCreation: audit.events.some(({ type }) => type === 'Create'),
		statusChange: status,
		mergedInto: mergeIn(
			{ status, via: audit.via, comments },
			audit.events
				.filter(({ field_name: field }) => field === 'tags')
				.flatMap(({ value, previous_value: before }) => tagsAdded(value, before)),
		),
		requesterChange: requesterChangeOf(audit),
		comments,
		rating: ratingIn(audit),
		raw: audit,
	};
}
