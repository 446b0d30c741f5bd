import { z } from 'zod';
import { minute, stamp } from '../clock';
import { firstPlace } from '../lookup';
import { metricSets, ownMetricSet } from './metricSets';
import { groupJson } from './accountRoutes';
import type { Zendesk } from './context';
import { byCreation, sorted } from './paging';
import type { SandboxSwitches } from '../types';
import type { Audit, Channel, Comment, FieldEvent, RuleName, Ticket } from './model';
import { groups } from './store';
import {
	commentEventJson,
	eventsOf,
	ticketJson,
	userJson,
	via as viaJson,
	viaOfRule,
} from './ticketJson';
import { forbidden, refuse } from './wording';

const channelNames: Record<Channel, string> = {
	api: 'Web service',
	web: 'Web form',
	rule: 'Rule',
	email: 'Mail',
	native_messaging: 'Messaging',
	voice: 'Phone call (inbound)',
};
const mostEvents = 1000;

/** Incremental exports: for admins only, without the last minute. */
export function exportRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;

	const settled = (): number => core.clock.now() - core.hurried(minute);
	const checkStart = (startTime: number): void => {
		if (!core.switches.incrementalExportAllowed) throw forbidden();
		if (startTime * 1000 > settled())
			throw refuse(
				422,
				'StartTimeTooRecent',
				'Too recent start_time. Use a start_time older than 1 minute',
			);
	};

	const eventQuery = z.object({
		start_time: z.coerce.number().int(),
		include: z.string().optional(),
	});
	for (const path of [
		'/api/v2/incremental/ticket_events',
		'/api/v2/incremental/ticket_events.json',
	])
		app.get(path, { schema: { querystring: eventQuery } }, async (request) => {
			const { start_time: startTime, include } = request.query;
			checkStart(startTime);
			const withComments = include?.split(',').includes('comment_events') ?? false;
			const { page, endOfStream } = wholeSeconds(store.tickets.audits, startTime * 1000, settled());
			const last = page.at(-1);
			const after = core.switches.exportEndTime === 'after' ? 1 : 0;
			const endTime = last === undefined ? startTime : Math.floor(last.createdAt / 1000) + after;
			const next = new URLSearchParams({
				start_time: String(endTime),
				...(include === undefined ? {} : { include }),
			});
			return {
				ticket_events: page.map((audit) => eventJson(audit, withComments, core.switches)),
				count: page.length,
				end_time: endTime,
				end_of_stream: endOfStream,
				next_page: `${zendesk.baseUrl()}/api/v2/incremental/ticket_events.json?${next.toString()}`,
			};
		});

	const cursorQuery = z.object({
		start_time: z.coerce.number().int().optional(),
		cursor: z.string().optional(),
		include: z.string().optional(),
		per_page: z.coerce.number().int().min(1).max(1000).optional(),
		exclude_deleted: z.string().optional(),
	});
	for (const path of [
		'/api/v2/incremental/tickets/cursor',
		'/api/v2/incremental/tickets/cursor.json',
	])
		app.get(path, { schema: { querystring: cursorQuery } }, async (request) => {
			const {
				start_time: startTime,
				cursor,
				include,
				per_page: size = 1000,
				exclude_deleted: noDeleted,
			} = request.query;
			if (startTime === undefined && cursor === undefined)
				throw refuse(400, 'MissingParameter', 'start_time is needed');
			if (cursor === undefined) checkStart(startTime ?? 0);
			else if (!core.switches.incrementalExportAllowed) throw forbidden();
			const [from, fromId] = cursor === undefined ? [(startTime ?? 0) * 1000, 0] : place(cursor);
			const until = settled();
			const waiting = store.tickets.changedSince(
				from,
				size + 1,
				({ state, id }) =>
					(state.updatedAt > from || id > fromId) &&
					state.updatedAt <= until &&
					(noDeleted !== 'true' || !state.deleted),
			);
			const tickets = waiting.slice(0, size);
			const last = tickets.at(-1);
			const after =
				last === undefined
					? (cursor ?? cursorAt(from, fromId))
					: cursorAt(last.state.updatedAt, last.id);
			return {
				tickets: tickets.map((ticket) => exported(zendesk, ticket, include)),
				...(include?.includes('users') ? { users: people(zendesk, tickets) } : {}),
				...(include?.includes('groups') ? { groups: groups.map(groupJson) } : {}),
				...metricSets(zendesk, tickets, include),
				after_cursor: after,
				after_url: `${zendesk.baseUrl()}${path}?cursor=${after}`,
				before_cursor: null,
				before_url: null,
				end_of_stream: tickets.length === waiting.length,
			};
		});
}

