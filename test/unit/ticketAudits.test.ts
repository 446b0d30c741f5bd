/** Tickets' histories as Zendesk gives them: odd events, several changes in one audit, ids in no order of time. */
import type { Zendesk } from '../../nodes/ZendeskSync/api/client';
import { isHistory, readHistory } from '../../nodes/ZendeskSync/api/audits';
import { asAudit } from '../../nodes/ZendeskSync/api/ticketStore';
import { entryOfAudit, entryOfExport } from '../../nodes/ZendeskSync/api/entries';
import { findEventKey } from '../../nodes/ZendeskSync/api/eventKey';
import { wireAudit } from '../../nodes/ZendeskSync/api/wire';
import { auditEventsOf, keyOfAuditEvent } from '../../nodes/ZendeskSync/trigger/auditEvents';

const TIME = '2026-11-22T10:00:00Z';
const change = (before: unknown, after: unknown, more: object = {}) => ({
	id: 1,
	type: 'Change',
	field_name: 'status',
	previous_value: before,
	value: after,
	...more,
});
const byRule = {
	via: { channel: 'rule', source: { rel: 'trigger', from: { id: 3, title: 'Reopen' }, to: {} } },
};
const audit = (events: unknown, more: object = {}) => ({
	id: 70,
	created_at: TIME,
	author_id: 5,
	via: { channel: 'web' },
	metadata: { custom: {} },
	events,
	...more,
});

function answering(...audits: object[]): Zendesk {
	const answer = async () => ({ status: 200, headers: {}, body: { audits } });
	return {
		request: answer,
		read: (_: string, schema: { parse(body: unknown): unknown }, { body }: { body: unknown }) =>
			schema.parse(body),
		refusal: (what: string) => new Error(what),
		context: { getNode: () => ({ name: 'Get ticket', parameters: {} }) },
	} as unknown as Zendesk;
}

jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async () => undefined,
}));

describe('A history', () => {
	it.each<[string, unknown]>([
		['null', null],
		['words', 'Organization changed'],
		['a list', []],
		['an object as body', { id: 2, type: 'Notification', body: { text: 'Hello' } }],
		['a type that nobody knows', { id: 2, type: 'AiAgentSummary', value: { a: [1] } }],
		['no type', { id: 2 }],
		['no id', { type: 'Comment', body: 'Hello', public: true }],
		['an odd id', { id: {}, type: 'Comment', body: 'Hello' }],
		[
			'odd fields',
			{ id: 2, type: 7, field_name: {}, public: 'yes', attachments: 'none', via: 'web' },
		],
		['an odd change', change({ name: 'open' }, ['solved'])],
	])('is read although an event is %s', async (_, event) => {
		const odd = audit([event, change('open', 'solved')]);
		const history = await readHistory(answering(odd), '101', 0);
		if (!isHistory(history)) throw new Error('was refused');
		const [only] = history.audits;
		if (!only) throw new Error('is empty');
		expect(asAudit(only)).toMatchObject({ at: Date.parse(TIME) });
		const entry = entryOfAudit('101', only);
		expect(auditEventsOf(entry).map(({ name }) => name)).toContain('solved');
	});

	it.each<[string, object]>([
		['no events', { events: undefined }],
		['words for metadata', { metadata: 'none' }],
		['no author', { author_id: null }],
	])('is %s', async (what, more) => {
		const history = readHistory(answering(audit([], more)), '101', 0);
		if (what === 'no events') await expect(history).rejects.toThrow();
		else expect(isHistory(await history)).toBe(true);
	});

	it('has its audits by the second, whatever their ids say', async () => {
		const later = audit([], { id: 5, created_at: '2026-11-22T10:00:01Z' });
		const history = await readHistory(answering(later, audit([], { id: 900 })), '101', 0);
		expect(isHistory(history) && history.audits.map(({ id }) => id)).toEqual(['900', '5']);
	});
});

describe('An audit in which a rule acted', () => {
	const events = [change('solved', 'open'), change('open', 'pending', byRule)];

	it('changed the status from what it was before to what it is after', () => {
		const read = wireAudit.parse(audit(events));
		expect(asAudit(read).statusChange).toEqual({ before: 'solved', after: 'pending' });
		expect(entryOfAudit('101', read).statusChange).toEqual({ before: 'solved', after: 'pending' });
	});

	it('says the same in the export', () => {
		const exported = entryOfExport({
			id: 70,
			ticket_id: 101,
			created_at: TIME,
			child_events: [
				{ id: 1, event_type: 'Change', status: 'open', previous_value: 'solved' },
				{ id: 2, event_type: 'Change', status: 'pending', previous_value: 'open', via: 'Rule' },
			],
		});
		expect(exported?.statusChange).toEqual({ before: 'solved', after: 'pending' });
	});

	it("from the ticket's creation has the status that the rule set", () => {
		const made = [
			{ id: 1, type: 'Create', field_name: 'status', value: 'new' },
			change('new', 'solved', byRule),
		];
		const read = wireAudit.parse(audit(made));
		expect(asAudit(read)).toMatchObject({
			statusChange: { before: undefined, after: 'solved' },
			opens: true,
		});
		expect(auditEventsOf(entryOfAudit('101', read)).map(({ name }) => name)).toEqual([
			'opened',
			'solved',
		]);
	});

	it('and undid the change is not an event', () => {
		const read = wireAudit.parse(
			audit([change('open', 'solved'), change('solved', 'open', byRule)]),
		);
		expect(auditEventsOf(entryOfAudit('101', read))).toEqual([]);
		expect(asAudit(read).statusChange).toEqual({ before: 'open', after: 'open' });
	});
});

describe("A webhook's event of a status", () => {
	const keyOf = async (event: 'solved' | 'reopened', ...audits: object[]) =>
		await findEventKey(answering(...audits), event, '101', TIME);

	it('has the key that catch-up gives the audit whose net change it is', async () => {
		const undone = audit([change('open', 'solved'), change('solved', 'open', byRule)], { id: 71 });
		const solved = audit([change('open', 'hold'), change('hold', 'solved', byRule)], { id: 72 });
		const key = await keyOf('solved', undone, solved);
		expect(key).toBe('solved:101:72');
		const [happening] = auditEventsOf(entryOfAudit('101', wireAudit.parse(solved)));
		expect(happening && keyOfAuditEvent(happening)).toBe(key);
	});

	it('has the key of an audit that undid it, if there is no other', async () => {
		const undone = audit([change('solved', 'open'), change('open', 'solved', byRule)], { id: 71 });
		expect(await keyOf('reopened', undone)).toBe('reopened:101:71');
	});

	it('is refused if the history has nothing like it', async () => {
		await expect(keyOf('solved', audit([change('new', 'open')]))).rejects.toThrow(
			'Ticket 101 was not solved around',
		);
	});
});
