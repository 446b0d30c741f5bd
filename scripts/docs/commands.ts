/** Checks that commands in documents work as they are written. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the commands are checked against. */
export interface Project {
	root: string;
	/** Of package.json. */
	scripts: Record<string, string>;
	/** Paths of the test files, from the root. */
	tests: readonly string[];
}

/** npm's own commands that the documents use. */
const NPM_COMMANDS = ['audit', 'init', 'ls', 'ci', 'install', 'pack', 'publish', 'view'];
/** Jest's options that the documents use. */
const JEST_OPTIONS = ['--json', '--outputFile', '--selectProjects', '--testPathPatterns'];

/** `SEED=7` in `SEED=7 npm run x -- --y`. */
const ASSIGNMENT = /^\w+=\S*$/;

function faultOfOption(
	{ root, scripts, tests }: Project,
	script: string,
	option: string,
	value: string | undefined,
): string | undefined {
	const command = scripts[script] ?? '';
	if (/\bjest\b/.test(command)) {
		if (!JEST_OPTIONS.includes(option)) return `Jest's option ${option} is not known here`;
		const finds = tests.some((file) => value === undefined || new RegExp(value).test(file));
		return option === '--testPathPatterns' && !finds ? `no test file has ${value}` : undefined;
	}
	const [source] = /\bscripts\/\S+\.ts|\bsandbox\/\S+\.ts/.exec(command) ?? [];
	if (source === undefined || !existsSync(join(root, source))) return undefined;
	// Every command gets it from commander.
	if (option === '--help') return undefined;
	// A command's own file, and that of its options if there is one.
	const sources = [source, source.replace(/\.ts$/, '/options.ts')]
		.map((file) => join(root, file))
		.flatMap((path) => (existsSync(path) ? readFileSync(path, 'utf8') : []));
	const isKnown = sources.some((text) => new RegExp(`'${option}[ ']`).test(text));
	return isKnown ? undefined : `npm run ${script} has no option ${option}`;
}

/** @returns what is wrong with each of the npm commands in a line */
export function commandFaults(line: string, project: Project): string[] {
	return line.split(/&&|;|\|/).flatMap((part) => {
		const words = part.trim().split(/\s+/);
		const [npm, command = '', ...rest] = words.slice(
			words.findIndex((word) => !ASSIGNMENT.test(word)),
		);
		if (npm !== 'npm') return [];
		const script = command === 'run' ? rest.shift() : command === 'test' ? 'test' : undefined;
		if (script === undefined)
			return NPM_COMMANDS.includes(command) ? [] : [`npm has no command '${command}'`];
		if (!(script in project.scripts)) return [`package.json has no script '${script}'`];
		const given = rest.slice(rest.indexOf('--') + 1);
		if (!rest.includes('--')) return [];
		return given.flatMap((word, index) =>
			word.startsWith('--') ? (faultOfOption(project, script, word, given[index + 1]) ?? []) : [],
		);
	});
}
