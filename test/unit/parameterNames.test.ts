import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../nodes');

const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.ts'))
	.map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));

/** Names that fields have: `name: 'x'`, or an argument of a function that makes a field. */
const fields = new Set(
	sources.flatMap(({ text }) => [
		...[...text.matchAll(/\bname: '(\w+)'/g)].map(([, name]) => name),
		...[...text.matchAll(/(?:attribute|keyword)Field\(([^)]*)\)/g)].flatMap(([, given = '']) =>
			[...given.matchAll(/'(\w+)'/g)].map(([, name]) => name),
		),
	]),
);

/** Names that operations read: of parameters, and of the options in a collection. */
const readIn = (text: string): string[] => [
	...[...text.matchAll(/\b(?:getNodeParameter|\w+Parameter)\(\s*(?:\w+,\s*)?'([\w.]+)'/g)].map(
		([, path = '']) => path.split('.').at(-1) ?? '',
	),
	...[...text.matchAll(/const \{([^}]*)\} = \w+\.getNodeParameter\(/g)].flatMap(([, names = '']) =>
		names
			.split(',')
			.map((name) => (name.split(/[=:]/)[0] ?? '').trim())
			.filter(Boolean),
	),
];

describe('A parameter that a node reads', () => {
	it('is a field that the node shows', () => {
		const unknown = sources.flatMap(({ file, text }) =>
			readIn(text)
				.filter((name) => !fields.has(name))
				.map((name) => `${file}: ${name}`),
		);
		expect(unknown).toEqual([]);
	});
});