/** At most 1,000 events, but always whole seconds: the next page starts at the second after. */
function wholeSeconds(
	audits: readonly Audit[],
	from: number,
	until: number,
): { page: Audit[]; endOfStream: boolean } {
	const start = firstPlace(audits, ({ createdAt }) => createdAt >= from);
	const end = firstPlace(audits, ({ createdAt }) => createdAt > until);
	const last = audits[Math.min(start + mostEvents, end) - 1];
	if (last === undefined || end <= start) return { page: [], endOfStream: true };
	const nextSecond = (Math.floor(last.createdAt / 1000) + 1) * 1000;
	const stop = Math.min(
		end,
		firstPlace(audits, ({ createdAt }) => createdAt >= nextSecond),
	);
	const page = sorted(audits.slice(start, stop), {}, { created_at: byCreation }, 'created_at');
	return { page, endOfStream: stop === end };
}

const cursorAt = (time: number, id: number): string =>
	Buffer.from(`${time}||${id}`).toString('base64url');
function place(cursor: string): [number, number] {
	const [time, id] = Buffer.from(cursor, 'base64url').toString().split('||').map(Number);
	if (time === undefined || id === undefined || Number.isNaN(time + id))
		throw refuse(400, 'InvalidCursor', 'cursor is not valid');
	return [time, id];
}

function exported(zendesk: Zendesk, ticket: Ticket, include: string | undefined): unknown {
	const json = {
		...ticketJson(zendesk.baseUrl(), ticket),
		...ownMetricSet(zendesk, ticket, include),
	};
	return ticket.state.deleted ? { ...json, status: 'deleted' } : json;
}

function people(zendesk: Zendesk, tickets: readonly Ticket[]): unknown[] {
	const ids = new Set(tickets.flatMap(({ state }) => [state.requesterId, state.assigneeId ?? 0]));
	return [...ids]
		.flatMap((id) => zendesk.store.users.get(id) ?? [])
		.map((user) => userJson(zendesk.baseUrl(), user));
}

/** One audit in the export: an event with child events. */
function eventJson(
	audit: Audit,
	withComments: boolean,
	{ exportedVia, exportedCalls }: SandboxSwitches,
): Record<string, unknown> {
	const words = audit.rel === 'merge' ? 'Merge' : channelNames[audit.channel];
	const object = (rule: RuleName | undefined): unknown =>
		rule === undefined ? viaJson(audit.channel, audit.rel) : viaOfRule(rule);
	const viaOf = (rule: RuleName | undefined): Record<string, unknown> => ({
		via: exportedVia === 'object' ? object(rule) : rule === undefined ? words : 'Rule',
		via_reference_id: rule?.id ?? null,
	});
	const commentChild = (comment: Comment): Record<string, unknown> => ({
		id: comment.id,
		...viaOf(comment.rule),
		event_type: comment.call === undefined ? 'Comment' : exportedCalls,
		comment_present: true,
		comment_public: comment.public,
		...(withComments
			? {
					...commentEventJson(comment),
					// Recorded here as the REST API shows it.
					via: object(comment.rule),
					attachments: [],
					created_at: stamp(comment.createdAt),
				}
			: {}),
	});
	const fieldChild = ({
		id,
		type,
		field,
		value,
		previous,
		rule,
	}: FieldEvent): Record<string, unknown> => ({
		id,
		...viaOf(rule),
		[field]: value,
		...(field === 'tags' ? tagChanges(value, previous) : {}),
		...(type === 'Change' ? { previous_value: previous } : {}),
		event_type: type,
	});
	return {
		id: audit.id,
		ticket_id: audit.ticketId,
		timestamp: Math.floor(audit.createdAt / 1000),
		created_at: stamp(audit.createdAt),
		updater_id: audit.authorId,
		via: words,
		via_reference_id: null,
		system: { client: 'sandbox', ip_address: '127.0.0.1' },
		metadata: { custom: audit.custom },
		event_type: 'Audit',
		child_events: [
			...eventsOf(audit).map((event) =>
				'field' in event ? fieldChild(event) : commentChild(event),
			),
			...audit.notifications.map(({ id, rule, recipientId }) => ({
				id,
				...viaOf(rule),
				event_type: 'Notification',
				recipients: [recipientId],
			})),
		],
	};
}

/** The export also lists added and removed tags. */
function tagChanges(value: unknown, previous: unknown): Record<string, unknown> {
	const [now, before] = [value, previous].map((tags) =>
		Array.isArray(tags) ? tags.map(String) : [],
	);
	if (now === undefined || before === undefined) return {};
	return {
		added_tags: now.filter((tag) => !before.includes(tag)),
		removed_tags: before.filter((tag) => !now.includes(tag)),
	};
}
