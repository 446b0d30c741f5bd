/** What the package weighs: its tarball, its part of n8n's start, and n8n's memory. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
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

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
	return schema.parse(JSON.parse(await readFile(file, 'utf8')));
}

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

/** n8n's two Zendesk nodes and their credentials, as a package of their own: its folder. */
async function zendeskAlone(modules: string): Promise<string> {
	const base = join(modules, 'n8n-nodes-base');
	const folder = await mkdtemp(join(tmpdir(), 'zendesk-alone-'));
	const { name, version } = await readJson(
		join(base, 'package.json'),
		z.object({ name: z.string(), version: z.string() }).passthrough(),
	);
	await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version, n8n: {} }));
	const isZendesk = (type: string): boolean => type.startsWith('zendesk');
	for (const kind of ['nodes', 'credentials']) {
		const known = await readJson(
			join(base, 'dist/known', `${kind}.json`),
			z.record(z.string(), z.unknown()),
		);
		const types = await readJson(
			join(base, 'dist/types', `${kind}.json`),
			z.array(z.object({ name: z.string() }).passthrough()),
		);
		const parts = {
			known: Object.fromEntries(Object.entries(known).filter(([type]) => isZendesk(type))),
			types: types.filter((type) => isZendesk(type.name)),
		};
		for (const [part, content] of Object.entries(parts)) {
			await mkdir(join(folder, 'dist', part), { recursive: true });
			await writeFile(join(folder, 'dist', part, `${kind}.json`), JSON.stringify(content));
		}
		await symlink(join(base, 'dist', kind), join(folder, 'dist', kind));
	}
	return folder;
}

const costSchema = z.object({ milliseconds: z.number(), idle: z.number(), used: z.number() });
type Cost = z.infer<typeof costSchema>;

const medians = (costs: Cost[]): Cost => ({
	milliseconds: median(costs.map(({ milliseconds }) => milliseconds)),
	idle: median(costs.map(({ idle }) => idle)),
	used: median(costs.map(({ used }) => used)),
});

/** By n8n's own loader, in turn: the package from its metadata and from its code, and n8n's Zendesk nodes. */
async function startCosts(tarball: string): Promise<Record<'known' | 'code' | 'builtIn', Cost>> {
	const { nodeFolder, script } = await ensureN8n();
	const modules = dirname(dirname(dirname(script)));
	const n8n = await N8nInstance.prepare({ tarball });
	const zendesk = await zendeskAlone(modules);
	try {
		const load = async (folder: string, from: 'known' | 'code'): Promise<Cost> => {
			const args = ['--expose-gc', join(__dirname, '..', 'loadTime.cjs'), folder, modules, from];
			const env = { PATH: process.env.PATH, NODE_PATH: modules };
			const { stdout } = await run(join(nodeFolder, 'node'), args, { env });
			return costSchema.parse(JSON.parse(stdout));
		};
		const costs = { known: new Array<Cost>(), code: new Array<Cost>(), builtIn: new Array<Cost>() };
		// The first of each is not counted: it reads files that are not cached yet.
		for (let time = 0; time <= LOADS; time++) {
			const known = await load(packageFolder(n8n), 'known');
			const code = await load(packageFolder(n8n), 'code');
			const builtIn = await load(zendesk, 'known');
			if (time === 0) continue;
			costs.known.push(known);
			costs.code.push(code);
			costs.builtIn.push(builtIn);
		}
		return {
			known: medians(costs.known),
			code: medians(costs.code),
			builtIn: medians(costs.builtIn),
		};
	} finally {
		await rm(zendesk, { recursive: true });
		await n8n.dispose();
	}
}

export async function weight({ boots }: Sizes, say: (line: string) => void): Promise<Figures> {
	const tarball = await packPackage();
	try {
		const start = await startCosts(tarball);
		const measured = { with: new Array<number>(), without: new Array<number>() };
		for (let boot = 0; boot < boots; boot++) {
			say(`Memory of n8n with and without the package, round ${boot + 1}`);
			measured.without.push(await memory(tarball, false));
			measured.with.push(await memory(tarball, true));
		}
		return {
			tarballKilobytes: (await stat(tarball)).size / 1024,
			startMilliseconds: start.known.milliseconds,
			startFromCodeMilliseconds: start.code.milliseconds,
			startOfZendeskNodesMilliseconds: start.builtIn.milliseconds,
			idleMegabytes: start.known.idle,
			usedMegabytes: start.known.used,
			memoryWithout: median(measured.without),
			memoryWith: median(measured.with),
		};
	} finally {
		await rm(dirname(tarball), { recursive: true, force: true });
	}
}
