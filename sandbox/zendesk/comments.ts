/** What Zendesk makes of a comment's text. */

/** Comment bodies are cut silently at this many bytes. */
const longest = 65_535;

export interface WrittenComment {
	body?: string | undefined;
	html_body?: string | undefined;
	uploads?: string[] | undefined;
}

/**
 * The stored text of a comment. Plain `body` loses its HTML and runs of spaces; `html_body` is kept. Placeholders
 * of staff are expanded (unknown ones vanish), those of end users stay as they are.
 */
export function storedText(
	written: WrittenComment,
	author: { isStaff: boolean },
	placeholders: Record<string, string>,
): { body: string; htmlBody: string } {
	const html =
		written.html_body !== undefined
			? cut(written.html_body)
			: `<p>${escaped(collapsed(cut(written.body ?? ''))).replaceAll('\n', '<br>')}</p>`;
	const filled = author.isStaff ? expanded(html, placeholders) : html;
	return { body: textOf(filled), htmlBody: `<div class="zd-comment" dir="auto">${filled}</div>` };
}

/** At most 64 kB, never half a character. */
function cut(text: string): string {
	const bytes = Buffer.from(text, 'utf8');
	if (bytes.length <= longest) return text;
	let end = longest;
	while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
	return bytes.subarray(0, end).toString('utf8');
}

function collapsed(text: string): string {
	return text
		.replace(/<[^>]*>/g, '')
		.replace(/[ \t]+/g, ' ')
		.replace(/\n{3,}/g, '\n\n');
}

function expanded(text: string, placeholders: Record<string, string>): string {
	return text.replace(
		/\{\{\s*([^{}]*?)\s*\}\}/g,
		(_match, name: string) => placeholders[name] ?? '',
	);
}

function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

const entities: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};

/** The plain text of HTML: line breaks and paragraph ends become newlines, entities characters. */
export function textOf(html: string): string {
	return html
		.replace(/\r?\n/g, ' ')
		.replace(/<br\s*\/?>/gi, '\n')
		.replace(/<\/p>/gi, '\n')
		.replace(/<[^>]*>/g, '')
		.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (match, name: string) => {
			if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? match;
			const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
			return code <= 0x10ffff ? String.fromCodePoint(code) : match;
		})
		.replace(/^\n+|\n+$/g, '');
}
