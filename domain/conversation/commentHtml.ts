/** A customer's words as the HTML of Zendesk comments, whole however long they are. */

/**
 * Bytes of UTF-8 in one comment. Zendesk cuts a body off at 64 kB without a word
 * (https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/); the rest is room for the note of a text
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

/** `body` would lose runs of line breaks and take stars and underscores for formatting. */
export const toHtml = (text: string): string =>
	text
		.replace(/[&<>"{}]/g, (character) => ENTITIES[character] ?? character)
		.replace(/\r\n?|\n/g, '<br>');

const bytes = new TextEncoder();
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A text as one comment or several. No character a person sees (emoji with their modifiers, Korean syllables) is cut
 * in two, and together the pieces are the text.
 *
 * @param limit bytes of UTF-8 in a piece's HTML, enough for any one character
 */
export function toComments(text: string, limit = COMMENT_BYTES): string[] {
	const whole = toHtml(text);
	if (bytes.encode(whole).length <= limit) return [whole];
	const comments: string[] = [];
	let piece = '';
	let size = 0;
	// A carriage return and its line feed are one grapheme, so the pieces' line breaks are the text's.
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
	for (const { segment } of segmenter.segment(text)) {
		const html = toHtml(segment);
		if (bytes.encode(html).length <= limit) yield html;
		else yield* Array.from(segment, toHtml);
	}
}
