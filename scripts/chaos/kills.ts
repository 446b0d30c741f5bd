/** Kills a part of n8n by SIGKILL now and then, and starts it again. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Dice, shuffled } from '../../sandbox/random';

/** An n8n process, or Redis. */
export interface Part {
	readonly name: string;
	kill(): Promise<void>;
	boot(): Promise<void>;
}

/** The longest time a part stays down, milliseconds. */
const LONGEST_AWAY = 15_000;

export class Kills {
	/** The parts that were killed, in order. */
	readonly done: string[] = [];
	/** When the last of them was running again, milliseconds since 1970. */
	lastBack = 0;
	private readonly under: Array<Promise<void>> = [];
	/** The share of the script at which each kill happens. */
	private readonly moments: number[];
	private waiting: Part[] = [];
	private isBusy = false;

	constructor(
		private readonly parts: readonly Part[],
		private readonly roll: Dice,
		count: number,
		private readonly say: (line: string) => void,
		private readonly longestAway = LONGEST_AWAY,
	) {
		this.moments = Array.from({ length: count }, (_, n) => (n + 0.2 + 0.6 * roll()) / count);
	}

	/** @param share of the script that is over, from 0 to 1 */
	at(share: number): void {
		const [next] = this.moments;
		// One at a time, so that a part that comes back finds the others.
		if (next === undefined || share < next || this.isBusy) return;
		this.moments.shift();
		// Each part once before any is killed a second time.
		if (this.waiting.length === 0) this.waiting = shuffled(this.roll, this.parts);
		const part = this.waiting.shift();
		if (part) this.under.push(this.killAndStart(part, this.roll() * this.longestAway));
	}

	/** Resolves when all killed parts are running again. */
	async over(): Promise<void> {
		await Promise.all(this.under);
	}

	private async killAndStart(part: Part, away: number): Promise<void> {
		this.isBusy = true;
		this.done.push(part.name);
		await part.kill();
		this.say(`killed ${part.name}, started again in ${Math.round(away / 1000)} s`);
		await pause(away);
		await part.boot();
		this.isBusy = false;
		this.lastBack = Date.now();
		this.say(`${part.name} is back`);
	}
}
