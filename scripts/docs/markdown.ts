/** The parts of a document that can be checked against the code. Read line by line, which is enough for our documents. */

/** Something in a document, with its line number, from 1. */
export interface Found<T> {
	line: number;
	value: T;
}

export interface Markdown {
	/** Anchors of its headings, as GitHub makes them. */
	anchors: Set<string>;
	/** Targets of links and pictures. */
	links: Array<Found<string>>;
	/** Lines of fenced blocks of shell commands. */
	commands: Array<Found<string>>;
	/** Text between backticks. */
	code: Array<Found<string>>;
	/** Text between underscores. */
	italics: Array<Found<string>>;
	/** `test/file.test.ts` "title" "title" */
	tests: Array<Found<{ file: string; titles: string[] }>>;
}

const FENCE = /^\s*```(\w*)/;
const SHELL = ['bash', 'sh'];
const HEADING = /^#{1,6}\s+(.*)$/;
const CODE = /`([^`]+)`/g;
const LINK = /\]\(([^)\s]+)\)/g;
const PICTURE = /\b(?:src|srcset|href)="([^"]+)"/g;
const ITALICS = /(?<![\w\\])_([^_]+)_(?!\w)/g;
const TITLE = String.raw`"((?:[^"\\]|\\.)*)"`;
const TEST = new RegExp(String.raw`\`(test/[^\`]+\.test\.ts)\`((?:,?\s*${TITLE})+)`, 'g');

/** https://github.com/gjtorikian/html-pipeline: punctuation goes, spaces become hyphens, repeats are numbered. */
function anchorOf(heading: string, taken: ReadonlySet<string>): string {
	const plain = heading
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');
	let anchor = plain;
	for (let repeat = 1; taken.has(anchor); repeat++) anchor = `${plain}-${repeat}`;
	return anchor;
}

const all = (pattern: RegExp, text: string): string[] =>
	[...text.matchAll(pattern)].map(([, inner = '']) => inner);

export function readMarkdown(text: string): Markdown {
	const found: Markdown = {
		anchors: new Set(),
		links: [],
		commands: [],
		code: [],
		italics: [],
		tests: [],
	};
	let language: string | undefined;
	for (const [index, written] of text.split('\n').entries()) {
		const line = index + 1;
		const place = <T>(value: T): Found<T> => ({ line, value });
		const [isFence, opens = ''] = FENCE.exec(written) ?? [];
		if (isFence !== undefined) {
			language = language === undefined ? opens : undefined;
			continue;
		}
		if (language !== undefined) {
			if (SHELL.includes(language)) found.commands.push(place(written));
			continue;
		}
		const [, heading] = HEADING.exec(written) ?? [];
		if (heading !== undefined) found.anchors.add(anchorOf(heading, found.anchors));
		for (const [, file = '', titles = ''] of written.matchAll(TEST))
			found.tests.push(place({ file, titles: all(new RegExp(TITLE, 'g'), titles) }));
		found.code.push(...all(CODE, written).map(place));
		const words = written.replace(CODE, '');
		found.links.push(...[...all(LINK, words), ...all(PICTURE, words)].map(place));
		const plain = words.replace(LINK, ']').replace(/<[^>]*>/g, '');
		found.italics.push(...all(ITALICS, plain).map(place));
	}
	return found;
}
