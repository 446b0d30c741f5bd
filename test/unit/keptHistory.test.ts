/** Catch-up's memory of histories is limited by size, too: many long comments must not fill n8n's memory. */
import { forgetProcess } from '../../nodes/shared/processMemory';
import type { Zendesk } from '../../nodes/ZendeskSync/api/client';
import { readStream } from '../../nodes/ZendeskSync/trigger/exportStream';
import { newCursor, readHistories } from '../../nodes/ZendeskSync/trigger/histories';

const deadline = { begin: Infinity, end: Infinity };
const HOUR = 3600_000;

/** Counts the requests for each path. */
function zendeskOf(answers: (path: string) => unknown) {
	const asked: string[] = [];
	const answer = async ({ path }: { path: string }) => {
		asked.push(path);
		return { status: 200, headers: {}, body: answers(path) };
	};
	const zendesk = {
		request: answer,
		tryRequest: answer,
		read: (_: string, schema: { parse(body: unknown): unknown }, { body }: { body: unknown }) =>
			schema.parse(body),
	} as unknown as Zendesk;
	return { zendesk, asked };
}

describe('The memory of histories', () => {
	beforeEach(forgetProcess);

	const comment = (length: number) => ({ public: true, author_id: 5, body: 'x'.repeat(length) });

	it.each([
		['short', 100, 1],
		['long', 64_000, 2],
	])('serves again after %s comments of the export', async (_what, length, requests) => {
		const at = Date.now() - HOUR;
		const { zendesk, asked } = zendeskOf(() => ({
			ticket_events: Array.from({ length: 1000 }, (_one, id) => ({
				id,
				ticket_id: 1,
				created_at: new Date(at).toISOString(),
				child_events: [{ id, event_type: 'Comment', ...comment(length) }],
			})),
			end_of_stream: true,
		}));
		for (let read = 0; read < 2; read += 1) {
			const part = await readStream(zendesk, 'a', 'events', at - 1000, deadline);
			expect(part).toMatchObject({ entries: expect.any(Array) });
		}
		expect(asked).toHaveLength(requests);
	});

	it.each([
		['short', 100, 1],
		['long', 64_000, 2],
	])('serves again after %s comments of tickets', async (_what, length, requests) => {
		const updated = new Date(Math.floor(Date.now() / 1000) * 1000 - HOUR).toISOString();
		const ids = Array.from({ length: 100 }, (_one, index) => index + 1);
		const { zendesk, asked } = zendeskOf((path) =>
			path.endsWith('/audits')
				? {
						audits: Array.from({ length: 10 }, (_one, id) => ({
							id,
							created_at: updated,
							author_id: 5,
							events: [{ id: id + 100, type: 'Comment', ...comment(length) }],
						})),
					}
				: {
						tickets: ids.map((id) => ({
							...{ id, status: 'open', created_at: updated, updated_at: updated },
						})),
					},
		);
		const read = { zendesk, account: 'a', since: 0, deadline, warn: () => undefined };
		await readHistories(read, newCursor(0));
		const { histories } = await readHistories(read, newCursor(0));
		expect(histories).toHaveLength(100);
		expect(asked.filter((path) => path === '/api/v2/tickets/1/audits')).toHaveLength(requests);
	});
});
