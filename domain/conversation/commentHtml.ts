/** A customer's words as the HTML of Zendesk comments, whole however long they are. */

/**
 * Bytes of UTF-8 in one comment. Zendesk cuts a body off at 64 kB without a word
 * (https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/); the rest is room for the note of a message
 * that came late.
 */
export const COMMENT_BYTES = 60_000;

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	// Zendesk fills in {{placeholders}} of comments written in an agent's name, and Liquid {% tags %} with them.
	'{': '&#123;',
	'}': '&#125;',
};

/** What no HTML may hold: it becomes the sign for a character that is missing. */
const IMPOSSIBLE = /\0|\p{Cs}/gu;

/** `body` would lose runs of line breaks and take stars and underscores for formatting. */
export const toHtml = (text: string): string =>
	text
		.replace(IMPOSSIBLE, '\ufffd')
		.replace(/[&<>"{}]/g, (character) => ENTITIES[character] ?? character)
		.replace(/\r\n?|\n/g, '<br>');

const bytes = new TextEncoder();
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A message as one comment or several. No character a person sees (emoji with their modifiers, Korean syllables) is cut
 * in two, and together the pieces are the message.
 *
 * @param limit bytes of UTF-8 in a piece's HTML, enough for any one character
 */
export function toComments(text: string, limit = COMMENT_BYTES): string[] {
	const whole = toHtml(text);
	if (bytes.encode(whole).length <= limit) return [whole];
	const comments: string[] = [];
	let piece = '';
	let size = 0;
	// A carriage return and its line feed are one grapheme, so the pieces' line breaks are the message's.
	for (const html of unsplittable(text, limit)) {
		const length = bytes.encode(html).length;
		if (size + length > limit && piece !== '') {
			comments.push(piece);
			piece = '';
			size = 0;
		}
		piece += html;
		size += length;
	}
	return [...comments, piece];
}

/** The graphemes' HTML; a pile of accents that fits no comment by itself goes character by character. */
function* unsplittable(text: string, limit: number): Generator<string> {
	for (const segment of graphemes(text)) {
		const html = toHtml(segment);
		if (bytes.encode(html).length <= limit) yield html;
		else yield* Array.from(segment, toHtml);
	}
}

/** Characters looked at together: the segmenter takes a minute for 100,000 flags in a row. */
const WINDOW = 1024;

/** The message's graphemes, each once. The last of a window may go on in the next one, so it is looked at again there. */
function* graphemes(text: string): Generator<string> {
	for (let start = 0, size = WINDOW; start < text.length;) {
		const window = [...segmenter.segment(text.slice(start, start + size))];
		const isLast = start + size >= text.length;
		const whole = isLast ? window : window.slice(0, -1);
		for (const { segment } of whole) {
			yield segment;
			start += segment.length;
		}
		// One pile of accents fills it.
		size = whole.length > 0 ? WINDOW : size * 2;
	}
}
