/** A long look-back is read by several polls, each as far as it has time. */
import fc from 'fast-check';
import { NodeApiError, type INode } from 'n8n-workflow';
import type { Klaviyo } from '../../nodes/Klaviyo/api/client';
import { messageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { messagesReader } from '../../nodes/Klaviyo/trigger/messages';
import { catchUpInParts } from '../../nodes/shared/catchUpParts';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { seed } from '../support/seed';

let accounts = 0;
const PAGE = 3;
const now = Date.parse('2026-11-22T10:00:00Z');
const HOUR = 3600_000;
const metrics = [
	messageMetrics.sms.customerMessaged,
	messageMetrics.sms.delivered,
	messageMetrics.whatsapp.customerMessaged,
];

interface LoggedMessage {
	metric: number;
	/** Seconds before now. */
	age: number;
}

/** What Klaviyo may do when it is asked for several metrics at once. */
const lists = ['given', 'refused', 'without their metrics'] as const;

/** Klaviyo's event log with pages of three. */
function logOf(messages: readonly LoggedMessage[], list: (typeof lists)[number]): Klaviyo {
	const events = messages.map(({ metric, age }, index) => ({
		metric: `M${metric}`,
		data: {
			id: `E${index}`,
			attributes: { timestamp: now / 1000 - age, event_properties: {} },
			...(list === 'without their metrics'
				? {}
				: { relationships: { metric: { data: { type: 'metric', id: `M${metric}` } } } }),
		},
	}));
	const wire = (metric: { name: string }, index: number) => ({
		id: `M${index}`,
		attributes: { name: metric.name, integration: { name: 'Klaviyo' } },
	});
	const answer = (path: string, query: Record<string, unknown> | undefined): unknown => {
		if (path === '/api/metrics') return { data: metrics.map(wire) };
		const asked = new URL(path, 'https://a.klaviyo.com').searchParams;
		const filter = String(query?.filter ?? asked.get('filter'));
		const from = Number(asked.get('page') ?? 0);
		const [after = 0, until = 0] = [...filter.matchAll(/datetime,([^)]+)\)/g)].map(([, time]) =>
			Date.parse(time ?? ''),
		);
		const sought = [...filter.matchAll(/"(M\d)"/g)].map(([, id]) => id);
		if (sought.length > 1 && list === 'refused')
			throw new NodeApiError({} as INode, {}, { message: 'One id only', httpCode: '400' });
		const found = events
			.filter((event) => sought.includes(event.metric))
			.map(({ data }) => data)
			.filter(
				({ attributes: { timestamp } }) => timestamp * 1000 > after && timestamp * 1000 <= until,
			)
			.sort((a, b) => a.attributes.timestamp - b.attributes.timestamp);
		const next = `/api/events?${new URLSearchParams({ filter, page: String(from + PAGE) }).toString()}`;
		return {
			data: found.slice(from, from + PAGE),
			links: { next: from + PAGE < found.length ? next : null },
		};
	};
	return {
		account: `account ${++accounts}`,
		context: { getNode: () => ({}) },
		requestOk: async (_what: string, { path, query }: { path: string; query?: object }) => ({
			body: answer(path, query as Record<string, unknown> | undefined),
		}),
		read: (
			_what: string,
			schema: { parse(value: unknown): unknown },
			{ body }: { body: unknown },
		) => schema.parse(body),
	} as unknown as Klaviyo;
}

describe(`A look-back of more messages than a poll has time for (seed ${seed})`, () => {
	it('is left to the next polls as soon as there is no more time', async () => {
		forgetProcess();
		const klaviyo = logOf(
			Array.from({ length: 10 }, (_, age) => ({ metric: 0, age })),
			'given',
		);
		const read = messagesReader(klaviyo, metrics, { begin: 0, end: 0 });
		const schedule = { ages: [24 * HOUR], lookBack: 24 * HOUR };
		expect((await catchUpInParts('t', now, schedule, read)).found).toHaveLength(PAGE);
	});

	it('is read page by page, although each poll has time for only one page and waits in vain for the next', async () => {
		forgetProcess();
		const log = logOf(
			Array.from({ length: 10 }, (_, age) => ({ metric: 0, age })),
			'given',
		);
		let pages = 0;
		const slow: Klaviyo = {
			...log,
			requestOk: async (what, call) => {
				if (call.path.startsWith('/api/events') && ++pages % 2 === 0)
					throw new NodeApiError({} as INode, {}, { message: 'No answer from a.klaviyo.com' });
				return await log.requestOk(what, call);
			},
		};
		const schedule = { ages: [24 * HOUR], lookBack: 24 * HOUR };
		const brought = new Set<string>();
		for (let poll = 0; poll < 10; poll++) {
			const read = messagesReader(slow, metrics, { begin: Infinity, end: Infinity });
			const { found } = await catchUpInParts('t', now + poll, schedule, read);
			for (const { eventId } of found) brought.add(eventId ?? '');
		}
		expect(brought.size).toBe(10);
	});

	it.each(lists)('is read by the next polls, all of it (lists are %s)', async (list) => {
		const message = fc.record({
			metric: fc.integer({ min: 0, max: metrics.length - 1 }),
			age: fc.integer({ min: 0, max: 20 }),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(message, { maxLength: 40 }), async (messages) => {
				forgetProcess();
				const klaviyo = logOf(messages, list);
				const brought = new Set<string>();
				const schedule = { ages: [24 * HOUR], lookBack: 24 * HOUR };
				for (let poll = 0; poll <= messages.length + 1; poll++) {
					// There is time for one page a poll.
					const deadline = { begin: 0, end: 0 };
					const read = messagesReader(klaviyo, metrics, deadline);
					const { found, fault } = await catchUpInParts('t', now + poll, schedule, read);
					expect(fault).toBeUndefined();
					for (const { eventId } of found) brought.add(eventId ?? '');
				}
				// A second of more messages than a page holds would be read for ever: Klaviyo's pages hold a thousand.
				const crowded = new Map<string, number>();
				for (const { metric, age } of messages) {
					const second = list === 'given' ? String(age) : `${metric} ${age}`;
					crowded.set(second, (crowded.get(second) ?? 0) + 1);
				}
				fc.pre([...crowded.values()].every((count) => count < PAGE));
				expect([...brought].sort()).toEqual(messages.map((_, index) => `E${index}`).sort());
			}),
			{ numRuns: 300 },
		);
	});
});
