/**
 * Four filters, quickest first: rules, the engine (n8n-core in process), the sandbox's console in a real browser, a
 * real n8n with the packed package.
 */
const project = (name, extra = {}) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	setupFiles: ['<rootDir>/test/support/fastCheck.ts'],
	transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
	...extra,
});

module.exports = {
	testTimeout: 60_000,
	projects: [
		project('unit'),
		project('engine'),
		project('browser', { globalSetup: '<rootDir>/test/browser/support/sayIfNone.ts' }),
		project('e2e'),
	],
};
