/**
 * The guarantee for messages with a key, over random schedules: several processes at once, killed, with lost answers, and
 * with Klaviyo's log behind. Then each guard is removed alone, and the same search must find the harm.
 */
import fc from 'fast-check';
import {
	type Attempt,
	type OnceOutcome,
	type OncePort,
	onceRules,
	type OnceRules,
	type Reservation,
	sendOnce,
} from '../../domain/message/sendOnce';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';

const SCHEDULES = sizeOf({ quick: 1000, all: 10_000 });
const WORDS = 'Your order has shipped.';

const fates = ['sent', 'lost', 'dropped', 'notTaken', 'rejected', 'killed'] as const;
const run = fc.record({
	process: fc.nat(2),
	isPermitted: fc.boolean(),
	isShown: fc.boolean(),
	fate: fc.constantFrom(...fates),
	logs: fc.constantFrom('shown', 'behind', 'unreadable'),
});
type Run = typeof run extends fc.Arbitrary<infer One> ? One : never;

/** Klaviyo, with one customer and one key. */
class World {
	sent = 0;
	private first: Reservation | undefined;

	constructor(private readonly scheduler: fc.Scheduler) {}

	portOf({ isShown, fate, logs }: Run): OncePort {
		const turn = async () => await this.scheduler.schedule(Promise.resolve());
		return {
			reserve: async (name) => {
				await turn();
				this.first ??= { run: name, words: WORDS, at: 0 };
				await turn();
				return isShown ? this.first : 'unseen';
			},
			reservation: async () => {
				await turn();
				return this.first;
			},
			send: async () => {
				await turn();
				if (fate === 'notTaken') return fate;
				if (fate === 'rejected') return { rejected: 'no' };
				if (fate !== 'dropped') this.sent += 1;
				await turn();
				if (fate === 'killed') return await new Promise<never>(() => {});
				return fate === 'sent' ? 'accepted' : 'unknown';
			},
			findInLog: async () => {
				await turn();
				if (logs === 'unreadable') return logs;
				return { messages: logs === 'shown' ? this.sent : 0, ofOtherKeys: 0 };
			},
		};
	}
}

async function play(scheduler: fc.Scheduler, runs: Run[], rules: OnceRules): Promise<void> {
	const world = new World(scheduler);
	const processes = [0, 1, 2].map(() => new Map<string, Attempt>());
	const outcomes: OnceOutcome[] = [];
	for (const [index, one] of runs.entries()) {
		const message = {
			name: 'key',
			words: WORDS,
			isPermitted: one.isPermitted,
			run: `run ${index}`,
			now: 0,
		};
		const attempts = processes[one.process] ?? new Map<string, Attempt>();
		void sendOnce(message, world.portOf(one), attempts, rules).then((outcome) => {
			outcomes.push(outcome);
			if (outcome.outcome === 'notSent' && runs.length === 1) expect(world.sent).toBe(0);
			if (outcome.outcome === 'sent' || outcome.outcome === 'alreadySent')
				expect(world.sent).toBeGreaterThan(0);
		});
	}
	await scheduler.waitIdle();
	expect(world.sent).toBeLessThanOrEqual(1);
	const saysSent = outcomes.filter(({ outcome }) => outcome === 'sent');
	expect(saysSent.length).toBeLessThanOrEqual(1);
	if (outcomes.some(({ outcome }) => outcome === 'alreadySent')) expect(world.sent).toBe(1);
}

const search = async (rules: OnceRules, numRuns: number) =>
	await fc.check(
		fc.asyncProperty(
			fc.scheduler(),
			fc.array(run, { minLength: 1, maxLength: 5 }),
			async (scheduler, runs) => await play(scheduler, runs, rules),
		),
		{ numRuns },
	);

describe(`a message is sent once a key (seed ${seed})`, () => {
	it(`over ${SCHEDULES} schedules`, async () => {
		const result = await search(onceRules, SCHEDULES);
		expect(result.errorInstance ?? 'no violation').toBe('no violation');
	});

	it.each<[string, Partial<OnceRules>]>([
		["another run's reservation", { isOwn: () => true }],
		['an outcome that is not known', { mayTryAgain: ({ outcome }) => outcome !== 'sent' }],
	])('is sent twice without the guard for %s', async (_, without) => {
		const result = await search({ ...onceRules, ...without }, SCHEDULES);
		expect(result.failed).toBe(true);
	});
});
