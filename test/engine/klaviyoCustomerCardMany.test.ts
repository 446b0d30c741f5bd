/** What the cards of a thousand customers cost: calls, and seconds at Klaviyo's own limits, by a clock that is moved. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CardPart, cardParts } from '../../domain/customerCard';
import { klaviyoRunner } from './support/klaviyoNode';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

const CUSTOMERS = 1000;
const LISTS = 8;
const SEGMENTS = 22;

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
	// The longest; on average, a request takes half of it.
	sandbox.switches.latency = 300;
});
afterEach(async () => await sandbox.close());

const phoneOf = (n: number): string => `+1212556${String(n).padStart(4, '0')}`;
const groupsOf = (count: number, n: number): number => n % count;

function customers(): void {
	const { klaviyo, clock } = sandbox;
	for (let n = 0; n < CUSTOMERS; n++) {
		const { id } = klaviyo.addProfile({ phone: phoneOf(n), email: `c${n}@home.co` });
		for (const days of [3, 30, 90])
			klaviyo.marketing.order(id, {
				orderId: `#${n}-${days}`,
				value: days,
				currency: 'EUR',
				at: clock.now() - days * 86_400_000,
			});
		klaviyo.marketing.email(id, { kind: 'campaign', name: 'Autumn sale' });
		klaviyo.marketing.join('lists', `List ${groupsOf(LISTS, n)}`, id);
		klaviyo.marketing.join('segments', `Segment ${groupsOf(SEGMENTS, n)}`, id);
	}
}

/** The table in docs/guarantees.md. */
const documented = new Map(
	readFileSync(join(__dirname, '../../docs/guarantees.md'), 'utf8')
		.split('\n')
		.map((line) => line.split('|').map((cell) => cell.trim()))
		.map(([, what = '', ...cells]) => [what, cells]),
);
const rows: string[] = [];
afterAll(() => {
	process.stdout.write(`| parts | calls | a customer | seconds |\n${rows.join('\n')}\n`);
});

const run = klaviyoRunner(() => sandbox, 'profile', 'getCustomerCard');

it.each<[string, readonly CardPart[], number]>([
	['all parts, with 30 lists and segments', cardParts, 60],
	['consent and value', ['consent', 'value'], 10],
])(
	`The cards of ${CUSTOMERS} customers (%s) are read within the limits`,
	async (what, parts, seconds) => {
		customers();
		const began = sandbox.clock.now();
		const { json, error } = await run(
			Array.from({ length: CUSTOMERS }, (_, n) => ({ phone: phoneOf(n) })),
			{ parts: [...parts] },
		);
		expect(error).toBeUndefined();
		const took = (sandbox.clock.now() - began) / 1000;
		const calls = sandbox.calls().filter(({ status }) => status !== 429).length;
		const each = (calls / CUSTOMERS).toFixed(2);
		const row = `| ${what} | ${calls.toLocaleString('en-US')} | ${each} | ${Math.round(took)} |`;
		rows.push(row);
		expect(json.filter(({ outcome }) => outcome === 'found')).toHaveLength(CUSTOMERS);
		expect(json.filter(({ unknown }) => 'orders' in (unknown as object))).toEqual([]);
		if (parts.includes('segments'))
			expect(json.map(({ lists, segments }) => [lists, segments])).toEqual(
				json.map((_, n) => [[`List ${groupsOf(LISTS, n)}`], [`Segment ${groupsOf(SEGMENTS, n)}`]]),
			);
		expect(calls / CUSTOMERS).toBeLessThanOrEqual(3);
		expect(took).toBeLessThanOrEqual(seconds);
		expect(documented.get(what)?.slice(0, 2)).toEqual([calls.toLocaleString('en-US'), each]);
	},
	120_000,
);
