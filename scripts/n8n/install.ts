/** Installs the pinned n8n, or another version of it, into the cache folder, once per machine. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { access, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { filesOf, type PackageFiles } from './packageFiles';
import { cacheFolder, N8N_VERSION, projectRoot } from './paths';
import { until } from './until';

export interface InstalledN8n {
	/** Folder of the Node that n8n runs on; it comes first in PATH for everything that n8n starts. */
	nodeFolder: string;
	/** n8n's command line, a script for that Node. */
	script: string;
}

/**
 * Native parts that n8n needs, if its version has them. isolated-vm comes prebuilt for most machines, n8n's SQLite driver
 * for none.
 */
const NATIVE = ['isolated-vm', 'sqlite3'];

/** Builds in less than a third of the time; the demo's database is small. */
const QUICK_BUILD = { CFLAGS: '-O1', CXXFLAGS: '-O0', JOBS: 'max' };

export type Progress = (line: string) => void;

const sayOnStderr: Progress = (line) => process.stderr.write(`${line}\n`);

/**
 * An n8n, the pinned one by default, installed if it is not there yet. Several processes may call this at once.
 * @throws Error that says what to do, if the machine lacks something
 */
export async function ensureN8n(
	progress: Progress = sayOnStderr,
	version = N8N_VERSION,
): Promise<InstalledN8n> {
	const { binary, home } = await suitableNode();
	const files = await filesOf(version);
	const folder = join(cacheFolder(), `n8n-${version}-${fingerprint(files)}`);
	const installed = {
		nodeFolder: dirname(binary),
		script: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
	if (await isComplete(folder)) return installed;
	const say: Progress = (line) => progress(`n8n ${version}: ${line}`);
	await withLock(`${folder}.lock`, say, async () => {
		if (await isComplete(folder)) return;
		const env = { ...process.env, PATH: `${dirname(binary)}:${process.env.PATH ?? ''}` };
		await install(folder, files, home ? { ...env, npm_config_nodedir: home } : env, say).catch(
			(error: Error) => {
				throw new Error(`n8n ${version}: ${error.message}`, { cause: error });
			},
		);
	});
	return installed;
}

/** Another list of packages is another installation. */
const fingerprint = (files: PackageFiles): string =>
	createHash('sha256')
		.update(files['package-lock.json'] ?? files['package.json'])
		.digest('hex')
		.slice(0, 8);

/** The Node that with-node.mjs would use: one place decides that. */
async function suitableNode(): Promise<{ binary: string; home?: string }> {
	const print = 'console.log(JSON.stringify([process.execPath, process.env.npm_config_nodedir]))';
	const script = join(projectRoot, 'scripts', 'with-node.mjs');
	const { stdout } = await promisify(execFile)(process.execPath, [script, 'node', '-e', print]);
	const [binary, home] = JSON.parse(stdout) as [string, string | null];
	return { binary, ...(home ? { home } : {}) };
}

/** The stamp is written last: a folder without it is an incomplete installation. */
const stampOf = (folder: string) => join(folder, '.complete');

const isComplete = (folder: string) =>
	access(stampOf(folder)).then(
		() => true,
		() => false,
	);

async function install(
	folder: string,
	files: PackageFiles,
	env: NodeJS.ProcessEnv,
	progress: Progress,
) {
	const started = Date.now();
	const log = join(folder, 'install.log');
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
	const quiet = ['--loglevel', 'error'];
	const npm = (what: string, more: NodeJS.ProcessEnv, ...args: string[]) =>
		withProgress(what, started, progress, () =>
			run('npm', [...args, ...quiet], { cwd: folder, env: { ...env, ...more }, log }),
		);
	const loads = (part: string) =>
		run('node', ['-e', `require('${part}')`], { cwd: folder, env, log });
	const build = async (part: string) => {
		await npm(`building ${part}`, QUICK_BUILD, 'rebuild', '--ignore-scripts=false', part);
		await loads(part);
	};

	const command = files['package-lock.json'] ? 'ci' : 'install';
	await npm('downloading it, once per machine', {}, command).catch((error: Error) => {
		throw new Error(
			`it could not be downloaded: check that npm reaches its registry and that ${folder} has 1.5 GB to spare. ${error.message}`,
		);
	});
	const needed = 'a C++ compiler, make and Python 3 (Debian: build-essential python3)';
	for (const part of NATIVE.filter((one) => existsSync(join(folder, 'node_modules', one)))) {
		await loads(part)
			.catch(async () => {
				await takeBuilt(folder, part);
				await loads(part);
			})
			.catch(async () => await build(part))
			.catch((error: Error) => {
				throw new Error(
					`a native part (${part}) could not be built: install ${needed}, then try again. ${error.message}`,
				);
			});
	}
	await writeFile(stampOf(folder), '');
	progress(`installed in ${seconds(started)} s`);
}

const versionOf = async (folder: string, part: string): Promise<string> => {
	const manifest = await readFile(join(folder, 'node_modules', part, 'package.json'), 'utf8');
	return (JSON.parse(manifest) as { version: string }).version;
};

/**
 * Copies what was built of the same native part for another n8n of this machine, which saves minutes.
 * @throws Error if there is none
 */
async function takeBuilt(folder: string, part: string): Promise<void> {
	const version = await versionOf(folder, part);
	const inside = ['node_modules', part, 'build', 'Release'];
	for (const name of await readdir(dirname(folder))) {
		const other = join(dirname(folder), name);
		const built = join(other, ...inside);
		if (other === folder || !existsSync(built) || !(await isComplete(other))) continue;
		if ((await versionOf(other, part)) !== version) continue;
		await mkdir(join(folder, ...inside), { recursive: true });
		for (const file of (await readdir(built)).filter((one) => one.endsWith('.node')))
			await copyFile(join(built, file), join(folder, ...inside, file));
		return;
	}
	throw new Error(`No other n8n here has ${part} ${version}`);
}

const seconds = (since: number) => Math.round((Date.now() - since) / 1000);

async function withProgress<T>(
	what: string,
	started: number,
	progress: Progress,
	work: () => Promise<T>,
): Promise<T> {
	const say = () => progress(`${what} (${seconds(started)} s)`);
	say();
	const timer = setInterval(say, 15_000);
	try {
		return await work();
	} finally {
		clearInterval(timer);
	}
}

/** Runs a command with its output in the log file. @throws Error naming the log */
function run(
	command: string,
	args: string[],
	{ cwd, env, log }: { cwd: string; env: NodeJS.ProcessEnv; log: string },
): Promise<void> {
	return new Promise((resolve, reject) => {
		const output = createWriteStream(log, { flags: 'a' });
		const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
		child.stdout.pipe(output, { end: false });
		child.stderr.pipe(output, { end: false });
		const stop = () => child.kill();
		process.once('exit', stop);
		child.on('error', reject);
		child.on('close', (code) => {
			process.off('exit', stop);
			output.end();
			if (code === 0) resolve();
			else reject(new Error(`Log: ${log}`));
		});
	});
}

/** One process at a time. A lock whose owner is gone is removed. */
async function withLock(lock: string, progress: Progress, work: () => Promise<void>) {
	const owner = join(lock, 'pid');
	await mkdir(dirname(lock), { recursive: true });
	const started = Date.now();
	let said = 0;
	await until(
		`another process that installs n8n (if there is none, remove ${lock})`,
		async () => {
			try {
				await mkdir(lock);
				return true;
			} catch {
				const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
				if (pid > 0 && !isAlive(pid)) await rm(lock, { recursive: true, force: true });
				else if (Date.now() > said + 15_000) {
					said = Date.now();
					progress(`another process is installing it (${seconds(started)} s)`);
				}
				return false;
			}
		},
		{ timeout: 20 * 60_000, every: 1000 },
	);
	try {
		await writeFile(owner, String(process.pid));
		await work();
	} finally {
		await rm(lock, { recursive: true, force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
