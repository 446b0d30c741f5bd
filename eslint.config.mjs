/**
 * Lint for everyone's files, and for what is published the rules that n8n's scanner applies (a newer version of
 * them: 0.32 against the scanner's own 0.29), so that nothing surprises when a release is scanned.
 */
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/** Imports run one way: vendors' nodes, then what they share, then the rules, which know nothing of n8n. */
const MAY_IMPORT = {
	domain: [],
	'nodes/shared': ['domain'],
	'nodes/Klaviyo': ['nodes/shared', 'domain'],
	'nodes/ZendeskSync': ['nodes/shared', 'domain'],
	credentials: ['nodes/shared', 'domain'],
};
const oneWay = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
	target: `./${folder}`,
	from: '.',
	except: [folder, ...others, 'node_modules'].map((name) => `./${name}`),
	message: `Only ${[folder, ...others].join(', ')} of this project.`,
}));

const code = ['**/*.{ts,tsx,js,mjs}'];
const published = ['{domain,nodes,credentials}/**/*.ts'];

export default tseslint.config(
	{ ignores: ['dist', 'coverage', '.n8n-run', 'package-lock.json', 'tsconfig.json'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: code,
		extends: [tseslint.configs.strict],
		rules: {
			// As tsc has it: an underscore says that something is left unused on purpose.
			'@typescript-eslint/no-unused-vars': [
				'error',
				{
					argsIgnorePattern: '^_',
					varsIgnorePattern: '^_',
					destructuredArrayIgnorePattern: '^_',
					ignoreRestSiblings: true,
				},
			],
			// An import in the midst of a type is one that the rules below do not see.
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
		},
	},
	{
		files: code,
		plugins: { 'import-x': importX },
		settings: {
			...importX.flatConfigs.typescript.settings,
			'import-x/resolver-next': [createTypeScriptImportResolver()],
		},
		rules: { 'import-x/no-cycle': ['error', { ignoreExternal: true }] },
	},
	// Tools' own files, and the package's entry, are CommonJS.
	{ files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
	{
		files: published,
		rules: {
			'import-x/no-restricted-paths': ['error', { zones: oneWay }],
			'max-lines': ['error', 300],
			'no-console': 'error',
		},
	},
	{
		files: ['domain/**/*.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [{ group: ['n8n-*', '@n8n/*'], message: 'The rules run without n8n.' }],
				},
			],
		},
	},

	// From here on as @n8n/scan-community-package sets it (buildScanConfig in its scanner.mjs).
	{
		files: [...published, 'nodes/**/*.json', 'package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
	},
	{ plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{ files: ['package.json'], rules: n8nNodesBase.configs.community.rules },
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
	{ files: ['**/*.json'], languageOptions: { parser: tseslint.parser } },
);
