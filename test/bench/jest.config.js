/** For `npm run bench` and `npm run length` alone, which start it: engine tests of days, and of many thousands. */
const engine = require('../../jest.config').projects.find(
	({ displayName }) => displayName === 'engine',
);

module.exports = {
	...engine,
	rootDir: '../..',
	displayName: 'bench',
	testMatch: ['<rootDir>/test/bench/*.bench.ts'],
	testTimeout: 600_000,
};
