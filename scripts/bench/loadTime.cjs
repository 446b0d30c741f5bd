/**
 * How long it takes to load and construct what n8n loads of a package, in milliseconds, in a process that has loaded
 * nothing but n8n-workflow, as every node needs it. `node loadTime.cjs FILE...`
 */
const { createRequire } = require('node:module');
const { performance } = require('node:perf_hooks');

const files = process.argv.slice(2);
// The one that these files get: another copy would leave theirs to be loaded within the time.
createRequire(files[0])('n8n-workflow');
const began = performance.now();
for (const file of files) {
	for (const value of Object.values(require(file))) {
		if (typeof value === 'function') new value();
	}
}
process.stdout.write(String(performance.now() - began));
