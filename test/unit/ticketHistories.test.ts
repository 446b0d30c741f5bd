/** Tickets' histories, where one of them is not as documented, or Zendesk refuses. */
import { forgetProcess } from '../../nodes/shared/processMemory';
import type { Zendesk } from '../../nodes/ZendeskSync/api/client';
import {
	type HistoryReader,
	newCursor,
	readHistories,
} from '../../nodes/ZendeskSync/trigger/histories';

const TIME = '2026-11-22T10:00:00Z';
const ticket = (id: number) => ({ id, status: 'open', created_at: TIME, updated_at: TIME });
const audit = (id: number) => ({
	id,
	created_at: TIME,
	author_id: 5,
	events: [{ id: id + 1, type: 'Create', field_name: 'status', value: 'open' }],
});

/** Answers by path; everything else is an empty list. */
function reader(answers: Record<string, { status?: number; body: unknown }>) {
	const warned: string[] = [];
	const answer = async ({ path }: { path: string }) => {
		const { status = 200, body = {} } = answers[path] ?? {};
		return { status, headers: {}, body };
	};
	const zendesk = {
		request: answer,
		tryRequest: answer,
		read: (_: string, schema: { parse(body: unknown): unknown }, { body }: { body: unknown }) =>
			schema.parse(body),
		refusal: (what: string, { status }: { status: number }) => new Error(`${what} (${status})`),
	} as unknown as Zendesk;
	const read: HistoryReader = {
		zendesk,
		account: 'a',
		since: 0,
		deadline: { begin: Infinity, end: Infinity },
		warn: (message) => void warned.push(message),
	};
	return { read, warned };
}

describe("Tickets' histories", () => {
	beforeEach(forgetProcess);

	const list = { body: { tickets: [ticket(1), ticket(2), ticket(3)] } };
	const history = (id: number) => ({ body: { audits: [audit(id)] } });

	it('are read although one has an undocumented shape, which the log reports', async () => {
		const { read, warned } = reader({
			'/api/v2/tickets': list,
			'/api/v2/tickets/1/audits': history(10),
			'/api/v2/tickets/2/audits': { body: { audits: [{ id: null }] } },
			'/api/v2/tickets/3/audits': history(30),
		});
		const { histories, cursor } = await readHistories(read, newCursor(0));
		expect(histories.map(({ entries }) => entries.map(({ id }) => id))).toEqual([
			['10'],
			[],
			['30'],
		]);
		expect(cursor).toBeUndefined();
		expect(warned).toEqual([expect.stringContaining('Catch-up skips ticket 2')]);
	});

	it('are continued with the next poll when Zendesk does not answer now', async () => {
		const answers: Parameters<typeof reader>[0] = {
			'/api/v2/tickets': list,
			'/api/v2/tickets/1/audits': history(10),
			'/api/v2/tickets/2/audits': { status: 429, body: {} },
			'/api/v2/tickets/3/audits': history(30),
		};
		const { read } = reader(answers);
		const first = await readHistories(read, newCursor(0));
		expect(first.histories.map((one) => one.ticket.id)).toEqual(['1']);
		answers['/api/v2/tickets/2/audits'] = history(20);
		expect(first.cursor).toBeDefined();
		const second = await readHistories(read, first.cursor ?? newCursor(0));
		expect(second.histories.map((one) => one.ticket.id)).toEqual(['2', '3']);
		expect(second.cursor).toBeUndefined();
	});

	it('are all read again when a later one fails: those read before it were not brought', async () => {
		const answers: Parameters<typeof reader>[0] = {
			'/api/v2/tickets': list,
			'/api/v2/tickets/1/audits': history(10),
			'/api/v2/tickets/2/audits': history(20),
			'/api/v2/tickets/3/audits': { status: 403, body: {} },
		};
		const { read } = reader(answers);
		const cursor = newCursor(0);
		await expect(readHistories(read, cursor)).rejects.toThrow('ticket 3');
		answers['/api/v2/tickets/3/audits'] = history(30);
		const { histories } = await readHistories(read, cursor);
		expect(histories.map(({ ticket: { id } }) => id)).toEqual(['1', '2', '3']);
	});

	it('are all read again when a later page fails', async () => {
		const page = { ...list.body, meta: { has_more: true, after_cursor: 'c' } };
		const answers: Parameters<typeof reader>[0] = { '/api/v2/tickets': { body: page } };
		for (const id of [1, 2, 3]) answers[`/api/v2/tickets/${id}/audits`] = history(id * 10);
		const { read } = reader(answers);
		let pages = 0;
		const { request } = read.zendesk;
		const failing: HistoryReader = {
			...read,
			zendesk: {
				...read.zendesk,
				request: async (call) =>
					call.path === '/api/v2/tickets' && ++pages > 1
						? { status: 403, headers: {}, body: {} }
						: await request(call),
			},
		};
		const cursor = newCursor(0);
		await expect(readHistories(failing, cursor)).rejects.toThrow();
		expect(cursor.done).toEqual(new Set());
	});

	it('leave out a ticket deleted since it was listed', async () => {
		const { read } = reader({
			'/api/v2/tickets': { body: { tickets: [ticket(1)] } },
			'/api/v2/tickets/1/audits': { status: 404, body: {} },
		});
		expect(await readHistories(read, newCursor(0))).toMatchObject({ histories: [{ entries: [] }] });
	});

	it('are refused with a reason where the token lacks the scope', async () => {
		const { read } = reader({
			'/api/v2/tickets': list,
			'/api/v2/tickets/1/audits': { status: 403, body: {} },
		});
		await expect(readHistories(read, newCursor(0))).rejects.toThrow(
			'The history of ticket 1 could not be read (403)',
		);
	});
});
