import fc from 'fast-check';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { catchUpInParts, type UnreadWindow } from '../../nodes/shared/catchUpParts';
import { seed } from '../support/seed';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ages = [5 * MINUTE, HOUR, 150 * MINUTE];
const schedule = { ages, lookBack: 24 * HOUR, rest: 10 * MINUTE };
const start = Date.parse('2026-11-22T10:00:00Z');

/** A reader that gets through so many milliseconds of a window at each poll, all windows together. */
const slowReader = (read: Array<[number, number]>) => {
	let left = 0;
	return {
		allow: (milliseconds: number) => (left = milliseconds),
		part: async ({ after, until }: UnreadWindow<undefined>) => {
			const end = Math.min(until, after + left);
			left -= end - after;
			if (end > after) read.push([after, end]);
			return { found: [end], ...(end < until ? { rest: { after: end, until } } : {}) };
		},
	};
};

describe('Catch-up in parts', () => {
	beforeEach(forgetProcess);

	it('continues where the last poll stopped, until a long look-back is read, and reads fresh windows first', async () => {
		const read: Array<[number, number]> = [];
		const { allow, part } = slowReader(read);
		for (let minute = 0; minute < 5; minute++) {
			allow(7 * HOUR);
			const { behindSince } = await catchUpInParts('t', start + minute * MINUTE, schedule, part);
			expect(behindSince).toBe(minute < 3 ? start : undefined);
		}
		const hours = (count: number) => start - 24 * HOUR + count * HOUR;
		expect(read.slice(0, 3)).toEqual([
			[hours(0), hours(7)],
			[start - 5 * MINUTE, start - 4 * MINUTE],
			[hours(7), hours(14) - MINUTE],
		]);
		expect(Math.max(...read.map(([, end]) => end))).toBe(start);
	});

	it('returns what was found when a later part fails, and reads that part again', async () => {
		let fails = true;
		const part = async ({ after, until }: UnreadWindow<undefined>) => {
			if (fails && (until - after > HOUR || until < start - 30 * MINUTE)) throw new Error('503');
			return { found: [until - after] };
		};
		// Nothing was read: all of it is due again.
		expect(await catchUpInParts('t', start, schedule, part)).toMatchObject({
			found: [],
			fault: new Error('503'),
		});
		fails = false;
		expect((await catchUpInParts('t', start, schedule, part)).found).toEqual([24 * HOUR]);
		fails = true;
		const later = start + 20 * MINUTE;
		const partly = await catchUpInParts('t', later, schedule, part);
		expect(partly).toEqual({ found: [20 * MINUTE], behindSince: later, fault: new Error('503') });
		fails = false;
		const rest = await catchUpInParts('t', later + MINUTE, schedule, part);
		expect(rest).toEqual({ found: [MINUTE, 20 * MINUTE, 20 * MINUTE] });
	});

	it('gives up events older than the look-back', async () => {
		const part = async ({ after, until }: UnreadWindow<undefined>) => ({
			found: [],
			rest: { after, until },
		});
		await catchUpInParts('t', start, schedule, part);
		const { behindSince } = await catchUpInParts('t', start + 25 * HOUR, schedule, part);
		expect(behindSince).toBe(start + 25 * HOUR);
	});

	it(`reads every moment of the look-back and of each age, however slowly (seed ${seed})`, async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ gap: fc.integer({ min: 1, max: 30 }), speed: fc.nat(200) }), {
					minLength: 5,
					maxLength: 40,
				}),
				fc.integer({ min: -20 * 60, max: 60 }),
				async (polls, offset) => {
					forgetProcess();
					const read: Array<[number, number]> = [];
					const { allow, part } = slowReader(read);
					let now = start;
					for (const { gap, speed } of polls) {
						allow(speed * MINUTE);
						await catchUpInParts('t', now, schedule, part);
						now += gap * MINUTE;
					}
					// At last there is time enough, before anything is too old.
					for (let poll = 0; poll < 20; poll++) {
						allow(48 * HOUR);
						await catchUpInParts('t', now, schedule, part);
						now += 10 * MINUTE;
					}
					const event = start + offset * MINUTE;
					const times = read.filter(([after, until]) => after < event && event <= until).length;
					const inLookBack = event <= start ? 1 : 0;
					// After the look-back, once for each age that it reaches later.
					const ages = schedule.ages.filter((age) => event + age > start);
					expect(times).toBe(inLookBack + ages.length);
				},
			),
			{ numRuns: 300 },
		);
	});
});
