/** What is measured in a time that jumps, where an hour of waiting takes no hour: by jest, since its tests have that time. */
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

/** Tickets of the past become metrics, at the vendors' limits as in life. */
export async function backfill(tickets: number): Promise<Figures> {
	const config = join('test', 'bench', 'jest.config.js');
	const printed = await jest(['--config', config], { BENCH_TICKETS: String(tickets) });
	const line = printed.split('\n').find((one) => one.startsWith('BACKFILL '));
	if (!line) throw new Error('The backfill has said nothing');
	return JSON.parse(line.slice('BACKFILL '.length)) as Figures;
}

export interface CatchUpCost {
	what: string;
	zendesk: string;
	klaviyo: string;
}

/** The table that the engine's test of calls prints: catch-up cannot be waited for in real time. */
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
