/** Unexpected data from Zendesk: one odd entry does not affect the others. */
import type { Zendesk } from '../../nodes/ZendeskSync/api/client';
import { entryOfExport } from '../../nodes/ZendeskSync/api/entries';
import { isPage, readExportPage } from '../../nodes/ZendeskSync/api/ticketExport';
import { showTickets } from '../../nodes/ZendeskSync/api/ticketLists';
import { auditEventsOf, ticketEvent } from '../../nodes/ZendeskSync/trigger/auditEvents';
import { statusChange } from '../../nodes/ZendeskSync/trigger/ticketEvents';
import { fromWebhook } from '../../nodes/ZendeskSync/trigger/webhookBody';

const exported = (more: object = {}) => ({
	id: 7,
	ticket_id: 101,
	created_at: '2026-11-22T10:00:00Z',
	timestamp: 1795341600,
	updater_id: 5,
	via: 'Web form',
	metadata: {},
	child_events: [
		{ id: 8, event_type: 'Comment', public: true, author_id: 5, plain_body: 'Hi', via: {} },
	],
	...more,
});
const comment = (more: object) =>
	exported({ child_events: [{ id: 8, event_type: 'Comment', public: true, body: 'Hi', ...more }] });

describe("An entry of Zendesk's export", () => {
	it('is read with ids as numbers or as text', () => {
		const entry = entryOfExport(exported());
		expect(entry).toMatchObject({ id: '7', ticketId: '101', at: 1795341600000 });
		expect(entryOfExport(exported({ id: '7', ticket_id: '101' }))).toMatchObject({
			id: '7',
			ticketId: '101',
		});
	});

	it.each<[string, object]>([
		['without child events', { child_events: null }],
		['with child events that are none', { child_events: [null, 7, { event_type: 9 }] }],
		['without a way', { via: undefined }],
		['with other metadata', { metadata: 'none' }],
		['with an updater that is none', { updater_id: {} }],
	])('is read %s', (_, more) => {
		expect(entryOfExport(exported(more))).toMatchObject({ ticketId: '101' });
	});

	it('has its time from the timestamp where the date is odd', () => {
		expect(entryOfExport(exported({ created_at: 'yesterday' }))?.at).toBe(1795341600000);
	});

	it.each<[string, unknown]>([
		['no object', null],
		['without a ticket', exported({ ticket_id: undefined })],
		['without any time', exported({ created_at: null, timestamp: null })],
	])('that is %s is skipped', (_, raw) => {
		expect(entryOfExport(raw)).toBeUndefined();
	});

	it.each<[string, object, string | null]>([
		["words for the entry's way", { ...comment({}), via: 'Merge' }, 'mergeNotice'],
		["the comment's way", comment({ via: { channel: 'web', source: { rel: 'merge' } } }), 'mergeNotice'], // prettier-ignore
		["the comment's channel", comment({ via: { channel: 'merge' } }), 'mergeNotice'],
		["words for a rule's entry", { ...comment({}), via: 'Rule' }, 'ruleComment'],
		["a rule's channel", comment({ via: { channel: 'rule', source: { rel: 'trigger' } } }), 'ruleComment'], // prettier-ignore
		["a call record's type", comment({ type: 'VoiceComment' }), 'callRecord'],
		["a call record's type alone", comment({ event_type: 'VoiceComment' }), 'callRecord'],
		['nothing', comment({ via: { channel: 'web', source: { rel: null } } }), null],
		['an odd way', comment({ via: 7, type: 9 }), null],
	])('says by %s what a comment is instead of a message', (_, raw, unwritten) => {
		expect(entryOfExport(raw)?.comments[0]?.unwritten).toBe(unwritten);
	});

	it('treats a comment as public only if it says so', () => {
		const isPublic = (more: object) => entryOfExport(comment(more))?.comments[0]?.isPublic;
		expect(isPublic({ public: undefined, comment_public: true })).toBe(true);
		expect(isPublic({ public: undefined })).toBe(false);
		expect(isPublic({ public: 'yes' })).toBe(false);
	});

	it('of a deleted ticket, or by an author who is gone, is not an event, and harms no other', () => {
		const entry = entryOfExport(exported());
		const [one] = entry ? auditEventsOf(entry) : [];
		expect(one).toBeDefined();
		expect(one && ticketEvent(one, { tickets: new Map(), users: new Map() })).toBeUndefined();
	});
});

