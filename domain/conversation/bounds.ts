/** How much of one message is shown to agents. No phone sends more, but anybody with a flow webhook's secret could. */

/** UTF-16 code units, links included. Processing a text of megabytes would hold n8n up for seconds. */
export const MAX_TEXT_LENGTH = 100_000;

/** Files that are downloaded and attached. The links of the others stay in the message. */
export const MAX_FILES = 10;

/** @returns the text, or its beginning and a line that says how much is left out */
export function boundedText(text: string): string {
	if (text.length <= MAX_TEXT_LENGTH) return text;
	const shown = text.slice(0, MAX_TEXT_LENGTH).replace(/\p{Cs}$/u, '');
	return `${shown}\n\n[The message is longer: ${text.length - shown.length} more characters are left out.]`;
}
