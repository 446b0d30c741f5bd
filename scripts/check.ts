/**
 * `npm run check`: every check of the code that needs no n8n, a line each. `--no-tests` leaves out the tests, for when all
 * of them run anyway.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

const all: Array<{ name: string; command: [string, ...string[]] }> = [
	{ name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
	{ name: 'types', command: ['tsc', '--noEmit'] },
	{ name: 'page', command: ['tsc', '--noEmit', '-p', 'sandbox/console/app'] },
	{ name: 'lint', command: ['eslint', '--max-warnings', '0', '.'] },
	{ name: 'docs', command: ['tsx', 'scripts/checkDocs.ts'] },
	{ name: 'build', command: ['gulp', 'build'] },
	{ name: 'scan', command: ['node', 'scripts/scan.mjs', '--built'] },
	{ name: 'tests', command: ['jest', '--selectProjects', 'unit', 'engine'] },
];
const steps = process.argv.includes('--no-tests')
	? all.filter(({ name }) => name !== 'tests')
	: all;

/** Runs a command; resolves with whether it succeeded, and its output. */
function run([command, ...args]: [string, ...string[]]): Promise<{ ok: boolean; output: string }> {
	return new Promise((resolve) => {
		// Without a terminal some tools print no colours and others do: turn them off explicitly.
		const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
		const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
		child.on('error', (error) => resolve({ ok: false, output: error.message }));
		child.on('close', (code) => resolve({ ok: code === 0, output }));
	});
}

/** What to show of a step that succeeded: the scanner's verdict, jest's count. */
const verdict = (output: string) => /^(scanner:|docs:|Tests:) +(.*)$/m.exec(output)?.[2] ?? '';

async function main() {
	let failed = 0;
	for (const { name, command } of steps) {
		const started = Date.now();
		const { ok, output } = await run(command);
		const seconds = ((Date.now() - started) / 1000).toFixed(1);
		console.log(
			`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(7)} ${seconds.padStart(5)} s  ${verdict(output)}`,
		);
		if (ok) continue;
		failed += 1;
		console.log(output.trimEnd());
	}
	console.log(failed === 0 ? 'check: all well' : `check: ${failed} of ${steps.length} failed`);
	process.exitCode = failed === 0 ? 0 : 1;
}

void main();
