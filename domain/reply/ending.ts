/** What stands at the end of a reply: the agent's name, in words that the builder chooses. */
import { plainLine } from '../plainLine';

export interface Author {
	name: string | null;
	/** The name that Zendesk shows to customers, if the agent has one. */
	alias?: string | null | undefined;
}

const AGENT = /\{\{\s*agent\s*\}\}/gu;

/** Characters. */
const MAX_NAME_LENGTH = 100;

/**
 * @param template text in which `{{agent}}` stands for the agent's name
 * @returns '' if there is no template, or if it has the name in it and that is not known: better none than a wrong one
 */
export function endingOf(template: string, author: Author | undefined): string {
	const name =
		plainLine(author?.alias ?? '', MAX_NAME_LENGTH) ||
		plainLine(author?.name ?? '', MAX_NAME_LENGTH);
	const hasName = template.search(AGENT) >= 0;
	if (hasName && name === '') return '';
	return template.replace(AGENT, () => name).trim();
}
