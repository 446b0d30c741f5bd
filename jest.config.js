/**
 * Rules, the engine (n8n-core in process), the sandbox's console in a real browser, a real n8n with the packed package,
 * and of the last one conversation by itself, for `npm test`. See test/README.md.
 */
/** ES modules only: jest has to be given them as it can `require()` them. */
const ESM = '(?:htmlparser2|entities|domhandler|domutils|dom-serializer|domelementtype)/';
const asCommonJs = { allowJs: true, module: 'CommonJS', isolatedModules: true };

const setupFiles = ['<rootDir>/test/support/fastCheck.ts'];

const project = (name, extra = {}) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	setupFiles,
	transform: {
		'^.+\\.ts$': ['ts-jest', { diagnostics: false }],
		[`/node_modules/${ESM}.+\\.js$`]: ['ts-jest', { diagnostics: false, tsconfig: asCommonJs }],
	},
	transformIgnorePatterns: [`/node_modules/(?!${ESM})`],
	...extra,
});

/** A real n8n with the packed package. */
const real = {
	globalSetup: '<rootDir>/test/e2e/support/packOnce.ts',
	globalTeardown: '<rootDir>/test/e2e/support/removePacked.ts',
};

/** SSH and language models: a fifth of a second's loading for each file of tests, and of no use to any. */
const unneeded = {
	'^(?:ssh2|langsmith|@langchain/core)(?:/.*)?$': '<rootDir>/test/support/nothing.cjs',
};

module.exports = {
	testTimeout: 60_000,
	testSequencer: '<rootDir>/test/support/sequencer.cjs',
	// Jest leaves one core idle otherwise: half of a small machine.
	maxWorkers: '100%',
	projects: [
		project('unit'),
		project('engine', {
			moduleNameMapper: unneeded,
			// Before any node: one that was loaded earlier would sleep in real time while the test's clock stands still.
			setupFiles: [...setupFiles, '<rootDir>/test/engine/support/worldTime.ts'],
		}),
		project('browser', { globalSetup: '<rootDir>/test/browser/support/sayIfNone.ts' }),
		project('e2e', real),
		project('conversation', {
			...real,
			testMatch: ['<rootDir>/test/e2e/conversation.test.ts'],
		}),
	],
};
