/**
 * `gulp build`: dist/ as it is published. All code of nodes is in one dist/package.js, so that all nodes share one
 * memory of the process; the file that n8n asks for each node by name takes it from there. A credential's file has all
 * that it needs: n8n loads those whenever it starts. n8n's own metadata lies beside them, from which n8n starts without
 * loading any node. The published package has no dependency: the few libraries it uses are bundled into
 * dist/vendor.js. See docs/decisions/0055 and 0087.
 */
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { cp, mkdir, rm, writeFile } = require('node:fs/promises');
const { execFile } = require('node:child_process');
const { basename, dirname, join, posix, resolve } = require('node:path');
const { promisify } = require('node:util');
const { builtinModules } = require('node:module');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

/** Where dist/ goes: the checkout, or a folder of its own (tests pack while other tests read dist/). */
const OUT = process.env.BUILD_DIR ?? '.';
/** Libraries of dist/vendor.js. Each must pass n8n's package scanner once bundled: zod 4 does not. */
const VENDORED = [
	'entities/decode',
	'htmlparser2',
	'libphonenumber-js/min',
	'p-limit',
	'sms-segments-calculator',
	'zod',
];
/** Of some libraries only what is used here: the rest would be a multiple of it. */
const PARTS = { 'entities/decode': 'decodeHTMLStrict', htmlparser2: 'Tokenizer' };
/** What n8n itself brings. */
const FROM_N8N = ['n8n-workflow'];
const PACKAGE = 'dist/package.js';
const VENDOR = 'dist/vendor.js';
const NODE = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

const common = {
	bundle: true,
	format: 'cjs',
	platform: 'node',
	target: 'node20',
	logLevel: 'warning',
};

/** From a file in dist/ to another one, for `require`. */
const pathTo = (target, outfile) => {
	const path = posix.relative(dirname(outfile), target);
	return path.startsWith('.') ? path : `./${path}`;
};

/** Sends imports of the libraries to dist/vendor.js, and refuses any other package. */
const vendorPlugin = (outfile) => ({
	name: 'vendor',
	setup(build) {
		const vendor = pathTo(VENDOR, outfile);
		build.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
			if (kind === 'entry-point') return undefined;
			if (VENDORED.includes(path)) return { path, namespace: 'vendor' };
			// Left out where nothing of it is used.
			if (FROM_N8N.includes(path) || NODE.includes(path))
				return { path, external: true, sideEffects: false };
			const text = `${importer} imports '${path}', which the package may not depend on. Add it to VENDORED in gulpfile.js, or do without.`;
			return { errors: [{ text }] };
		});
		build.onResolve({ filter: /./, namespace: 'vendor' }, ({ path }) => ({ path, external: true }));
		build.onLoad({ filter: /./, namespace: 'vendor' }, ({ path }) => ({
			contents: `module.exports = require(${JSON.stringify(vendor)})[${JSON.stringify(path)}];`,
		}));
	},
});

/** Gives a library of PARTS without the rest of it. */
const partsPlugin = {
	name: 'parts',
	setup(build) {
		build.onResolve({ filter: /./ }, ({ path, kind }) =>
			kind === 'require-call' && path in PARTS ? { path, namespace: 'parts' } : undefined,
		);
		build.onLoad({ filter: /./, namespace: 'parts' }, ({ path }) => ({
			contents: `export { ${PARTS[path]} } from ${JSON.stringify(path)};`,
			resolveDir: process.cwd(),
		}));
	},
};

/** What package.json tells n8n to load, as `dist/...js` paths. */
const listed = () => JSON.parse(readFileSync('package.json', 'utf8')).n8n;

function entries() {
	const { nodes, credentials } = listed();
	return [...nodes, ...credentials];
}

