import type { Dice } from '../random';

const first = 9_000_000_000_000;
const blocks = 8;
const blockSize = 100_000_000_000;
/** Recorded ids of one audit and its events lie this far apart. */
const step = 128;

/**
 * Ids as Zendesk gives them: each of its servers has a block of its own, so that they are not in the order of time.
 * Those of one request come from one server, and rise.
 */
export class BlockIds {
	private readonly given = Array.from({ length: blocks }, () => 0);

	constructor(private readonly roll: Dice) {}

	/** A row of ids from one block. */
	row(): () => number {
		const block = Math.floor(this.roll() * blocks);
		return () => {
			const number = (this.given[block] ?? 0) + 1;
			this.given[block] = number;
			return first + block * blockSize + number * step;
		};
	}
}
