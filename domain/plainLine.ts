/** Sanitizes untrusted text for single-line fields: a name, a subject. */

/** Line breaks and other control characters. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** Unpaired surrogates, and characters that change the direction of text. */
const INVISIBLE = /[\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Zendesk replaces {{placeholders}} and runs Liquid {% tags %} in subjects and names that it puts into e-mails. */
const TEMPLATE = /\{(?=[{%])/g;

/**
 * @param longest in UTF-16 code units
 * @returns one line without template markup; '' if nothing is left
 */
export const plainLine = (text: string, longest: number): string =>
	text
		.replace(INVISIBLE, '')
		.replace(BREAKS, ' ')
		.replace(TEMPLATE, '{ ')
		.slice(0, longest)
		.replace(/\p{Cs}$/u, '')
		.trim();
