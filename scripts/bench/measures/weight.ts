/** What the package weighs: its tarball, the time to load it, and n8n's memory. */
import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensureN8n } from '../../n8n/install';
import { N8nInstance } from '../../n8n/instance';
import { packPackage } from '../../n8n/pack';
import { packageName } from '../../n8n/paths';
import type { Figures, Sizes } from '../scene';
import { median } from '../statistics';

const run = promisify(execFile);
const LOADS = 11;
/** Milliseconds until a fresh n8n is idle. */
const REST = 8000;
const MEGABYTE = 1024 * 1024;

const packageFolder = ({ userFolder }: N8nInstance): string =>
	join(userFolder, '.n8n', 'nodes', 'node_modules', packageName);

async function residentMemory(pid: number | undefined): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
	return (kilobytes * 1024) / MEGABYTE;
}

/** Memory of a fresh n8n, with or without the package; megabytes. */
async function memory(tarball: string, isIn: boolean): Promise<number> {
	const n8n = await N8nInstance.prepare({ tarball });
	try {
		if (!isIn) await rm(packageFolder(n8n), { recursive: true });
		await n8n.boot();
		await pause(REST);
		return await residentMemory(n8n.pid);
	} finally {
		await n8n.dispose();
	}
}

/** By n8n's own loader, from the package's metadata and from its code, in turn: milliseconds. */
async function loadTimes(tarball: string): Promise<{ known: number; code: number }> {
	const { nodeFolder, script } = await ensureN8n();
	const modules = dirname(dirname(dirname(script)));
	const n8n = await N8nInstance.prepare({ tarball });
	try {
		const load = async (from: string): Promise<number> => {
			const args = [join(__dirname, '..', 'loadTime.cjs'), packageFolder(n8n), from];
			const env = { PATH: process.env.PATH, NODE_PATH: modules };
			return Number((await run(join(nodeFolder, 'node'), args, { env })).stdout);
		};
		const took = { known: new Array<number>(), code: new Array<number>() };
		// The first of each is not counted: it reads files that are not cached yet.
		for (let time = 0; time <= LOADS; time++)
			for (const from of ['known', 'code'] as const) {
				const milliseconds = await load(from);
				if (time > 0) took[from].push(milliseconds);
			}
		return { known: median(took.known), code: median(took.code) };
	} finally {
		await n8n.dispose();
	}
}

export async function weight({ boots }: Sizes, say: (line: string) => void): Promise<Figures> {
	const tarball = await packPackage();
	try {
		const load = await loadTimes(tarball);
		const measured = { with: new Array<number>(), without: new Array<number>() };
		for (let boot = 0; boot < boots; boot++) {
			say(`Memory of n8n with and without the package, round ${boot + 1}`);
			measured.without.push(await memory(tarball, false));
			measured.with.push(await memory(tarball, true));
		}
		return {
			tarballKilobytes: (await stat(tarball)).size / 1024,
			loadMilliseconds: load.known,
			codeLoadMilliseconds: load.code,
			memoryWithout: median(measured.without),
			memoryWith: median(measured.with),
		};
	} finally {
		await rm(dirname(tarball), { recursive: true, force: true });
	}
}
