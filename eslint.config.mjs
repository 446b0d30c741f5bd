/**
 * Lint for everyone's files, and for what is published the rules that n8n's scanner applies (a newer version of
 * them: 0.32 against the scanner's own 0.29), so that nothing surprises when a release is scanned.
 */
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const root = dirname(fileURLToPath(import.meta.url));

/** Which folders of the project each folder may import. The longest matching folder counts. */
const MAY_IMPORT = {
	domain: ['domain'],
	'nodes/shared': ['nodes/shared', 'domain'],
	'nodes/Klaviyo': ['nodes/Klaviyo', 'nodes/shared', 'domain'],
	'nodes/ZendeskSync': ['nodes/ZendeskSync', 'nodes/shared', 'domain'],
	credentials: ['credentials', 'nodes/shared', 'domain'],
};

const inside = (file, folder) => !relative(folder, file).startsWith('..');

/** Imports run one way: vendors' nodes, then what they share, then the rules, which know nothing of n8n. */
const oneWayImports = {
	meta: {
		type: 'problem',
		schema: [],
		messages: {
			path: "{{folder}}/ must not import '{{path}}': only {{allowed}} of this project.",
			n8n: "domain/ must not import '{{path}}': the rules run without n8n.",
		},
	},
	create(context) {
		const folder = Object.keys(MAY_IMPORT).find((name) =>
			inside(context.filename, join(root, name)),
		);
		if (folder === undefined) return {};
		const check = (node) => {
			if (typeof node?.value !== 'string') return;
			const path = node.value;
			if (!path.startsWith('.')) {
				if (folder === 'domain' && /^(n8n-|@n8n\/)/.test(path))
					context.report({ node, messageId: 'n8n', data: { path } });
				return;
			}
			const target = resolve(dirname(context.filename), path);
			if (MAY_IMPORT[folder].some((name) => inside(target, join(root, name)))) return;
			const allowed = MAY_IMPORT[folder].join(', ');
			context.report({ node, messageId: 'path', data: { folder, path, allowed } });
		};
		return {
			ImportDeclaration: ({ source }) => check(source),
			ExportNamedDeclaration: ({ source }) => check(source),
			ExportAllDeclaration: ({ source }) => check(source),
			ImportExpression: ({ source }) => check(source),
			TSImportType: ({ source }) => check(source),
			TSExternalModuleReference: ({ expression }) => check(expression),
			CallExpression: ({ callee, arguments: [path] }) => {
				if (callee.type === 'Identifier' && callee.name === 'require') check(path);
			},
		};
	},
};

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
		},
	},
	// Tools' own files, and the package's entry, are CommonJS.
	{ files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
	{
		files: published,
		plugins: { project: { rules: { 'one-way-imports': oneWayImports } } },
		rules: {
			'project/one-way-imports': 'error',
			'max-lines': ['error', 300],
			'no-console': 'error',
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
