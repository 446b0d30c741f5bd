/** Polling alone: an event that appears late in its vendor's log, or in a second that was already read, is not lost. */
import fc from 'fast-check';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { catchUpInParts } from '../../nodes/shared/catchUpParts';
import { seed } from '../support/seed';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const start = Date.parse('2026-11-22T10:00:00.400Z');
const known = { ages: [5 * MINUTE, 60 * MINUTE, 150 * MINUTE], lookBack: 24 * 60 * MINUTE };
const schedule = { ...known, ages: [0, ...known.ages], overlap: 5 * MINUTE };

interface LoggedEvent {
	key: string;
	/** A whole second. */
	at: number;
	showsAt: number;
}

const floor = (time: number): number => Math.floor(time / SECOND) * SECOND;

/** Polls at these times, and says at which of them the event was emitted. */
async function emissions(event: LoggedEvent, polls: readonly number[]): Promise<number[]> {
	forgetProcess();
	const seen: number[] = [];
	for (const now of polls) {
		const { found } = await catchUpInParts(
			't',
			now,
			schedule,
			async ({ after, until }) => ({
				found:
					event.showsAt <= now && floor(after) < event.at && event.at <= floor(until)
						? [event]
						: [],
			}),
			{ identify: ({ key, at }) => ({ key, at }) },
		);
		if (found.length > 0) seen.push(now);
	}
	return seen;
}

const times = (gaps: readonly number[]): number[] =>
	gaps.reduce((all, gap) => [...all, (all.at(-1) ?? start) + gap], [start]);

describe(`an event that shows late (seed ${seed})`, () => {
	it('comes with the first poll that can see it, and then at each of its ages once', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 20 * SECOND, max: 4 * MINUTE }), {
					minLength: 100,
					maxLength: 100,
				}),
				fc.integer({ min: 0, max: 300 }),
				// Up to the overlap less what a poll may be later than the one before.
				fc.integer({ min: 0, max: 5 * MINUTE - SECOND }),
				async (gaps, offset, lag) => {
					const at = floor(start) + offset * SECOND;
					const event = { key: 'E', at, showsAt: at + lag };
					const polls = times(gaps);
					const first = polls.find((poll) => poll >= event.showsAt && floor(poll) >= at);
					const seen = await emissions(event, polls);
					expect(seen[0]).toBe(first);
					const last = polls.at(-1) ?? start;
					for (const age of known.ages.filter((reached) => at + reached <= last))
						expect(
							seen.filter((poll) => poll >= at + age && poll - 4 * MINUTE < at + age).length,
						).toBeGreaterThanOrEqual(1);
					expect(seen.length).toBeLessThanOrEqual(schedule.ages.length);
				},
			),
			{ numRuns: 300 },
		);
	});

	it('in the very second that was read comes with the next poll', async () => {
		const event = { key: 'E', at: floor(start), showsAt: start + 100 };
		expect(await emissions(event, [start, start + MINUTE, start + 2 * MINUTE])).toEqual([
			start + MINUTE,
		]);
	});

	it('later than the overlap still comes at its next age', async () => {
		const event = { key: 'E', at: floor(start), showsAt: start + 20 * MINUTE };
		const polls = Array.from({ length: 70 }, (_, minute) => start + minute * MINUTE);
		expect(await emissions(event, polls)).toEqual([start + 60 * MINUTE]);
	});
});
