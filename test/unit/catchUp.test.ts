import fc from 'fast-check';
import { type CatchUpSchedule, planCatchUp, scheduleOf } from '../../nodes/shared/catchUp';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { catchUpInParts } from '../../nodes/shared/catchUpParts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const scheduled = (options: object): CatchUpSchedule => {
	const schedule = scheduleOf(options);
	if (typeof schedule === 'string') throw new Error(schedule);
	return schedule;
};
const schedule = scheduled({});
const now = Date.parse('2026-11-22T10:00:00Z');

/** What is read at `time` when everything was last read at `last`. */
const windowsAt = (last: number | undefined, time: number) =>
	planCatchUp(last === undefined ? undefined : schedule.ages.map(() => last), time, schedule)
		.windows;

describe('Catch-up', () => {
	beforeEach(forgetProcess);

	it('comes at growing ages to the end of the look-back, by default a day', () => {
		const ages = [5, 60, 150, 360, 720, 1296].map((age) => age * MINUTE);
		expect(schedule).toEqual({ ages, lookBack: 24 * HOUR });
	});

	it('reads the whole look-back at first', () => {
		expect(windowsAt(undefined, now)).toEqual([{ after: now - 24 * HOUR, until: now }]);
	});

	it('reads no more than the look-back, and all of it, after days without a poll', () => {
		const windows = windowsAt(now - 72 * HOUR, now);
		expect(windows[0]?.after).toBe(now - 24 * HOUR);
		expect(windows).toEqual([{ after: now - 24 * HOUR, until: now - 5 * MINUTE }]);
	});

	it('reads, a minute later, the minute that passed each age', () => {
		expect(windowsAt(now - MINUTE, now)).toEqual(
			[1296, 720, 360, 150, 60, 5].map((age) => ({
				after: now - (age + 1) * MINUTE,
				until: now - age * MINUTE,
			})),
		);
	});

	it('continues from where it was when the clock was set back', () => {
		expect(windowsAt(now + HOUR, now)).toEqual([{ after: now - 24 * HOUR, until: now }]);
	});

	it('keeps ages apart that are close together: each is a separate attempt', () => {
		const close = { ...scheduled({ recheckAfter: '5, 10, 16' }), rest: 10 * MINUTE };
		for (let offset = 0; offset < 12 * MINUTE; offset += MINUTE / 2) {
			const event = now + offset;
			const seenAt: number[] = [];
			let readAt = close.ages.map(() => now);
			for (let time = now + MINUTE; time < now + HOUR; time += MINUTE) {
				const plan = planCatchUp(readAt, time, close);
				if (plan.due.some(({ after, until }) => after < event && event <= until))
					seenAt.push((time - event) / MINUTE);
				({ readAt } = plan);
			}
			expect(seenAt).toHaveLength(3);
			const [first = 0, second = 0, third = 0] = seenAt;
			expect(first).toBeLessThan(7);
			expect(second).toBeGreaterThanOrEqual(10);
			expect(second).toBeLessThan(15);
			expect(third).toBeGreaterThanOrEqual(16);
		}
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
						const windows = windowsAt(last, time);
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

	it('spares a vendor that allows few requests: higher ages are read every ten minutes, and nothing is left out', () => {
		const ages = schedule.ages.slice(0, 3);
		const sparing = { ...schedule, ages, rest: 10 * MINUTE };
		let { readAt } = planCatchUp(undefined, now, sparing);
		const seen: number[] = [];
		let requests = 0;
		const event = now + 30_000;
		for (let minute = 1; minute <= 180; minute++) {
			const plan = planCatchUp(readAt, now + minute * MINUTE, sparing);
			if (plan.windows.some(({ after, until }) => after < event && event <= until))
				seen.push(minute);
			requests += plan.windows.length;
			({ readAt } = plan);
		}
		expect(seen).toEqual([6, 70, 160]);
		expect(requests).toBe(180 + 2 * 18);
	});

	it('brings an event at each age before it is too old, however seldom the late ones are read', () => {
		const sparing = { ...schedule, rest: 10 * MINUTE };
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1500 }), (offset) => {
				const event = now + offset * MINUTE - 30_000;
				let { readAt } = planCatchUp(undefined, now, sparing);
				const seen: number[] = [];
				for (let minute = 1; minute <= offset + 24 * 60; minute++) {
					const plan = planCatchUp(readAt, now + minute * MINUTE, sparing);
					if (plan.due.some(({ after, until }) => after < event && event <= until))
						seen.push(minute - offset);
					({ readAt } = plan);
				}
				expect(seen).toHaveLength(schedule.ages.length);
				for (const [index, age] of schedule.ages.entries())
					expect(seen[index]).toBeGreaterThanOrEqual(age / MINUTE - 1);
			}),
			{ numRuns: 20 },
		);
	});

	it('reads again what a failed poll could not read', async () => {
		const read: number[] = [];
		const poll = async (time: number, fails = false) =>
			await catchUpInParts('t', time, schedule, async ({ after }) => {
				if (fails) throw new Error('503');
				read.push(after);
				return { found: [] };
			});
		await poll(now);
		expect((await poll(now + MINUTE, true)).fault).toEqual(new Error('503'));
		await poll(now + 2 * MINUTE);
		expect(read.slice(1)).toEqual([5, 60, 150, 360, 720, 1296].map((age) => now - age * MINUTE));
	});

	it('takes ages and look-back from the options', () => {
		expect(scheduled({ recheckAfter: '1; 2 3.5', lookBack: 2 })).toEqual({
			ages: [MINUTE, 2 * MINUTE, 3.5 * MINUTE, 1.8 * HOUR],
			lookBack: 2 * HOUR,
		});
		expect(scheduled({ recheckAfter: '1500', lookBack: 48 }).ages).toEqual([
			1500 * MINUTE,
			43.2 * HOUR,
		]);
	});

	it.each(['5m, 1h, 2.5h', '', ' , ', '0', '5, 0', '-5', '5, 60, x', 'Infinity', '1e3', null])(
		'is never turned off by invalid ages: %s is refused',
		(recheckAfter) => {
			const fault = scheduleOf({ recheckAfter: recheckAfter ?? 'null' });
			expect(fault).toContain("'Re-Check After (Minutes)' must be a list of minutes");
		},
	);

	it.each([0, -1, 'a day', '', Infinity])('needs a look-back: %s is refused', (lookBack) => {
		expect(scheduleOf({ lookBack })).toContain("'Look Back (Hours)' must be a number of hours");
	});
});
