import fc from 'fast-check';
import { mayBeLate } from '../../domain/reply/log';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;
const before = (...minutes: number[]): number[] => minutes.map((ago) => NOW - ago * MINUTE);
/** The log has to reach so far: seven minutes ago. */
const TIME = NOW - 7 * MINUTE;

describe("Klaviyo's log", () => {
	it.each([
		['has come far enough when it shows a newer message', before(3, 90, 200), false],
		['is silent as usual in an account that sends a message a day', before(300, 1740, 3180), false],
		['is silent as usual within the longest gap of a day', before(100, 101, 102, 800), false],
		['is silent for hours where a message a minute is usual', before(180, 181, 182, 183), true],
		['is silent for longer than ever before', before(60, 90, 110), true],
		['shows no message at all', [], true],
		['shows a single message, from before', before(20), true],
		['shows messages of one second only', before(8, 8, 8), true],
	])('%s', (_, sent, expected) => {
		expect(mayBeLate(sent, TIME, NOW)).toBe(expected);
		expect(mayBeLate([...sent].reverse(), TIME, NOW)).toBe(expected);
	});

	it('that has stopped is noticed once the silence is longer than any before', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 99 }),
				fc.integer({ min: 1, max: 600 }),
				(gaps, silence) => {
					let at = NOW - silence * MINUTE;
					const sent = [at, ...gaps.map((gap) => (at -= gap * MINUTE))];
					const isLate = silence > 7 && silence > Math.max(...gaps) + 1;
					expect(mayBeLate(sent, TIME, NOW)).toBe(isLate);
				},
			),
		);
	});
});
