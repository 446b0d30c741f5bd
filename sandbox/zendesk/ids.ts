import type { Dice } from '../random';

const first = 9_000_000_000_000;
const blocks = 8;
const blockSize = 100_000_000_000;
/** Distance between recorded ids of one audit and its events. */
const step = 128;

/**
 * Ids as Zendesk assigns them: each of its servers has a block of its own, so they are not in order of time. The ids of one
 * request come from one server, and ascend.
 */
export class BlockIds {
	private readonly given = Array.from({ length: blocks }, () => 0);

	constructor(private readonly roll: Dice) {}

	/** A sequence of ids from one block. */
	row(): () => number {
		const block = Math.floor(this.roll() * blocks);
		return () => {
			const number = (this.given[block] ?? 0) + 1;
			this.given[block] = number;
			return first + block * blockSize + number * step;
		};
	}
}
