/** How Zendesk stores a comment's text. */

/** Comment bodies are cut silently at this many bytes. */
const longest = 65_535;

export interface WrittenComment {
	body?: string | undefined;
	html_body?: string | undefined;
	uploads?: string[] | undefined;
}

/** One comment in Zendesk's three forms. */
export interface StoredText {
	/** Markdown, entities decoded. */
	body: string;
	/** Without tags; entities stay as they are. */
	plainBody: string;
	htmlBody: string;
}

/**
 * The stored text of a comment. Plain `body` loses its HTML and runs of spaces; `html_body` is kept. Placeholders
 * of staff are expanded (unknown ones vanish), those of end users stay as they are.
 */
export function storedText(
	written: WrittenComment,
	author: { isStaff: boolean },
	placeholders: Record<string, string>,
): StoredText {
	const fill = (text: string): string => (author.isStaff ? expanded(text, placeholders) : text);
	if (written.html_body !== undefined) {
		const html = fill(cut(written.html_body));
		return { body: markdownOf(html), plainBody: plainOf(html), htmlBody: comment(html) };
	}
	const words = fill(collapsed(cut(written.body ?? '')));
	const html = `<p dir="auto">${escaped(words).replaceAll('\n', '<br>')}</p>`;
	return { body: words, plainBody: words, htmlBody: comment(html) };
}

const comment = (html: string): string => `<div class="zd-comment" dir="auto">${html}</div>`;

/**
 * How the agent interface's editor writes typed text: each line ends with a break, and spaces that HTML would swallow are
 * kept as `&nbsp;`.
 */
export function typedHtml(words: string): string {
	return words
		.split('\n')
		.map((line) => (line === '' ? '&nbsp;' : escaped(line).replaceAll('  ', ' &nbsp;')))
		.join('<br>');
}

/** The agent's text with the signature that the agent interface adds. */
export function signedHtml(html: string, signature: string): string {
	const lines = escaped(signature).replaceAll('\n', '<br>\n');
	return `${html}<br>\n\n<span class="collapse-signature"></span><div class="signature"><p dir="auto">${lines}</p></div>`;
}

/** Cut to at most 64 kB, never within a character. */
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

/** As Zendesk builds `plain_body`: breaks and ends of blocks become newlines, and entities stay as they are. */
function plainOf(html: string): string {
	return html
		.replace(/<br\s*\/?>|<\/(p|div|li|tr)>/gi, '\n')
		.replace(/<(p|div)\b[^>]*>/gi, ' ')
		.replace(/<[^>]*>/g, '')
		.trim();
}

/** HTML as Markdown, as far as agents and this project write it. */
export function markdownOf(html: string): string {
	const marked = html
		.replace(/<span class="collapse-signature"><\/span>/g, '<br>')
		.replace(/(<br\s*\/?>)[\r\n]+/gi, '$1')
		.replace(/\r?\n/g, ' ')
		.replace(/<ol\b[^>]*>(.*?)<\/ol>/gi, (_list, items: string) => numbered(items))
		.replace(/<li\b[^>]*>/gi, '* ')
		.replace(/<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gi, '[$2]($1)')
		.replace(/<img\b[^>]*?src="([^"]*)"[^>]*>/gi, '![]($1)')
		.replace(/<\/?(b|strong)>/gi, '**')
		.replace(/<\/?(i|em)>/gi, '*')
		.replace(/<br\s*\/?>|<\/(p|div|li|tr)>/gi, '\n')
		.replace(/<\/td>/gi, ' ')
		.replace(/<[^>]*>/g, '');
	return decoded(marked)
		.replace(/^ +$/gm, '')
		.replace(/^\n+|\n+$/g, '');
}

function numbered(items: string): string {
	let number = 0;
	return items.replace(/<li\b[^>]*>/gi, () => `${(number += 1)}. `);
}

function decoded(text: string): string {
	return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (match, name: string) => {
		if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? match;
		const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
		return code <= 0x10ffff ? String.fromCodePoint(code) : match;
	});
}
