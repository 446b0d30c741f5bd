/**
 * `npm run judge -- FILE`: judges a final state that `npm run chaos -- --record` has written, or the `GET /state` of a
 * running sandbox. Prints each fault, and the counts as one JSON line. Exits with 0 only if all are 0.
 */
import { readFile } from 'node:fs/promises';
import axios from 'axios';
import { program } from 'commander';
import { judge, SEEN_WITHIN, type Truth } from '.';

program
	.name('npm run judge --')
	.argument('<state>', 'a file, or the address of a control server')
	.parse();
const [state = ''] = program.args;

/** A sandbox's state does not say how late events were seen. */
const wholeTruth = (read: Omit<Truth, 'seenWithin'> & Partial<Truth>): Truth => ({
	seenWithin: SEEN_WITHIN,
	...read,
});

async function main(): Promise<void> {
	const truth = /^https?:/.test(state)
		? wholeTruth((await axios.get<Truth>(`${state}/state`, { proxy: false })).data)
		: (JSON.parse(await readFile(state, 'utf8')) as Truth);
	const verdict = judge(truth);
	for (const [what, lines] of Object.entries(verdict))
		for (const line of lines as string[]) process.stdout.write(`${what}: ${line}\n`);
	const counts = Object.entries(verdict).map(([what, lines]) => [what, (lines as string[]).length]);
	process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`);
	process.exitCode = counts.every(([, count]) => count === 0) ? 0 : 1;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
