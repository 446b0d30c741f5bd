import fc from 'fast-check';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { nextAge, retriesOf } from '../../nodes/shared/retries';
import { seed } from '../support/seed';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('An event that is not done', () => {
	beforeEach(forgetProcess);

	it('comes again within the hour at first, then within two, and shortly before the look-back ends', () => {
		const hours = fc.integer({ min: 1, max: 200 });
		fc.assert(
			fc.property(hours, fc.double({ min: 0, max: 1, noNaN: true }), (look, part) => {
				const lookBack = look * HOUR;
				const ages = [part * lookBack];
				for (;;) {
					const age = ages.at(-1) ?? 0;
					const next = nextAge(age, lookBack);
					if (next === undefined) break;
					expect(next).toBeGreaterThan(age);
					expect(next - age).toBeLessThan(age < 8 * HOUR ? HOUR : 2 * HOUR);
					ages.push(next);
				}
				expect(ages.at(-1)).toBeGreaterThanOrEqual(lookBack - 10 * MINUTE);
				expect(ages.at(-1)).toBeLessThanOrEqual(lookBack);
			}),
			{ seed },
		);
	});

	interface Event {
		key: string;
		at: number;
	}
	const retries = retriesOf<Event>({ keyOf: ({ key }) => key, timeOf: ({ at }) => at });
	const keys = (events: Event[]) => events.map(({ key }) => key);

	it('waits while it may be under way, and is forgotten when it is done for good', () => {
		retries.plan('t', [{ key: 'a', at: 0 }], 5 * MINUTE, 24 * HOUR);
		const due = (now: number, isUndone: boolean, isForGood: boolean) =>
			keys(
				retries.due(
					't',
					now,
					() => isUndone,
					() => isForGood,
				),
			);
		expect(due(54 * MINUTE, true, true)).toEqual([]);
		expect(due(55 * MINUTE, false, true)).toEqual([]);
		expect(due(56 * MINUTE, true, true)).toEqual(['a']);
		expect(due(57 * MINUTE, false, false)).toEqual([]);
		expect(due(58 * MINUTE, true, true)).toEqual([]);
	});

	it('is one of the newest 5,000', () => {
		const many = Array.from({ length: 6000 }, (_, n) => ({ key: String(n), at: n }));
		retries.plan('t', many, 6000, 24 * HOUR);
		const due = retries.due(
			't',
			2 * HOUR,
			() => true,
			() => true,
		);
		expect(keys(due)).toEqual(keys(many.slice(1000)));
	});
});
