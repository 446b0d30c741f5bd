import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** ESLint loads its configuration with `import()`, which jest's sandbox refuses: hence a process of its own. */
const lint = `
	import { ESLint } from 'eslint';
	import { text } from 'node:stream/consumers';
	const eslint = new ESLint();
	const rules = [];
	for (const { file, code } of JSON.parse(await text(process.stdin))) {
		const [result] = await eslint.lintText(code, { filePath: file });
		rules.push(result.messages.map(({ ruleId }) => ruleId));
	}
	console.log(JSON.stringify(rules));
`;

const oneWay = 'import-x/no-restricted-paths';

const refused: Array<{ what: string; file: string; code: string; rule: string }> = [
	{
		what: 'domain importing a node',
		file: 'domain/x.ts',
		code: "import { a } from '../nodes/shared/transport'; export const b = a;",
		rule: oneWay,
	},
	{
		what: 'domain importing n8n',
		file: 'domain/x.ts',
		code: "import type { INode } from 'n8n-workflow'; export type A = INode;",
		rule: 'no-restricted-imports',
	},
	{
		what: 'the shared part importing a vendor',
		file: 'nodes/shared/x.ts',
		code: "export * from '../Klaviyo/api/client';",
		rule: oneWay,
	},
	{
		what: 'one vendor importing the other',
		file: 'nodes/Klaviyo/actions/x.ts',
		code: "import { a } from '../../ZendeskSync/api/client'; export const b = a;",
		rule: oneWay,
	},
	{
		what: 'one vendor importing a type of the other',
		file: 'nodes/ZendeskSync/x.ts',
		code: "export type A = import('../Klaviyo/api/client').A;",
		rule: '@typescript-eslint/consistent-type-imports',
	},
	{
		what: 'a credential importing a vendor',
		file: 'credentials/x.ts',
		code: "export { a } from '../nodes/Klaviyo/api/client';",
		rule: oneWay,
	},
	{
		what: 'a node importing the sandbox',
		file: 'nodes/Klaviyo/x.ts',
		code: "import { a } from '../../sandbox/index'; export const b = a;",
		rule: oneWay,
	},
	{
		what: 'a node requiring a script',
		file: 'nodes/Klaviyo/x.ts',
		code: "export const a = require('../../scripts/people');",
		rule: oneWay,
	},
	{
		what: 'a node importing a script when it runs',
		file: 'nodes/Klaviyo/x.ts',
		code: "export const a = async () => await import('../../scripts/people');",
		rule: oneWay,
	},
	{
		what: 'two files that import each other',
		file: 'domain/channel.ts',
		code: "import { fromExternalId } from './conversation/externalId'; export const a = fromExternalId;",
		rule: 'import-x/no-cycle',
	},
	{
		what: 'any',
		file: 'domain/x.ts',
		code: 'export const a = (b: any) => b;',
		rule: '@typescript-eslint/no-explicit-any',
	},
	{
		what: 'a non-null assertion',
		file: 'scripts/x.ts',
		code: 'export const a = (b?: string) => b!.length;',
		rule: '@typescript-eslint/no-non-null-assertion',
	},
	{
		what: 'a timer in a node',
		file: 'nodes/shared/x.ts',
		code: 'setTimeout(() => undefined, 1);',
		rule: '@n8n/community-nodes/no-restricted-globals',
	},
	{
		what: 'a long file of rules',
		file: 'domain/x.ts',
		code: 'export {};\n'.repeat(301),
		rule: 'max-lines',
	},
];

const allowed = [
	{
		file: 'nodes/Klaviyo/actions/x.ts',
		code: "import { a } from '../api/client';\nimport { b } from '../../shared/transport';\nimport { c } from '../../../domain/items';\nimport type { INode } from 'n8n-workflow';\nexport const d = (node: INode) => [a, b, c, node];\n",
	},
	{
		file: 'test/unit/x.ts',
		code: "import { a } from '../../nodes/Klaviyo/api/client';\nexport const b = a;\n",
	},
	{ file: 'credentials/x.ts', code: "export { a } from '../nodes/shared/origin';\n" },
];

describe('npm run lint', () => {
	let found: string[][] = [];

	beforeAll(() => {
		const output = execFileSync('node', ['--input-type=module', '-e', lint], {
			cwd: root,
			encoding: 'utf8',
			input: JSON.stringify([...refused, ...allowed]),
		});
		found = JSON.parse(output) as string[][];
	});

	test.each(refused.map((snippet, index) => ({ ...snippet, index })))(
		'refuses $what',
		({ rule, index }) => {
			expect(found[index]).toContain(rule);
		},
	);

	test('has nothing against imports that run the right way', () => {
		expect(found.slice(refused.length)).toEqual(allowed.map(() => []));
	});
});
