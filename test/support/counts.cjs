/**
 * Writes how many tests passed and failed into the file that TEST_COUNTS names, as `<passed> <failed>`. A file of tests
 * that does not even load counts as one failure. Jest's own `--json` gives up on an error that refers to itself, as
 * those of HTTP clients do.
 */
const { writeFileSync } = require('node:fs');

module.exports = class {
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		const failed = numFailedTests + numRuntimeErrorTestSuites;
		writeFileSync(process.env.TEST_COUNTS, `${numPassedTests} ${failed}\n`);
	}
};
