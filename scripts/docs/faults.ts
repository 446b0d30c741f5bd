/** Statements in a document that are not true. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { commandFaults, type Project } from './commands';
import { type Markdown, readMarkdown } from './markdown';

export interface Known extends Project {
	/** Names that n8n shows. */
	names: ReadonlySet<string>;
	/** The source of nodes, rules, credentials and sandbox. */
	source: string;
	/** Folders in which a path between backticks must exist. */
	folders: readonly string[];
}

export interface Fault {
	/** From the root. */
	file: string;
	line: number;
	message: string;
}

type Check = (text: Markdown, file: string, known: Known) => Array<Omit<Fault, 'file'>>;

const ELSEWHERE = /^(?:[a-z]+:|\/\/)/i;

const links: Check = (text, file, { root }) =>
	text.links.flatMap(({ line, value }) => {
		if (ELSEWHERE.test(value)) return [];
		const [path = '', anchor] = decodeURI(value).split('#');
		const target = path === '' ? join(root, file) : join(root, dirname(file), path);
		if (!existsSync(target))
			return [
				{ line, message: `'${value}' leads to ${relative(root, target)}, which is not there` },
			];
		if (anchor === undefined || !target.endsWith('.md')) return [];
		return readMarkdown(readFileSync(target, 'utf8')).anchors.has(anchor)
			? []
			: [{ line, message: `'${value}' leads to a heading that is not there` }];
	});

const commands: Check = (text, _file, known) =>
	[...text.commands, ...text.code].flatMap(({ line, value }) =>
		commandFaults(value, known).map((message) => ({ line, message })),
	);

const tests: Check = (text, _file, { root }) =>
	text.tests.flatMap(({ line, value: { file, titles } }) => {
		const path = join(root, file);
		if (!existsSync(path)) return [{ line, message: `${file} is not there` }];
		// Quotes are escaped in one of the two.
		const bare = (words: string): string => words.replaceAll('\\', '');
		const written = bare(readFileSync(path, 'utf8'));
		return titles
			.filter((title) => !written.includes(bare(title)))
			.map((title) => ({ line, message: `${file} has no test "${title}"` }));
	});

const PATH = /^[\w.-]+(?:\/[\w.-]+)*\/?$/;

const paths: Check = (text, _file, { root, folders }) =>
	text.code
		.filter(({ value }) => {
			const [folder = '', ...rest] = value.split('/');
			return PATH.test(value) && rest.length > 0 && folders.includes(folder);
		})
		.filter(({ value }) => !existsSync(join(root, value)))
		.map(({ line, value }) => ({ line, message: `${value} is not there` }));

/** `optOutInMessage`, `ticket_id` */
const IDENTIFIER = /^[a-z]+(?:[A-Z][a-z0-9]*|_[a-z0-9]+)+$/;

/** A word of the code, or the name of a test file as commands use it. */
const identifiers: Check = (text, _file, { source, tests: files }) =>
	text.code
		.filter(
			({ value }) =>
				IDENTIFIER.test(value) &&
				!new RegExp(`\\b${value}\\b`).test(source) &&
				!files.some((file) => file.includes(`/${value}.`)),
		)
		.map(({ line, value }) => ({ line, message: `nodes and sandbox know no '${value}'` }));

const shownNames: Check = (text, _file, { names }) =>
	text.italics
		.filter(({ value }) => !names.has(value))
		.map(({ line, value }) => ({ line, message: `n8n shows nothing called '${value}'` }));

const everywhere: Check[] = [links, commands, tests, paths];
/** Not for records of the past, nor for documents about development. */
const forUsers: Check[] = [identifiers, shownNames];

const isForUsers = (file: string): boolean =>
	/^(?:README\.md|CONTRIBUTING\.md|docs\/[^/]+\.md)$/.test(file);

/** @param file a document's path from the root */
export function faultsIn(file: string, known: Known): Fault[] {
	const text = readMarkdown(readFileSync(join(known.root, file), 'utf8'));
	return [...everywhere, ...(isForUsers(file) ? forUsers : [])]
		.flatMap((check) => check(text, file, known))
		.sort((one, other) => one.line - other.line)
		.map((fault) => ({ file, ...fault }));
}
