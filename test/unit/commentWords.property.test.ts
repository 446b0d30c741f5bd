/** Random comments, built of all that an agent can write and of HTML as nobody should write it. */
import fc from 'fast-check';
import { workOf } from '../support/worked';
import { commentWords } from '../../domain/comment/words';

const RUNS = 10_000;

/** Characters that HTML, Markdown, or this package's own marks could take for something else. */
const SPECIAL = [...'&<>"\'{}*_#;=()|-+.:/@$%é€ßЖ中ﷺ', '😀', '👩‍👧', 'नि', '%20', '--', 'n.'];

const NAMED: Record<string, string> = { 'é': '&eacute;', '€': '&euro;', 'ß': '&szlig;', '"': '&quot;' }; // prettier-ignore

/** How a character is written in HTML; what would be markup, never as it is. */
function encoded(character: string, way: number): string {
	const code = character.codePointAt(0) ?? 0;
	const ways = [
		/[&<>"]/.test(character) ? undefined : character,
		NAMED[character],
		`&#${code};`,
		`&#x${code.toString(16)};`,
		{ '&': '&amp;', '<': '&lt;', '>': '&gt;' }[character],
	].filter((one) => one !== undefined);
	return ways[way % ways.length] ?? '';
}

/** A part of a comment: what an agent writes, by kind. */
type Part =
	| { kind: 'words'; words: Array<{ special: string; ways: number[] }>; space: string }
	| { kind: 'inline' | 'block' | 'pre'; tag: string; parts: Part[] }
	| { kind: 'link'; href: 'web' | 'mailto' | 'nowhere' | 'itself'; parts: Part[] }
	| { kind: 'list'; tag: string; items: Part[][] }
	| { kind: 'table'; rows: Part[][][] }
	| { kind: 'picture'; isWeb: boolean }
	| { kind: 'noise'; html: string }
	| { kind: 'hidden'; tag: string }
	| { kind: 'signature'; parts: Part[] };

const words: fc.Arbitrary<Part> = fc.record({
	kind: fc.constant('words' as const),
	words: fc.array(
		fc.record({
			special: fc.constantFrom(...SPECIAL),
			ways: fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
		}),
		{ minLength: 1, maxLength: 4 },
	),
	space: fc.constantFrom(' ', '\n', '&nbsp;', ' &#160; ', '\t', '&emsp;', '<br>', '<br />\r\n', '\n\n'), // prettier-ignore
});

const { part } = fc.letrec<{ part: Part; parts: Part[] }>((tie) => ({
	parts: fc.array(tie('part'), { maxLength: 4 }),
	part: fc.oneof(
		{ maxDepth: 4, withCrossShrink: true },
		words,
		fc.constant<Part>({ kind: 'picture', isWeb: true }),
		fc.constant<Part>({ kind: 'picture', isWeb: false }),
		fc.record({
			kind: fc.constant('noise' as const),
			html: fc.constantFrom('</b>', '</div>', '</li>', '</ul>', '</td>', '</a>', '</pre>', '<b>', '<p>', '<i class=>', '<li>', '<td>', '<tr>', '<hr>', '<br>', '&nbsp;', '<!-- x -->', '<![CDATA[x]]>', '<?x?>', '<x-y z>', '<wbr>', '</>', '\n'), // prettier-ignore
		}),
		fc.record({
			kind: fc.constant('hidden' as const),
			tag: fc.constantFrom('script', 'style', 'template', 'iframe', 'title'),
		}),
		fc.record({
			kind: fc.constant('inline' as const),
			tag: fc.constantFrom('b', 'SPAN', 'em', 'font color="red"', "u style='a>b'"),
			parts: tie('parts'),
		}),
		fc.record({
			kind: fc.constant('block' as const),
			tag: fc.constantFrom('div', 'p dir="auto"', 'h2', 'blockquote', 'div class="zd-comment"'),
			parts: tie('parts'),
		}),
		fc.record({ kind: fc.constant('pre' as const), tag: fc.constant('pre'), parts: tie('parts') }),
		fc.record({
			kind: fc.constant('link' as const),
			href: fc.constantFrom('web' as const, 'mailto' as const, 'nowhere' as const, 'itself' as const), // prettier-ignore
			parts: fc.array(words, { maxLength: 2 }),
		}),
		fc.record({
			kind: fc.constant('list' as const),
			tag: fc.constantFrom('ul', 'ol', 'ol start="7"'),
			items: fc.array(tie('parts'), { maxLength: 3 }),
		}),
		fc.record({
			kind: fc.constant('table' as const),
			rows: fc.array(fc.array(tie('parts'), { maxLength: 3 }), { maxLength: 3 }),
		}),
		fc.record({ kind: fc.constant('signature' as const), parts: tie('parts') }),
	),
}));

const comment = fc.array(part, { maxLength: 6 });

/** Writes the HTML, and keeps what of it is to be read and what is not. */
class Writer {
	readonly read: string[] = [];
	readonly unread: string[] = [];
	readonly signed: string[] = [];
	private count = 0;
	private isSigned = false;

	of(parts: Part[]): string {
		return parts.map((one) => this.one(one)).join('');
	}

	/** No two are alike, and none is a part of another. */
	private unique(special: string): string {
		this.count += 1;
		return `w${this.count}w${special}w`;
	}

	private keep(word: string): string {
		(this.isSigned ? this.signed : this.read).push(word);
		return word;
	}

	private one(part: Part): string {
		switch (part.kind) {
			case 'words':
				return part.words
					.map(({ special, ways }) =>
						[...this.keep(this.unique(special))]
							.map((character, index) => encoded(character, ways[index % ways.length] ?? 0))
							.join(''),
					)
					.join(part.space);
			case 'inline':
			case 'block':
			case 'pre':
				return `<${part.tag}>${this.of(part.parts)}</${part.tag.split(' ')[0]}>`;
			case 'link':
				return this.link(part.href, part.parts);
			case 'list': {
				const items = part.items.map((item) => `<li>${this.of(item)}</li>`);
				return `<${part.tag}>${items.join('\n')}</${part.tag.split(' ')[0]}>`;
			}
			case 'table': {
				const rows = part.rows.map((row) => row.map((cell) => `<td>${this.of(cell)}</td>`));
				return `<table><tbody>${rows.map((row) => `<tr>${row.join('')}</tr>`).join('')}</tbody></table>`;
			}
			case 'picture': {
				const name = this.unique('p');
				if (!part.isWeb) return `<img src="cid:${name}" alt="${this.keep(name)}">`;
				return `<img src="${this.keep(`https://a.test/${name}.png?a=1&b=2`).replace('&', '&amp;')}" alt="a">`;
			}
			case 'noise':
				return part.html;
			case 'hidden': {
				const word = this.unique('h');
				this.unread.push(word);
				return `<${part.tag}>${word}</${part.tag}>`;
			}
			case 'signature': {
				const before = this.isSigned;
				this.isSigned = true;
				// Whole: where a signature of broken HTML ends, nobody can tell.
				const inner = this.of(part.parts).replaceAll(/<\/?div[^>]*>/gi, ' ');
				const html = `<span class="collapse-signature"></span><div class="signature"><div>${inner}</div></div>`;
				this.isSigned = before;
				return html;
			}
		}
	}

	private link(href: string, parts: Part[]): string {
		const name = this.unique('l');
		if (href === 'itself') {
			this.keep(`https://a.test/${name}`);
			return `<a href="https://a.test/${name}">https://a.test/${name}</a>`;
		}
		const html = this.of(parts);
		if (href === 'nowhere') return `<a href="javascript:${name}">${html}</a>`;
		const address = this.keep(
			href === 'web' ? `https://a.test/${name}?a=1&copy=2` : `${name}@a.test`,
		);
		const attribute = (href === 'web' ? address : `mailto:${address}`).replace('&', '&amp;');
		return `<a title='x' href="${attribute}" target=_blank>${html}</a>`;
	}
}

/** What is left of the words when those sought are taken out, each once and in this order. */
function rest(text: string, sought: string[]): string {
	const left: string[] = [];
	let from = 0;
	for (const word of sought) {
		const at = text.indexOf(word, from);
		if (at < 0) throw new Error(`${JSON.stringify(word)} is missing in ${JSON.stringify(text)}`);
		left.push(text.slice(from, at));
		from = at + word.length;
	}
	return [...left, text.slice(from)].join('\u0000');
}

/** Blanks, and the marks of lists, cells and links: nothing else is to stand between words. */
const BETWEEN = /^(?:\s|\u0000| \| |- |\d+\. | \(\u0000\))*$/;

function expectTidy(text: string): void {
	expect(text).toBe(text.trim());
	expect(text).not.toMatch(/[^\S\n ]| {2}|^ | $|\n{3}/m);
}

describe(`Of ${RUNS} random comments`, () => {
	it('the text is what the agent wrote: no entity, no tag, no signature, and nothing is missing', () => {
		fc.assert(
			fc.property(comment, (parts) => {
				const writer = new Writer();
				const html = writer.of(parts);
				const text = commentWords({ html_body: html });
				expectTidy(text);
				expect(rest(text, writer.read)).toMatch(BETWEEN);
			}),
			{ numRuns: RUNS },
		);
	});

	it('the signature is kept if it is wanted, and hidden text is not', () => {
		fc.assert(
			fc.property(comment, (parts) => {
				const writer = new Writer();
				const text = commentWords({ html_body: writer.of(parts) }, { keepSignature: true });
				expectTidy(text);
				for (const word of [...writer.read, ...writer.signed]) expect(text).toContain(word);
				for (const word of writer.unread) expect(text).not.toContain(word);
			}),
			{ numRuns: RUNS / 5 },
		);
	});

	it('the text stays the same when read again as plain text, so nothing is decoded twice', () => {
		fc.assert(
			fc.property(comment, (parts) => {
				const text = commentWords({ html_body: new Writer().of(parts) });
				expect(commentWords({ body: text })).toBe(text);
			}),
			{ numRuns: RUNS / 5 },
		);
	});
});

describe('A comment of a megabyte', () => {
	const LENGTH = 1_000_000;
	/** Milliseconds. Twenty times what the slowest takes on a machine of today: what grows with the square takes hours. */
	const RETRY_FOR_MS = 10_000;

	it.each([
		'<',
		'>',
		'&',
		'&amp;',
		'&#x20AC;',
		'&#',
		'<div>',
		'<b>',
		'<b></i>',
		'</div>',
		'<a href=https://a.test/x>',
		'<a href=https://a.test/x>a</a>',
		'<ul><li>',
		'<ol start=9><li>a',
		'<table><tr><td>',
		'<pre>\n',
		'<br>',
		'<img src=https://a.test/x>',
		'<div class="signature">',
		'<div class=signature></div>',
		'<span class=collapse-signature>',
		'<head><body>',
		'<script>',
		'<!--',
		'<a ',
		'<a b="',
		'<p x=1 y=2 ',
		'&nbsp;',
		' ',
		'\n',
		'a ',
		'https://',
	])('made of %j is read in time', (atom) => {
		const html = atom.repeat(LENGTH / atom.length);
		const read = (): void => {
			for (const start of ['', '<a href="https://a.test/x">', '<pre>', '<div class="'])
				commentWords({ html_body: start + html, plain_body: html, body: html });
		};
		expect(workOf(read)).toBeLessThan(RETRY_FOR_MS);
	});

	it('that is one address is read in time', () => {
		const address = `https://a.test/${'a'.repeat(LENGTH / 2)}`;
		const html = `<a href="${address}">${address.repeat(2)} ${'http'.repeat(LENGTH / 8)}</a>`;
		const read = (): void => {
			commentWords({ html_body: html });
			commentWords({ html_body: html.replace(address, address.slice(0, 1999)) });
		};
		expect(workOf(read)).toBeLessThan(RETRY_FOR_MS);
	});
});
