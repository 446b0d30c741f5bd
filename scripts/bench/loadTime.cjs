/**
 * What a package costs when n8n starts, by n8n's own loader: JSON with `milliseconds`, and with the megabytes of heap
 * that it holds then (`idle`) and once each of its nodes is used (`used`).
 * `node --expose-gc loadTime.cjs FOLDER N8N_MODULES known|code`, where N8N_MODULES is the node_modules with n8n-core:
 * from the files that say what the package has, or, as for a package that has none, from its code.
 */
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');

const [folder, modules, from] = process.argv.slice(2);
const core = createRequire(join(modules, 'n8n-core', 'package.json'));
const { LazyPackageDirectoryLoader } = core('./dist/nodes-loader/lazy-package-directory-loader');
const { PackageDirectoryLoader } = core('./dist/nodes-loader/package-directory-loader');

/** n8n 2 makes each credential when it starts (LoadNodesAndCredentials), each node when it is first used. */
async function start(loader) {
	await loader.loadAll();
	for (const name of Object.keys(loader.known.credentials)) loader.getCredential(name);
}

const heap = () => {
	globalThis.gc();
	return process.memoryUsage().heapUsed / 1024 / 1024;
};

(async () => {
	// As in n8n, whose own nodes come first: what the first package pays for the loader itself is not this one's.
	const builtIn = new LazyPackageDirectoryLoader(join(modules, 'n8n-nodes-base'));
	await start(builtIn);
	const Loader = from === 'known' ? LazyPackageDirectoryLoader : PackageDirectoryLoader;
	const loader = new Loader(folder);
	const before = heap();
	const began = performance.now();
	await start(loader);
	const milliseconds = performance.now() - began;
	const idle = heap() - before;
	for (const name of Object.keys(loader.known.nodes)) loader.getNode(name);
	process.stdout.write(JSON.stringify({ milliseconds, idle, used: heap() - before }));
})();
