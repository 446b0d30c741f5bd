/** Words of a stranger's where Zendesk shows one line: a name, a subject. */

/** Line ends and other control characters. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** Half characters, and what makes a line read backwards. */
const INVISIBLE = /[\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Zendesk fills in {{placeholders}} and obeys Liquid {% tags %} where it puts subjects and names into e-mails. */
const TEMPLATE = /\{(?=[{%])/g;

/**
 * @param longest in UTF-16 code units
 * @returns one line that holds no template; '' for nothing
 */
export const plainLine = (text: string, longest: number): string =>
	text
		.replace(INVISIBLE, '')
		.replace(BREAKS, ' ')
		.replace(TEMPLATE, '{ ')
		.slice(0, longest)
		.replace(/\p{Cs}$/u, '')
		.trim();
