/** A customer's words as the HTML of Zendesk comments: complete, however long they are. */

/**
 * Bytes of UTF-8 in one comment. Zendesk silently cuts a body off at 64 kB
 * (https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/); the rest leaves room for the line above a
 * message that came late.
 */
export const COMMENT_BYTES = 60_000;

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	// Zendesk replaces {{placeholders}} and Liquid {% tags %} in comments written in an agent's name.
	'{': '&#123;',
	'}': '&#125;',
};

/** Characters that HTML cannot hold: they become the replacement character. */
const IMPOSSIBLE = /\0|\p{Cs}/gu;

/** Used in place of `body`, which would lose repeated line breaks and read asterisks and underscores as formatting. */
export const toHtml = (text: string): string =>
	text
		.replace(IMPOSSIBLE, '\ufffd')
		.replace(/[&<>"{}]/g, (character) => ENTITIES[character] ?? character)
		.replace(/\r\n?|\n/g, '<br>');

const bytes = new TextEncoder();
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A message as one comment or several, which together are the whole message. No visible character (an emoji with its
 * modifiers, a Korean syllable) is cut in two.
 *
 * @param limit bytes of UTF-8 in a piece's HTML, enough for any one character
 */
export function toComments(text: string, limit = COMMENT_BYTES): string[] {
	const whole = toHtml(text);
	if (bytes.encode(whole).length <= limit) return [whole];
	const comments: string[] = [];
	let piece = '';
	let size = 0;
	// A carriage return with its line feed is one grapheme, so no line break is cut in two.
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

/** The graphemes' HTML. A pile of accents too long for any comment goes character by character. */
function* unsplittable(text: string, limit: number): Generator<string> {
	for (const segment of graphemes(text)) {
		const html = toHtml(segment);
		if (bytes.encode(html).length <= limit) yield html;
		else yield* Array.from(segment, toHtml);
	}
}

/** Characters segmented at once: the segmenter takes a minute for 100,000 flags in a row. */
const WINDOW = 1024;

/** The text's graphemes, each once. A window's last one may continue in the next window, so it is segmented again there. */
function* graphemes(text: string): Generator<string> {
	for (let start = 0, size = WINDOW; start < text.length;) {
		const window = [...segmenter.segment(text.slice(start, start + size))];
		const isLast = start + size >= text.length;
		const whole = isLast ? window : window.slice(0, -1);
		for (const { segment } of whole) {
			yield segment;
			start += segment.length;
		}
		// If one pile of accents fills the window, a larger one is needed.
		size = whole.length > 0 ? WINDOW : size * 2;
	}
}
