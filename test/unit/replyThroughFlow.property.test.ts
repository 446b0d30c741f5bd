/**
 * The guarantee for agents' replies through a flow: an event with the reply's key, which Klaviyo records once. There a
 * request may be repeated after a lost answer, and replies with the same text need not wait for each other.
 */
import fc from 'fast-check';
import { commands } from './support/commands';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';
import {
	LOG_FALTERS,
	LOG_STOPS,
	playReplies,
	type ReplySettings,
	type ReplyVerdict,
} from './support/replyWorld';

const SCHEDULES = sizeOf({ quick: 1_000, all: 5_000 });

const usual: ReplySettings = {
	replies: 2,
	workers: 5,
	sameWords: true,
	logLag: 300_000,
	through: 'flow',
	repeatsSend: true,
};

const search = (settings: ReplySettings, runs: number) =>
	fc.check(
		fc.asyncProperty(
			commands({
				items: settings.replies,
				workers: settings.workers,
				events: [LOG_FALTERS, LOG_STOPS],
				times: [1000, 4000, 13_000, 60_000, 400_000, 3600_000],
				lags: [0, 5000, 300_000],
			}),
			async (list) => {
				const { verdict, log } = await playReplies(settings, list);
				if (Object.keys(verdict).length > 0)
					throw Object.assign(new Error(`${JSON.stringify(verdict)}\n${log.join('\n')}`), {
						verdict,
					});
			},
		),
		{ numRuns: runs },
	);

describe(`every reply is sent at most once through a flow, and never forgotten (seed ${seed})`, () => {
	it.each([false, true])(
		`over ${SCHEDULES} schedules, with the same words in all replies: %s`,
		async (sameWords) => {
			const result = await search({ ...usual, sameWords }, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

interface Guard extends Partial<ReplySettings> {
	guard: string;
	breaks: keyof ReplyVerdict;
}

const guards: Guard[] = [
	{ guard: 'Klaviyo records a key once', recordsRepeats: true, breaks: 'doubled' },
	{
		guard: "a reply whose event is not recorded is not taken for sent by another's words",
		countsByWords: true,
		breaks: 'forgotten',
	},
];

describe(`each guard is needed (seed ${seed})`, () => {
	it.each(guards)(
		'$guard',
		async ({ breaks, guard: _name, ...settings }) => {
			const result = await search({ ...usual, ...settings }, 60_000);
			const verdict = (result.errorInstance as { verdict?: ReplyVerdict } | undefined)?.verdict;
			expect(Object.keys(verdict ?? {})).toContain(breaks);
		},
		300_000,
	);
});
