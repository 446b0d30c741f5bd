/**
 * `npm run fuzz -- --runs 10000 --seed 5`: the fuzzer's two tests (test/unit/fuzz.test.ts, test/engine/fuzz.test.ts) with
 * more inputs. The same seed gives the same inputs. Exit 0 when all held.
 */
import { spawnSync } from 'node:child_process';
import { program } from 'commander';

program
	.option('--runs <count>', 'inputs for each entry point', '10000')
	.option('--seed <number>', 'which inputs', String(Date.now() % 1_000_000))
	.option('--only <words>', 'entry points with these words in their names', '')
	.parse();
const { runs, seed, only } = program.opts<{ runs: string; seed: string; only: string }>();

process.stdout.write(`${runs} inputs for each entry point, seed ${seed}\n`);
const { status } = spawnSync(
	process.execPath,
	[
		require.resolve('jest/bin/jest'),
		'--selectProjects',
		'unit',
		'engine',
		'--testPathPatterns',
		'(unit|engine)/fuzz\\.test',
		'--verbose',
		...(only ? ['--testNamePattern', only] : []),
	],
	{ stdio: 'inherit', env: { ...process.env, FUZZ_RUNS: runs, SEED: seed } },
);
process.exitCode = status ?? 1;
