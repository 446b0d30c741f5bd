/** Three filters, quickest first: rules, the engine (n8n-core in process), a real n8n with the packed package. */
const project = (name, extra = {}) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
	...extra,
});

module.exports = {
	testTimeout: 60_000,
	projects: [project('unit'), project('engine'), project('e2e')],
};
