/**
 * How long n8n's own loader takes for a package when n8n starts, in milliseconds.
 * `node loadTime.cjs FOLDER known|code`, where the folder has n8n-core within reach: from the files that say what the
 * package has, or, as for a package that has none, from its code.
 */
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');

const [folder, from] = process.argv.slice(2);
const core = createRequire(join(folder, 'package.json'));
const loaders = 'n8n-core/dist/nodes-loader';
const Loader =
	from === 'known'
		? core(`${loaders}/lazy-package-directory-loader`).LazyPackageDirectoryLoader
		: core(`${loaders}/package-directory-loader`).PackageDirectoryLoader;
const loader = new Loader(folder);
const began = performance.now();
loader.loadAll().then(() => process.stdout.write(String(performance.now() - began)));
