/** What n8n loads of the built package at its start: see docs/decisions/0028. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import manifest from '../../package.json';
import { withBuild } from '../../scripts/n8n/pack';

const run = promisify(execFile);

/** Loads and makes each, as n8n does, and then says which files that took, and what else there is to be loaded. */
const LOADER = `
const { realpathSync } = require('node:fs');
const { join, relative } = require('node:path');
const [given, ...files] = process.argv.slice(1);
const folder = realpathSync(given);
for (const file of files) for (const Loaded of Object.values(require(join(folder, file)))) new Loaded();
const loaded = Object.keys(require.cache).filter((file) => file.startsWith(folder));
const lazy = Object.keys(require(join(folder, 'dist/lazy.js')));
console.log(JSON.stringify({ loaded: loaded.map((file) => relative(folder, file)), lazy }));
`;

describe('the built package', () => {
	const { nodes, credentials } = manifest.n8n;
	let loaded: string[];
	let lazy: string[];
	beforeAll(async () => {
		const { stdout } = await withBuild(
			async (folder) =>
				await run(process.execPath, ['-e', LOADER, folder, ...nodes, ...credentials]),
		);
		({ loaded, lazy } = JSON.parse(stdout));
	});

	it('loads descriptions only when n8n starts: no library, nothing that a node does', () => {
		expect(loaded.sort()).toEqual([...nodes, ...credentials].sort());
	});

	it('has what all nodes do in one file, so that they share what the process knows', () => {
		expect(lazy).toEqual(
			expect.arrayContaining([
				'nodes/Klaviyo/actions/message/sendReply.execute.ts',
				'nodes/Klaviyo/trigger/poll.ts',
				'nodes/ZendeskSync/actions/ticket/createOrReopen.execute.ts',
				'nodes/ZendeskSync/trigger/poll.ts',
			]),
		);
	});
});
