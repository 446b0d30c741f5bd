/**
 * Does the sync get slower as an account grows? The same ten customers text again and again, among more and more
 * conversations; then customers with long threads text.
 */
import { addQuietConversations, Pool } from '../customers';
import type { Figures, Scene, Sizes } from '../scene';
import { mean } from '../statistics';

/** Messages at once: the smallest account has no more conversations. */
const AT_ONCE = 10;
const WARM_UP = 8;
const RETRY_FOR_MS = 120_000;

export interface Grown {
	/** How many conversations or comments there are. */
	size: number;
	figures: Figures;
}

interface Round {
	seconds: number;
	zendesk: number;
	klaviyo: number;
	sandbox: number;
}

async function sendOnce({ mail, traffic, messagesUrl }: Scene, pool: Pool): Promise<Round> {
	const letters = await mail.write(await pool.take(AT_ONCE), 1);
	traffic.reset();
	const began = Date.now();
	// If messages shared an execution, half of the time would be waiting for each other.
	await mail.sendAll(letters, messagesUrl.apart, AT_ONCE);
	await traffic.untilAdded(AT_ONCE, RETRY_FOR_MS);
	const seconds = (Math.max(...traffic.added.map(({ at }) => at)) - began) / 1000;
	return { seconds, ...traffic.counts };
}

const figuresOf = (rounds: Round[]): Figures => ({
	messagesPerSecond: AT_ONCE / mean(rounds.map(({ seconds }) => seconds)),
	zendeskCallsPerMessage: mean(rounds.map(({ zendesk }) => zendesk)) / AT_ONCE,
	klaviyoCallsPerMessage: mean(rounds.map(({ klaviyo }) => klaviyo)) / AT_ONCE,
	sandboxMillisecondsPerMessage: mean(rounds.map(({ sandbox }) => sandbox)) / AT_ONCE,
});

async function repeat(scene: Scene, pool: Pool, times: number): Promise<Round[]> {
	const rounds: Round[] = [];
	for (let time = 0; time < times; time++) rounds.push(await sendOnce(scene, pool));
	return rounds;
}

/** Needs a new scene: conversations are added, and none can be removed. */
export async function amongConversations(scene: Scene, { growth }: Sizes): Promise<Grown[]> {
	const pool = Pool.withTickets(scene.sandbox, AT_ONCE);
	await repeat(scene, pool, WARM_UP);
	const grown: Grown[] = [];
	let there = AT_ONCE;
	for (const size of [...growth.conversations].sort((a, b) => a - b)) {
		scene.say(`${size} conversations`);
		addQuietConversations(scene.sandbox, Math.max(0, size - there));
		there = Math.max(there, size);
		await repeat(scene, pool, 1);
		grown.push({ size, figures: figuresOf(await repeat(scene, pool, growth.rounds)) });
	}
	return grown;
}

export async function inLongThreads(scene: Scene, { growth }: Sizes): Promise<Grown[]> {
	const threads = growth.comments.map((size) => ({
		size,
		// New customers for each round: every message makes its thread longer.
		pool: Pool.withTickets(scene.sandbox, AT_ONCE * (growth.rounds + 1), size),
		rounds: new Array<Round>(),
	}));
	for (const { pool } of threads) await repeat(scene, pool, 1);
	for (let round = 0; round < growth.rounds; round++) {
		scene.say(`Threads of ${growth.comments.join(', ')} comments, round ${round + 1}`);
		for (const { pool, rounds } of threads) rounds.push(await sendOnce(scene, pool));
	}
	return threads.map(({ size, rounds }) => ({ size, figures: figuresOf(rounds) }));
}
