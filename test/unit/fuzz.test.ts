/** The fuzzer's short run over every parser. Longer: `npm run fuzz -- --runs 10000 --seed 5`. */
import { steepReaders } from '../fuzz/growth';
import { parserEntries } from '../fuzz/parsers';
import { seed } from '../support/seed';

const RUNS = Number(process.env.FUZZ_RUNS ?? 200);
/** Milliseconds for an entry point. */
const RETRY_FOR_MS = 60_000 + RUNS * 60;

describe(`Whatever comes in (${RUNS} inputs each, SEED=${seed})`, () => {
	it.each(parserEntries.map((entry) => [entry.name, entry] as const))(
		'%s: throws nothing, and returns nothing of an undocumented shape',
		async (_name, entry) => {
			await entry.fuzz(RUNS);
		},
		RETRY_FOR_MS,
	);
});

describe('A long input', () => {
	it('takes no parser more than linear time', () => {
		expect(steepReaders([''])).toEqual([]);
	});

	it('would be noticed if it did', () => {
		const pairs = (text: string): number => {
			let equal = 0;
			for (let one = 0; one < text.length; one++)
				for (let other = 0; other < text.length; other++)
					if (text.charCodeAt(one) === text.charCodeAt(other)) equal++;
			return equal;
		};
		expect(steepReaders([''], { 'a slow one': pairs }, [' '])).toContainEqual(
			expect.stringContaining('a slow one'),
		);
	});
});
