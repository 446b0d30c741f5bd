/** Checks the documents against the code: links, commands, paths, tests, and the names that n8n shows. See CONTRIBUTING.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import manifest from '../package.json';
import { faultsIn, type Known } from './docs/faults';
import { shownNames } from './docs/names';

const root = join(__dirname, '..');

/** Paths from the root. */
const filesIn = (folder: string, ending: string): string[] =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.map((file) => join(folder, file).split(sep).join('/'))
		.filter((file) => file.endsWith(ending));

const documents = [
	...readdirSync(root).filter((file) => file.endsWith('.md')),
	...filesIn('docs', '.md'),
	...filesIn('examples', '.md'),
];

const known: Known = {
	root,
	scripts: manifest.scripts,
	tests: filesIn('test', '.test.ts'),
	names: shownNames(root),
	source: ['credentials', 'domain', 'nodes', 'sandbox']
		.flatMap((folder) => filesIn(folder, '.ts'))
		.map((file) => readFileSync(join(root, file), 'utf8'))
		.join('\n'),
	folders: [
		'credentials',
		'docs',
		'domain',
		'examples',
		'nodes',
		'sandbox',
		'scripts',
		'templates',
		'test',
	],
};

const faults = documents.flatMap((file) => faultsIn(file, known));
for (const { file, line, message } of faults) console.log(`${file}:${line}  ${message}`);
console.log(`docs: ${documents.length} documents, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
