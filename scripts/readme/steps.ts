/** What the README asks its reader to do, read out of it. */
import { type Markdown, readMarkdown } from '../docs/markdown';

/** One step of a numbered list. */
export interface Step {
	/** As it is in the list, from 1. */
	number: number;
	/** Its words, without its commands. */
	words: string;
	/** Its lines of shell commands, in order. */
	commands: string[];
	/** What n8n shows, that it names. */
	names: string[];
}

export interface Instructions {
	/** The commands that try it without an account. */
	tryIt: string[];
	/** What can be typed into what they start. */
	typed: string[];
	steps: Step[];
}

const TRY_IT = 'Try it without an account';
const SET_UP = 'Set it up on your own accounts';

/** The part of a document below a heading, without the parts below the next headings of its level. */
function partBelow(document: string, heading: string): string {
	const part = document.split(/^## /m).find((each) => each.startsWith(heading));
	if (part === undefined) throw new Error(`The README has no part '## ${heading}'`);
	return part;
}

const values = (found: Markdown[keyof Pick<Markdown, 'commands' | 'italics' | 'code'>]): string[] =>
	found.map(({ value }) => value.trim()).filter(Boolean);

/** A step is indented below its number; the list ends with the first line that is not. */
function stepsOf(part: string): Step[] {
	return part
		.split(/^(?=\d+\. )/m)
		.slice(1)
		.map((text, index) => {
			const [own = ''] = text.split(/\n(?=\S)/);
			const { commands, italics } = readMarkdown(own);
			return {
				number: index + 1,
				words: own
					.replace(/^\d+\. /, '')
					.replace(/```[\s\S]*?```/g, '')
					.replace(/\s+/g, ' ')
					.trim(),
				commands: values(commands),
				names: values(italics),
			};
		});
}

/** @throws Error if a part is missing */
export function readInstructions(readme: string): Instructions {
	const tryIt = partBelow(readme, TRY_IT);
	const [, typed] = /type in the terminal \(([^)]*)\)/.exec(tryIt) ?? [];
	if (typed === undefined) throw new Error('The README does not say what to type in the terminal');
	return {
		tryIt: values(readMarkdown(tryIt).commands),
		typed: values(readMarkdown(typed).code),
		steps: stepsOf(partBelow(readme, SET_UP)),
	};
}
