/**
 * The guarantee for agents' replies, over random schedules: runs killed, answers lost, Klaviyo's log behind or down. Then
 * each guard is removed alone, and the same search must find the harm that it prevents.
 */
import fc from 'fast-check';
import { commands } from './support/commands';
import type { Command } from './support/schedule';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';
import {
	CUSTOMER_WRITES,
	LOG_FALTERS,
	LOG_STOPS,
	playReplies,
	type ReplySettings,
	type ReplyVerdict,
} from './support/replyWorld';

const SCHEDULES = sizeOf({ quick: 2_000, all: 10_000 });

const search = (settings: ReplySettings, runs: number) =>
	fc.check(
		fc.asyncProperty(
			commands({
				items: settings.replies,
				workers: settings.workers,
				events: [LOG_FALTERS, LOG_STOPS, ...(settings.onWhatsApp ? [CUSTOMER_WRITES] : [])],
				times: [
					...[1000, 4000, 13_000, 60_000, 400_000, 3600_000],
					...(settings.onWhatsApp ? [90_000_000] : []),
				],
				lags: [0, 5000, 300_000],
			}),
			async (list) => {
				const { verdict, log } = await playReplies(settings, list);
				if (Object.keys(verdict).length > 0) {
					throw Object.assign(new Error(`${JSON.stringify(verdict)}\n${log.join('\n')}`), {
						verdict,
					});
				}
			},
		),
		{ numRuns: runs },
	);

const usual: ReplySettings = { replies: 2, workers: 5, sameWords: false, logLag: 300_000 };

describe(`every reply is sent at most once, and never forgotten (seed ${seed})`, () => {
	it.each<[string, Partial<ReplySettings>]>([
		['each with words of its own', {}],
		['all with the same words', { sameWords: true }],
		['on both channels, all with the same words', { sameWords: true, onBothChannels: true }],
		['to a customer who unsubscribes and comes back', { sameWords: true, unsubscribes: true }],
		['each run failing once after its claim, and trying again', { failsFirst: true }],
		['on WhatsApp, whose window closes', { onWhatsApp: true, workers: 7 }],
		[
			'on WhatsApp, one of them left to its agent',
			{ onWhatsApp: true, workers: 7, lastIsLeft: true },
		],
		['each claim also sent by hand, in another process', { sendsByHandToo: true }],
	])(
		`over ${SCHEDULES} schedules, %s`,
		async (_what, settings) => {
			const result = await search({ ...usual, ...settings }, SCHEDULES);
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
	{
		guard: 'a stamp is a lock only when its second is over',
		claimRules: { untilSettled: () => 0 },
		breaks: 'doubled',
	},
	{
		guard: "a claim is somebody's until the log would show its message",
		claimRules: { isClaimActive: (claimedAt, ticket) => ticket.serverTime - claimedAt < 10_000 },
		breaks: 'doubled',
	},
	{
		guard: 'a second attempt looks into the log first',
		sendRules: { looksFirst: () => false },
		assumesMissing: true,
		breaks: 'doubled',
	},
	{
		guard: 'nothing is sent long after its claim',
		sendRules: { isLate: () => false },
		breaks: 'doubled',
	},
	{
		guard: 'a send whose answer was lost is not simply sent again',
		repeatsSend: true,
		breaks: 'doubled',
	},
	{
		guard: 'only the execution that claimed a reply sends it',
		sendRules: { isOthers: () => false },
		sendsByHandToo: true,
		breaks: 'doubled',
	},
	{
		guard: 'a claim of an earlier try is as old as it is',
		claimRules: { madeAt: () => Infinity },
		failsFirst: true,
		breaks: 'doubled',
	},
	{
		guard: 'what the agent was told is final',
		claimRules: { hasNote: () => false },
		breaks: 'claimedThoughTold',
	},
	{
		guard: "what went out on one channel is not taken for the other's",
		sameWords: true,
		onBothChannels: true,
		ignoresChannels: true,
		breaks: 'forgotten',
	},
	{
		guard: 'a reply waits until the customer has answered',
		claimRules: { isAnswered: () => true },
		onWhatsApp: true,
		breaks: 'claimedThoughWaiting',
	},
	{
		guard: 'a window has one id, whichever reply asks',
		followUpRules: { uniqueId: ({ commentId }) => commentId },
		onWhatsApp: true,
		breaks: 'askedTwice',
	},
	{
		guard: 'a reply whose first run died is tried a second time',
		claimRules: { isClaimActive: () => true },
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

	it('replies with the same words wait for each other', async () => {
		const looksFirst: ReplySettings['sendRules'] = { looksFirst: (reply) => reply.attempt > 1 };
		const result = await search({ ...usual, sameWords: true, sendRules: looksFirst }, 60_000);
		expect(result.failed).toBe(true);
	}, 300_000);
});

/** Too rare for random schedules: the log stops, the first run dies somewhere, and another one follows when the claim is old. */
describe('while the log has stopped for everyone', () => {
	const step = { do: 'step', worker: 0, fault: 'none', lag: 0 } as const;
	const schedule = (stepsToDeath: number): Command[] => [
		{ do: 'start', item: 0, both: false },
		...Array.from({ length: 5 }, (): Command => ({ do: 'pass', time: 1000 })),
		{ do: 'event', event: LOG_STOPS },
		...Array.from({ length: stepsToDeath }, () => step),
		{ ...step, fault: 'crash' },
		{ do: 'pass', time: 400_000 },
		{ do: 'start', item: 0, both: false },
		...Array.from({ length: 40 }, (_, n): Command[] =>
			n % 6 === 5 ? [step, { do: 'pass', time: 1000 }] : [step],
		).flat(),
	];
	const play = async (rules: ReplySettings['sendRules']) =>
		await Promise.all(
			Array.from({ length: 16 }, async (_, steps) => {
				const settings = { ...usual, replies: 1, sendRules: rules };
				return (await playReplies(settings, schedule(steps))).verdict;
			}),
		);

	it('no reply is sent twice, and none is forgotten, wherever the first run died', async () => {
		expect(await play({})).toEqual(Array(16).fill({}));
	});

	it('one is sent twice if a late log is taken for a current one', async () => {
		expect(await play({ mayBeLate: () => false })).toContainEqual({
			doubled: expect.stringContaining('R0'),
		});
	});
});
