/** What n8n loads of the built package when it starts: see docs/decisions/0055. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import manifest from '../../package.json';
import { withBuild } from '../../scripts/n8n/pack';

const run = promisify(execFile);

/** Loads the package by n8n's own loaders, and says of each which of its code that took and what n8n knows then. */
const LOADER = `
const { realpathSync } = require('node:fs');
const { relative } = require('node:path');
const loaders = 'n8n-core/dist/nodes-loader/';
const { LazyPackageDirectoryLoader } = require(loaders + 'lazy-package-directory-loader');
const { PackageDirectoryLoader } = require(loaders + 'package-directory-loader');
const folder = realpathSync(process.argv[1]);
const loaded = () =>
	Object.keys(require.cache).flatMap((file) => (file.startsWith(folder) ? relative(folder, file) : []));
const knownTo = ({ known, types }) => ({ known, types: JSON.parse(JSON.stringify(types)) });
(async () => {
	const lazy = new LazyPackageDirectoryLoader(folder);
	await lazy.loadAll();
	const fromFiles = knownTo(lazy);
	// LoadNodesAndCredentials of n8n does this at every start.
	for (const name of Object.keys(lazy.known.credentials)) lazy.getCredential(name);
	const atStart = loaded();
	const names = Object.keys(lazy.known.nodes);
	for (const name of names) lazy.getNode(name);
	const whenUsed = loaded();
	const eager = new PackageDirectoryLoader(folder);
	await eager.loadAll();
	const { known } = knownTo(eager);
	const types = {
		// n8n notes these for itself when it loads code.
		nodes: Object.values(eager.nodeTypes).map(({ type: { description } }) => ({ ...description, __loadOptionsMethods: undefined })),
		credentials: Object.values(eager.credentialTypes).map(({ type }) => type),
	};
	console.log(JSON.stringify({ atStart, whenUsed, fromFiles, fromCode: { known, types } }));
})();
`;

interface Loaded {
	atStart: string[];
	whenUsed: string[];
	fromFiles: { known: object; types: { nodes: object[]; credentials: object[] } };
	fromCode: Loaded['fromFiles'];
}

describe('the built package', () => {
	let loaded: Loaded;
	beforeAll(async () => {
		const { stdout } = await withBuild(
			async (folder) => await run(process.execPath, ['-e', LOADER, folder]),
		);
		loaded = JSON.parse(stdout) as Loaded;
	});

	it("is known to n8n from its start, with no code but its credentials'", () => {
		expect([...loaded.atStart].sort()).toEqual([...manifest.n8n.credentials].sort());
		expect(loaded.fromFiles.types.nodes).toHaveLength(manifest.n8n.nodes.length);
		expect(loaded.fromFiles.types.credentials).toHaveLength(manifest.n8n.credentials.length);
	});

	it('has so much to be read at each start, and no more', () => {
		const { nodes, credentials } = loaded.fromFiles.types;
		expect(JSON.stringify(nodes).length).toBeLessThan(220_000);
		expect(JSON.stringify(credentials).length).toBeLessThan(15_000);
	});

	it('is described in its files as in its code', () => {
		expect(loaded.fromFiles).toEqual(loaded.fromCode);
	});

	it("has all code of its nodes in one file, so that they share the process's memory", () => {
		const code = loaded.whenUsed.filter((file) => file.endsWith('.js'));
		expect(code.sort()).toEqual(
			[
				'dist/package.js',
				'dist/vendor.js',
				...manifest.n8n.nodes,
				...manifest.n8n.credentials,
			].sort(),
		);
	});
});
