#!/usr/bin/env node
/**
 * `node scripts/with-node.mjs [NAME=value ...] <command> [args]`: runs a command of node_modules/.bin under a Node that
 * n8n runs on.
 *
 * n8n 2.41 needs Node 24 or newer. If the Node that runs this is another one, Node 24 is fetched as the npm package
 * `node-<os>-<cpu>` into a cache outside the checkout. (The portable `node` package links its binary in an install
 * script, and the project installs without those.)
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAJOR = 24;
/** isolated-vm, a native part of n8n, comes prebuilt for these two and not for Node 25. */
const GOOD_MAJORS = [24, 26];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache =
	process.env.N8N_HARNESS_CACHE ?? join(homedir(), '.cache', 'n8n-nodes-zendesk-klaviyo');
const onWindows = process.platform === 'win32';

/** Path of a Node that n8n runs on: the current one, or one from the cache. */
function nodeBinary() {
	const running = Number(process.versions.node.split('.')[0]);
	if (GOOD_MAJORS.includes(running)) return process.execPath;
	const name = `node-${onWindows ? 'win' : process.platform}-${process.arch}`;
	const folder = join(cache, `node-${MAJOR}`);
	const binary = join(folder, 'node_modules', name, 'bin', onWindows ? 'node.exe' : 'node');
	if (!existsSync(binary)) fetchNode(name, folder, binary);
	return binary;
}

/** Installs beside the final folder and moves it there, so that an interrupted fetch, or two at once, leave nothing half done. */
function fetchNode(name, folder, binary) {
	console.error(
		`Node ${process.versions.node} is not one that n8n runs on: fetching ${name}@${MAJOR} into ${folder} (once)`,
	);
	const attempt = `${folder}.${process.pid}`;
	mkdirSync(attempt, { recursive: true });
	const npm = spawnSync(
		'npm',
		[
			'install',
			`${name}@${MAJOR}`,
			'--prefix',
			attempt,
			'--ignore-scripts',
			'--no-audit',
			'--no-fund',
		],
		{ cwd: attempt, stdio: ['ignore', 'ignore', 'inherit'], shell: onWindows },
	);
	if (npm.status === 0 && !existsSync(binary)) {
		rmSync(folder, { recursive: true, force: true });
		renameSync(attempt, folder);
	}
	rmSync(attempt, { recursive: true, force: true });
	if (existsSync(binary)) return;
	console.error(
		`npm could not bring ${name}@${MAJOR}. Install Node ${MAJOR} by hand and run this again with it.`,
	);
	process.exit(1);
}

function environment(binary) {
	const commands = join(root, 'node_modules', '.bin');
	const path = [dirname(binary), commands, process.env.PATH ?? ''].join(delimiter);
	const env = { ...process.env, PATH: path };
	// Otherwise native parts would be built against the headers of the machine's own Node.
	const home = dirname(dirname(binary));
	if (existsSync(join(home, 'include', 'node', 'node_api.h'))) env.npm_config_nodedir = home;
	return env;
}

const typed = process.argv.slice(2);
const variables = [];
while (/^[A-Z_]+=/.test(typed[0] ?? '')) variables.push(typed.shift().split(/=(.*)/s, 2));
const [command, ...args] = typed;
if (!command) {
	console.error('Usage: node scripts/with-node.mjs [NAME=value ...] <command> [args]');
	process.exit(2);
}
const env = { ...environment(nodeBinary()), ...Object.fromEntries(variables) };
const child = spawn(command, args, { stdio: 'inherit', env, shell: onWindows });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
	console.error(`${command} did not start: ${error.message}`);
	process.exit(127);
});
child.on('exit', (code, signal) => {
	process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0));
});