const source = (outfile) => outfile.replace(/^dist\//, '').replace(/\.js$/, '.ts');

async function clean() {
	await rm(join(OUT, 'dist'), { recursive: true, force: true });
	await mkdir(join(OUT, 'dist'), { recursive: true });
}

async function complete() {
	const wanted = entries().map(source);
	const written = ['nodes', 'credentials']
		.flatMap((folder) =>
			readdirSync(folder, { recursive: true }).map((file) => posix.join(folder, file)),
		)
		.filter((file) => /\.(node|credentials)\.ts$/.test(file));
	const missing = wanted.filter((file) => !existsSync(file)).map((file) => `${file} is not there`);
	const unlisted = written
		.filter((file) => !wanted.includes(file))
		.map((file) => `${file} is not listed`);
	const wrong = [...missing, ...unlisted];
	if (wrong.length > 0) throw new Error(`package.json, "n8n": ${wrong.join('; ')}`);
}

async function code() {
	const { nodes: files } = listed();
	const getters = files.map(
		(file) => `\tget '${file}'() { return require('./${source(file)}'); },`,
	);
	await esbuild.build({
		...common,
		stdin: {
			contents: `module.exports = {\n${getters.join('\n')}\n};`,
			resolveDir: process.cwd(),
		},
		outfile: join(OUT, PACKAGE),
		plugins: [vendorPlugin(PACKAGE)],
	});
	for (const file of files) {
		const code = `module.exports = require(${JSON.stringify(pathTo(PACKAGE, file))})[${JSON.stringify(file)}];\n`;
		await mkdir(join(OUT, dirname(file)), { recursive: true });
		await writeFile(join(OUT, file), code);
	}
}

/** n8n makes every credential when it starts: that must not load the nodes' code, nor the libraries. */
async function credentials() {
	for (const file of listed().credentials)
		await esbuild.build({
			...common,
			entryPoints: [source(file)],
			outfile: join(OUT, file),
			plugins: [vendorPlugin(file)],
		});
}

async function vendor() {
	const contents = VENDORED.map((name) => `exports['${name}'] = require('${name}');`).join('\n');
	const { metafile } = await esbuild.build({
		...common,
		stdin: { contents, resolveDir: process.cwd() },
		outfile: join(OUT, VENDOR),
		plugins: [partsPlugin],
		minify: true,
		// One of the libraries warns on the console, which the scanner refuses.
		drop: ['console'],
		legalComments: 'none',
		metafile: true,
	});
	await writeFile(join(OUT, 'dist/vendor.LICENSES.txt'), licences(Object.keys(metafile.inputs)));
}

/** The licences of the bundled packages ask to go wherever the code goes. */
function licences(files) {
	const packages = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
	return [...new Set(packages)]
		.filter((folder) => folder !== undefined)
		.sort()
		.map((folder) => {
			const { name, version, license } = JSON.parse(
				readFileSync(join(folder, 'package.json'), 'utf8'),
			);
			const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
			const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
			return `${name} ${version} (${license})\n\n${text}\n`;
		})
		.join('\n----\n\n');
}

const files = () =>
	src(['{nodes,credentials}/**/*.svg', 'nodes/**/*.node.json', 'templates/*.json'], {
		base: '.',
		encoding: false,
	}).pipe(dest(join(OUT, 'dist')));

/** n8n makes `new (require(file)[base name])()`: do the same now rather than find out at the user's. */
async function loadable() {
	for (const file of entries()) {
		const name = basename(file).split('.')[0];
		const Loaded = require(resolve(OUT, file))[name];
		if (typeof Loaded !== 'function')
			throw new Error(`${source(file)} must export a class named ${name}`);
		new Loaded();
	}
}

/** What n8n reads at its start in place of the code: dist/known and dist/types. */
async function metadata() {
	if (OUT !== '.') await cp('package.json', join(OUT, 'package.json'));
	const script = require
		.resolve('n8n-core/package.json')
		.replace(/package\.json$/, 'bin/generate-metadata');
	await promisify(execFile)(process.execPath, [script], { cwd: OUT });
	// What n8n reads of its own packages alone.
	await rm(join(OUT, 'dist/methods'), { recursive: true, force: true });
}

exports.build = series(
	complete,
	clean,
	parallel(code, credentials, vendor, files),
	loadable,
	metadata,
);
exports.default = exports.build;
