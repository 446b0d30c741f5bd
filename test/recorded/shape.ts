/** What holds a recorded answer, the product and the sandbox together. */
import type { Given } from './fixtures';
import type { Scene } from './scene';

export interface Shape {
	/** As fixtures name it. */
	name: string;
	/**
	 * What the product makes of it, in few words: the parts that it goes on with.
	 *
	 * @throws when the product refuses it
	 */
	read(given: Given): unknown;
	/** What each of the fixtures means, by its case. */
	means: Record<string, unknown>;
	/** The sandbox's own answers to the same request. Left out for what it does not play. */
	ask?(scene: Scene): Promise<Given[]>;
	/** Paths below which the names are the sender's own, and the product goes through all of them. */
	open?: readonly string[];
}
