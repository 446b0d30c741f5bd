/** For the benchmark alone, which starts it: `npm run bench`. */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/bench/*.bench.ts'],
	testTimeout: 600_000,
	transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
};