describe('A page of the export', () => {
	const answering = (body: unknown, status = 200, headers = {}): Zendesk => {
		const answer = async () => ({ status, headers, body });
		const read = (_: string, schema: { parse(body: unknown): unknown }) => schema.parse(body);
		return { request: answer, requestOk: answer, read } as unknown as Zendesk;
	};

	it('returns every entry that can be read, and counts the others', async () => {
		const list = [exported(), null, exported({ ticket_id: {} }), exported({ id: 9 })];
		const page = await readExportPage(
			answering({ ticket_events: list, end_of_stream: true }),
			'events',
			0,
			0,
		);
		expect(isPage(page) && page.entries.map(({ id }) => id)).toEqual(['7', '9']);
		expect(page).toMatchObject({ unreadable: 2 });
	});

	it.each([
		['total=10; remaining=9; resets=41', 0],
		['total=10; remaining=2; resets=41', 41_000],
		['total=10; remaining=0; resets=7', 7000],
		['who knows', 0],
		[undefined, 0],
	])('leaves the last requests of a minute to others (%s)', async (header, rest) => {
		const headers = { 'zendesk-ratelimit-incremental-exports': header };
		const page = await readExportPage(
			answering({ ticket_events: [] }, 200, headers),
			'events',
			0,
			0,
		);
		expect(page.rest).toBe(rest);
	});

	it('of tickets returns those that can be read', async () => {
		const ticket = {
			id: 1,
			status: 'ARCHIVED',
			created_at: '2026-11-22T10:00:00Z',
			updated_at: '2026-11-22T10:00:00Z',
		};
		const shown = await showTickets(answering({ tickets: [ticket, { id: 2 }, null] }), ['1'], 0);
		expect(shown.tickets.map(({ id, status }) => [id, status])).toEqual([['1', undefined]]);
		expect(shown.unreadable).toBe(2);
	});
});

describe('A change of status', () => {
	it.each<[unknown, unknown, string | undefined]>([
		['OPEN', 'SOLVED', 'solved'],
		['open', 'solved', 'solved'],
		[null, 'SOLVED', 'solved'],
		['SOLVED', 'OPEN', 'reopened'],
		['SOLVED', 'HOLD', 'reopened'],
		['SOLVED', 'CLOSED', 'closed'],
		['OPEN', 'PENDING', undefined],
		['SOLVED', 'SOLVED', undefined],
		['SOLVED', 'DELETED', undefined],
		['CLOSED', 'ARCHIVED', undefined],
		['CLOSED', 'SCRUBBED', undefined],
		// Restored from being deleted: it was solved before already.
		['DELETED', 'SOLVED', undefined],
		['DELETED', 'OPEN', undefined],
		['SOMETHING_NEW', 'CLOSED', undefined],
		[7, {}, undefined],
	])('from %j to %j is %j', (before, after, name) => {
		expect(statusChange(before, after)?.name).toBe(name);
	});
});

describe('The body of a webhook', () => {
	const body = (more: object = {}, detail: object = {}) => ({
		type: 'zen:event-type:ticket.created',
		time: '2026-11-22T10:00:00.999999999Z',
		detail: { id: '5158', status: 'OPEN', ...detail },
		event: {},
		...more,
	});

	it('with nine digits after the second is of that second', () => {
		expect(fromWebhook(body())).toMatchObject({
			event: { occurredAt: '2026-11-22T10:00:00.000Z' },
		});
	});

	it.each<[string, object, object]>([
		['no event part', { event: null }, {}],
		['a status that is none of ours', {}, { status: 'SCRUBBED' }],
		['odd fields', {}, { tags: 'x', brand_id: {}, external_id: 5, via: 'web', requester_id: [] }],
		['tags that are numbers', {}, { tags: [1, 2] }],
	])('with %s is still an event', (_, more, detail) => {
		expect(fromWebhook(body(more, detail))).toMatchObject({ event: { key: 'opened:5158' } });
	});

	it('of the right kind that cannot be read is named, for the log', () => {
		expect(fromWebhook(body({}, { id: null }))).toEqual({
			unreadable: 'zen:event-type:ticket.created: detail.id',
		});
		expect(fromWebhook(body({ time: 'soon' }))).toEqual({
			unreadable: 'zen:event-type:ticket.created: time',
		});
	});

	it.each(['zen:event-type:messaging_ticket.message_added', 'zen:event-type:ticket.updated', 7])(
		'of the kind %s is not one of ours',
		(type) => {
			expect(fromWebhook(body({ type }))).toBeUndefined();
		},
	);
});
