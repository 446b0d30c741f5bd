/**
 * What `npm run length` plays, in small: three short days with a restart on the last. It has to find nothing wrong, and to
 * find what is.
 */
import { entriesOf, faultsOf } from './support/length/verdict';
import { type LengthReport, playLength } from './support/length/play';
import { seed } from '../support/seed';

const options = {
	...{ days: 3, hours: 2, messages: 150, seed, limits: 3 },
	...{ restartEvery: 3, pollEvery: 10 },
};

describe(`A shop's three short days (seed ${seed})`, () => {
	let report: LengthReport;

	beforeAll(async () => {
		report = await playLength(options);
	}, 300_000);

	it('lose and double nothing, and do not grow', () => {
		expect(faultsOf(report, options)).toEqual([]);
	});

	it('had messages, replies, lost webhooks and a look-back', () => {
		const last = report.days.at(-1);
		expect(report.days.map(({ messages }) => messages > 10)).toEqual([true, true, true]);
		expect(report.days.some(({ replies }) => replies > 0)).toBe(true);
		expect(report.days.some(({ caughtUp }) => caughtUp.items > 0)).toBe(true);
		expect(last?.restart?.lookBack.items).toBeGreaterThan(20);
		expect(last && entriesOf(last)).toBeGreaterThan(50);
		expect(last?.saved).toMatchObject({ '01 Inbound message to ticket': expect.any(Number) });
	});

	it('would be told if they did', () => {
		const [first, second, last] = report.days;
		if (!first || !second || !last?.restart) throw new Error('There are three days');
		const grown = {
			...last,
			zendeskCalls: second.zendeskCalls * 1.2,
			klaviyoCalls: second.klaviyoCalls * 1.2,
			entries: { leak: entriesOf(second) * 2 + 500 },
			saved: { trigger: 10_000 },
			behind: 10_000,
			restart: {
				...last.restart,
				lookBack: { ...last.restart.lookBack, largest: 2501, executions: 1000 },
			},
		};
		const bad = {
			days: [first, second, grown],
			verdict: { ...report.verdict, lost: ['message:1: not there'] },
			failures: [],
			left: 100,
		};
		expect(faultsOf(bad, options)).toEqual([
			'lost: message:1: not there',
			'100.0 MB are left in the heap when all is closed',
			'day 3: catch-up was 10000 seconds behind',
			'day 3: an execution of 2501 items',
			expect.stringContaining('day 3: the look-back took 1000 executions'),
			expect.stringContaining('Zendesk calls a message'),
			expect.stringContaining('Klaviyo calls a message'),
			expect.stringContaining('entries in memory'),
			expect.stringContaining('characters that n8n saves'),
		]);
	});
});
