/** Measurements in simulated time, where an hour of waiting takes no hour: run by jest, whose tests have that clock. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../n8n/paths';
import type { Figures } from '../scene';

async function jest(args: string[], env: Record<string, string> = {}): Promise<string> {
	const bin = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
	const child = spawn(process.execPath, [bin, ...args], {
		cwd: projectRoot,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let printed = '';
	let said = '';
	child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
	child.stderr.on('data', (data: Buffer) => (said += data.toString()));
	const code = await new Promise((resolve) => child.once('close', resolve));
	if (code !== 0) throw new Error(`jest ${args.join(' ')} failed:\n${said.slice(-3000)}`);
	return printed;
}

/** Past tickets become metrics, at the vendors' real limits. */
export async function backfill(tickets: number): Promise<Figures> {
	const config = join('test', 'bench', 'jest.config.js');
	const printed = await jest(['--config', config], { BENCH_TICKETS: String(tickets) });
	const line = printed.split('\n').find((one) => one.startsWith('BACKFILL '));
	if (!line) throw new Error('The backfill printed nothing');
	return JSON.parse(line.slice('BACKFILL '.length)) as Figures;
}

export interface CatchUpCost {
	what: string;
	zendesk: string;
	klaviyo: string;
}

/** The table that the engine test of calls prints: in real time, waiting for catch-up would take too long. */
export async function catchUp(): Promise<CatchUpCost[]> {
	const printed = await jest([
		'--selectProjects',
		'engine',
		'--testPathPatterns',
		'callsPerThing',
		'--testNamePattern',
		'Catch-up',
	]);
	return [...printed.matchAll(/^\| (?!what|-)([^|]+?) +\| +([^|]*?) *\| *([^|]*?) *\|$/gm)].map(
		([, what = '', zendesk = '', klaviyo = '']) => ({ what, zendesk, klaviyo }),
	);
}
