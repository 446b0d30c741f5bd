/** An entry point: its possible input, and what must hold for its output. */
import * as fc from 'fast-check';

export interface Entry {
	name: string;
	/** Runs it this often, with a new input each time; throws with the shortest input that breaks it. */
	fuzz(runs: number): Promise<void>;
}

/** @param check throws what is wrong; may be asynchronous */
export function entry<T>(
	name: string,
	input: fc.Arbitrary<T>,
	check: (input: T) => void | Promise<void>,
): Entry {
	return {
		name,
		fuzz: async (numRuns) => {
			// One shrink may cost thousands of runs where each of them is a request: the seed finds it again.
			const property = fc.asyncProperty(input, async (value) => await check(value));
			await fc.assert(property, {
				numRuns,
				interruptAfterTimeLimit: 600_000,
				endOnFailure: false,
			});
		},
	};
}

/** Says what was expected; cheaper than a test library's, which a run of ten thousand would feel. */
export function must(holds: boolean, what: string, found?: unknown): asserts holds {
	if (holds) return;
	const shown = found === undefined ? '' : `: ${String(JSON.stringify(found)).slice(0, 500)}`;
	throw new Error(`${what}${shown}`);
}

/** @returns what it threw, or undefined */
export function thrownBy(work: () => unknown): unknown {
	try {
		work();
		return undefined;
	} catch (error) {
		return error ?? new Error('Something empty was thrown');
	}
}
