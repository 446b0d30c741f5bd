/**
 * How long it takes to load and construct what n8n loads of a package, in milliseconds, in a process that has loaded
 * nothing but n8n-workflow, as every node needs it. `node loadTime.cjs FILE...`
 */
const { performance } = require('node:perf_hooks');

require('n8n-workflow');
const began = performance.now();
for (const file of process.argv.slice(2)) {
	for (const value of Object.values(require(file))) {
		if (typeof value === 'function') new value();
	}
}
process.stdout.write(String(performance.now() - began));
