import fc from 'fast-check';
import { catchUp, catchUpWindows, forgetPolls, scheduleOf } from '../../nodes/shared/catchUp';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const schedule = scheduleOf({});
const now = Date.parse('2026-11-22T10:00:00Z');

describe('Catch-up', () => {
	beforeEach(forgetPolls);

	it('has 5 minutes, 1 hour and 2.5 hours, and a day of look-back, by default', () => {
		expect(schedule).toEqual({ ages: [5 * MINUTE, HOUR, 150 * MINUTE], lookBack: 24 * HOUR });
	});

	it('reads the whole look-back at first', () => {
		expect(catchUpWindows(undefined, now, schedule)).toEqual([
			{ after: now - 24 * HOUR, until: now },
		]);
	});

	it('reads, a minute later, the minute that passed each age', () => {
		expect(catchUpWindows(now - MINUTE, now, schedule)).toEqual(
			[150, 60, 5].map((age) => ({ after: now - (age + 1) * MINUTE, until: now - age * MINUTE })),
		);
	});

	it('reads on from where it was when the clock was set back', () => {
		expect(catchUpWindows(now + HOUR, now, schedule)).toEqual([
			{ after: now - 24 * HOUR, until: now },
		]);
	});

	it('emits every event at each of its ages exactly once, however irregular the polls are', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
				fc.nat(300),
				(gaps, offset) => {
					const event = now + offset * MINUTE;
					const seenAt: number[] = [];
					let last = now;
					for (const gap of [...gaps, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40]) {
						const time = last + gap * MINUTE;
						const windows = catchUpWindows(last, time, schedule);
						if (windows.some(({ after, until }) => after < event && event <= until))
							seenAt.push(time);
						last = time;
					}
					for (const age of schedule.ages)
						if (event + age <= last)
							expect(
								seenAt.some((time) => time >= event + age && time - 40 * MINUTE < event + age),
							).toBe(true);
					expect(seenAt.length).toBeLessThanOrEqual(schedule.ages.length);
				},
			),
		);
	});

	it('reads again what a failed poll could not read', async () => {
		const read: number[] = [];
		const poll = async (time: number, fails = false) =>
			await catchUp('t', time, schedule, async ({ after }) => {
				if (fails) throw new Error('503');
				read.push(after);
				return [];
			});
		await poll(now);
		await expect(poll(now + MINUTE, true)).rejects.toThrow('503');
		await poll(now + 2 * MINUTE);
		expect(read.slice(1)).toEqual([150, 60, 5].map((age) => now - age * MINUTE));
	});

	it('takes ages and look-back from the options', () => {
		expect(scheduleOf({ catchUpAges: '1; 2,x', lookBack: 2 })).toEqual({
			ages: [MINUTE, 2 * MINUTE],
			lookBack: 2 * HOUR,
		});
	});
});
