/** How much of one message goes before agents. A phone cannot send more; who has the secret of a flow's webhook can. */

/** UTF-16 code units, links included. Working out a text of megabytes would hold n8n up for seconds. */
export const LONGEST_TEXT = 100_000;

/** Files that are fetched and attached. The links of the others are in the message. */
export const MOST_FILES = 10;

/** @returns the message, or its beginning and a line that says how much is left out */
export function boundedText(text: string): string {
	if (text.length <= LONGEST_TEXT) return text;
	const shown = text.slice(0, LONGEST_TEXT).replace(/\p{Cs}$/u, '');
	return `${shown}\n\n[The message goes on. ${text.length - shown.length} more characters are left out.]`;
}
