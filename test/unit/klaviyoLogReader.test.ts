/** Reading a long log in few pages, against a log in memory. */
import { type IDataObject, NodeApiError } from 'n8n-workflow';
import type { Klaviyo } from '../../nodes/Klaviyo/api/client';
import { readLog } from '../../nodes/Klaviyo/api/logReader';
import type { VendorCall } from '../../nodes/shared/send';

const START = Date.UTC(2026, 0, 1);
const PAGE = 1000;

/** Klaviyo's answers over events at these seconds after START, in order; each event's unique id is its place. */
function logOf(seconds: readonly number[]): { klaviyo: Klaviyo; calls: VendorCall[] } {
	const calls: VendorCall[] = [];
	const events = seconds.map((second, place) => ({
		id: `E${place}`,
		attributes: {
			timestamp: START / 1000 + second,
			event_properties: { $event_id: String(place) },
		},
		relationships: { metric: { data: { id: 'M' } }, profile: { data: { id: 'P' } } },
	}));
	const klaviyo: Pick<Klaviyo, 'requestOk' | 'read'> = {
		requestOk: async (_what, call) => {
			calls.push(call);
			const url = new URL(call.path, 'https://a.klaviyo.com');
			const filter = String(
				(call.query as IDataObject | undefined)?.filter ?? url.searchParams.get('filter'),
			);
			const [from, until] = [...filter.matchAll(/equal\(datetime,([^)]+)\)/g)].map(
				([, time]) => Date.parse(time ?? '') / 1000,
			);
			const found = events.filter(
				({ attributes: { timestamp } }) =>
					timestamp >= (from ?? 0) && timestamp <= (until ?? Infinity),
			);
			const offset = Number(url.searchParams.get('offset') ?? 0);
			const next = new URLSearchParams({ filter, offset: String(offset + PAGE) });
			const more = offset + PAGE < found.length;
			return {
				status: 200,
				headers: {},
				body: {
					data: found.slice(offset, offset + PAGE),
					links: { next: more ? `https://a.klaviyo.com/api/events?${next}` : null },
				},
			};
		},
		read: (_what, schema, answer) => schema.parse(answer.body),
	};
	return { klaviyo: klaviyo as Klaviyo, calls };
}

const read = async (log: readonly number[], wanted: readonly number[], pages = 100) => {
	const { klaviyo, calls } = logOf(log);
	const selection = { metricIds: ['M'], withProfiles: false, pages };
	const times = wanted.map((second) => START + second * 1000);
	const { logged, unreadFrom } = await readLog(klaviyo, selection, times);
	const seen = new Set(logged.map(({ uniqueId }) => Number(uniqueId)));
	return { seen, unreadFrom, calls: calls.length };
};
const range = (from: number, count: number): number[] =>
	Array.from({ length: count }, (_, n) => from + n);

describe('The event log', () => {
	it('is read page by page if the batch has events everywhere', async () => {
		const { seen, calls, unreadFrom } = await read(range(0, 3500), range(0, 3500));
		expect([seen.size, calls, unreadFrom]).toEqual([3500, 4, Infinity]);
	});

	it('is skipped where the batch has none', async () => {
		const wanted = [5, 50_000, 99_990];
		const { seen, calls, unreadFrom } = await read(range(0, 100_000), wanted);
		expect(wanted.every((second) => seen.has(second))).toBe(true);
		expect(calls).toBe(3);
		expect(unreadFrom).toBe(Infinity);
	});

	it('is read to the end of a second that fills more than a page', async () => {
		const { seen } = await read([...Array<number>(2500).fill(7), 8], [7, 8]);
		expect(seen.size).toBe(2501);
	});

	it('says from when on it was not read, if it is too long', async () => {
		const { calls, unreadFrom } = await read(range(0, 10_000), range(0, 10_000), 3);
		expect(calls).toBe(3);
		expect(unreadFrom).toBeGreaterThan(START + 2_900_000);
		expect(unreadFrom).toBeLessThanOrEqual(START + 3_000_000);
	});

	it('is read metric by metric once Klaviyo has refused a list of metrics', async () => {
		const { klaviyo, calls } = logOf([1]);
		const node = { getNode: () => ({ name: 'Track' }) };
		const singly = {
			...klaviyo,
			account: 'an account that takes no lists',
			context: node as unknown as Klaviyo['context'],
			requestOk: async (what: string, call: VendorCall) => {
				const answer = await klaviyo.requestOk(what, call);
				if (!String(call.query?.filter).includes('metric_id,[')) return answer;
				throw new NodeApiError(singly.context.getNode(), {}, { httpCode: '400' });
			},
		};
		const selection = { metricIds: ['M', 'N'], withProfiles: false, pages: 10 };
		const count = async (): Promise<number> => {
			const before = calls.length;
			const { logged, unreadFrom } = await readLog(singly, selection, [START + 1000]);
			expect([logged.length, unreadFrom]).toEqual([2, Infinity]);
			return calls.length - before;
		};
		expect([await count(), await count()]).toEqual([3, 2]);
	});

	it('costs nothing for a metric that does not exist yet', async () => {
		const { klaviyo, calls } = logOf([]);
		const selection = { metricIds: [], withProfiles: false, pages: 1 };
		expect(await readLog(klaviyo, selection, [START])).toEqual({
			logged: [],
			unreadFrom: Infinity,
		});
		expect(calls).toEqual([]);
	});
});
