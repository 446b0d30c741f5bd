/**
 * The guarantee for metrics, over random schedules: runs killed, answers lost or late, several runs at once, Klaviyo's log
 * behind, a repeated id refused, swallowed or ignored. Then each guard is removed alone, and the same search must find the
 * harm that it prevents.
 */
import fc from 'fast-check';
import { commands } from './support/commands';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';
import { playTracking, type TrackingSettings, type TrackingVerdict } from './support/trackingWorld';

const SCHEDULES = sizeOf({ quick: 800, all: 4_000 });

const search = (settings: TrackingSettings, runs: number) =>
	fc.check(
		fc.asyncProperty(
			commands({
				items: 11,
				workers: settings.workers,
				events: [],
				times: [1000, 4000, 13_000, 60_000, 400_000],
				lags: [0, 5000, 300_000],
			}),
			async (list) => {
				const { verdict, log } = await playTracking(settings, list);
				if (Object.keys(verdict).length > 0)
					throw Object.assign(new Error(`${JSON.stringify(verdict)}\n${log.join('\n')}`), {
						verdict,
					});
			},
		),
		{ numRuns: runs },
	);

const usual: TrackingSettings = {
	workers: 4,
	repeats: 'swallowed',
	logLag: 300_000,
	confirm: true,
	age: 600_000,
};

describe(`every event is recorded once, never lost, never duplicated (seed ${seed})`, () => {
	it.each([
		['refused', 600_000],
		['swallowed', 600_000],
		['discarded', 600_000],
		['swallowed', 0],
		['discarded', 0],
	] as const)(
		`over ${SCHEDULES} schedules, with a repeated id in a job %s, events %d ms old`,
		async (repeats, age) => {
			const result = await search({ ...usual, repeats, age }, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

interface Guard extends Partial<TrackingSettings> {
	guard: string;
	breaks: keyof TrackingVerdict;
}

const guards: Guard[] = [
	{
		guard: 'what jobs were to bring is looked for afterwards',
		rules: { mustConfirm: () => false },
		breaks: 'lost',
	},
	{
		guard: 'what did not arrive goes one by one, not in another job',
		rules: { repairsSingly: () => false },
		breaks: 'lost',
	},
];

describe(`each guard is needed (seed ${seed})`, () => {
	it.each(guards)(
		'$guard',
		async ({ breaks, guard: _name, ...settings }) => {
			const result = await search({ ...usual, ...settings }, 20_000);
			const verdict = (result.errorInstance as { verdict?: TrackingVerdict } | undefined)?.verdict;
			expect(Object.keys(verdict ?? {})).toContain(breaks);
		},
		300_000,
	);
});
