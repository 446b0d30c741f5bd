/** Converts HTML to plain text, and keeps what markup says beyond words: links, lists, tables, pictures. */
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { shownAddress, webAddress } from './addresses';
import { Layout } from './layout';

/** Elements that a page does not show. */
const HIDDEN = new Set(
	'script style head title template iframe noembed noframes object audio video'.split(' '),
);

const BLOCKS = new Set(
	`address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
	figcaption figure footer form header html legend li main menu nav ol pre section summary ul`.split(
		/\s+/,
	),
);

/** Blocks with an empty line around them: Zendesk makes `<p>` of text after an empty line. */
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 hr'.split(' '));

const ROWS = new Set('table thead tbody tfoot tr'.split(' '));
const CELLS = new Set(['td', 'th']);
const LISTS = new Set(['ul', 'ol', 'menu', 'dir']);

type Attributes = ReadonlyMap<string, string>;

const classesOf = (attributes: Attributes): string[] =>
	(attributes.get('class') ?? '').toLowerCase().split(/\s+/);

/** Zendesk's markup for signatures in comments written in the agent interface. */
const isSignature = (name: string, attributes: Attributes): boolean =>
	(name === 'div' && classesOf(attributes).includes('signature')) ||
	(name === 'span' && classesOf(attributes).includes('collapse-signature'));

interface List {
	isOrdered: boolean;
	/** The ordinal of its next item. */
	next: number;
}

const numberIn = (text: string | undefined, otherwise: number): number => {
	const number = Number.parseInt(text ?? '', 10);
	return Number.isSafeInteger(number) ? number : otherwise;
};

/**
 * Reads the HTML from beginning to end. It builds no tree and remembers only what it needs of open elements, so its time
 * grows only with the length, however deeply the HTML is nested and whatever is never closed.
 */
class Reader implements TokenizerCallbacks {
	readonly layout = new Layout();
	private readonly lists: List[] = [];
	/** How many `<pre>` are open. */
	private preformatted = 0;
	/** The element that is being left out, and how many elements of that name are open within it. */
	private hidden: { name: string; depth: number } | undefined;
	private tag = '';
	private attributes = new Map<string, string>();
	private attribute = '';
	private value = '';

	constructor(
		private readonly html: string,
		private readonly keepSignature: boolean,
	) {}

	ontext(start: number, end: number): void {
		this.text(this.html.slice(start, end));
	}

	ontextentity(codePoint: number): void {
		this.text(String.fromCodePoint(codePoint));
	}

	onopentagname(start: number, end: number): void {
		this.tag = this.html.slice(start, end).toLowerCase();
		this.attributes = new Map();
	}

	onattribname(start: number, end: number): void {
		this.attribute = this.html.slice(start, end).toLowerCase();
		this.value = '';
	}

	onattribdata(start: number, end: number): void {
		this.value += this.html.slice(start, end);
	}

	onattribentity(codePoint: number): void {
		this.value += String.fromCodePoint(codePoint);
	}

	onattribend(): void {
		// If an attribute is repeated, the first counts.
		if (!this.attributes.has(this.attribute)) this.attributes.set(this.attribute, this.value);
	}

	onopentagend(): void {
		this.open(this.tag, this.attributes);
	}

	onselfclosingtag(): void {
		this.open(this.tag, this.attributes);
	}

	onclosetag(start: number, end: number): void {
		this.close(this.html.slice(start, end).toLowerCase());
	}

	oncdata(): void {}
	oncomment(): void {}
	ondeclaration(): void {}
	onprocessinginstruction(): void {}
	onend(): void {}

	private text(text: string): void {
		if (this.hidden) return;
		if (this.preformatted > 0) this.layout.lines(text);
		else this.layout.words(text);
	}

	private open(name: string, attributes: Attributes): void {
		if (this.hidden) {
			if (this.hidden.name === name) this.hidden.depth += 1;
			// The head may not have been closed.
			if (this.hidden.name !== 'head' || name !== 'body') return;
			this.hidden = undefined;
		}
		if (HIDDEN.has(name) || (!this.keepSignature && isSignature(name, attributes))) {
			this.hidden = { name, depth: 1 };
			return;
		}
		this.edge(name);
		if (LISTS.has(name))
			this.lists.push({ isOrdered: name === 'ol', next: numberIn(attributes.get('start'), 1) });
		if (name === 'li') this.item(attributes);
		if (name === 'pre') this.preformatted += 1;
		if (name === 'br') this.layout.lineBreak();
		if (name === 'img') this.picture(attributes);
		if (name === 'a') this.layout.beginLink(shownAddress(attributes.get('href') ?? ''));
	}

	private close(name: string): void {
		if (this.hidden) {
			if (this.hidden.name === name) this.hidden.depth -= 1;
			if (this.hidden.depth === 0) this.hidden = undefined;
			return;
		}
		if (name === 'a') this.layout.endLink();
		if (name === 'li') this.layout.endItem();
		if (name === 'pre') this.preformatted = Math.max(0, this.preformatted - 1);
		if (name === 'br') this.layout.lineBreak();
		if (LISTS.has(name)) this.lists.pop();
		this.edge(name);
	}

	/** Blocks begin and end on lines of their own. */
	private edge(name: string): void {
		// A paragraph in a list item is one of its lines.
		if (PARAGRAPHS.has(name)) this.layout.block(this.lists.length > 0 ? '\n' : '\n\n');
		else if (ROWS.has(name)) this.layout.row();
		else if (CELLS.has(name)) this.layout.cell();
		else if (BLOCKS.has(name)) this.layout.block('\n');
	}

	private item(attributes: Attributes): void {
		const list = this.lists.at(-1);
		if (!list?.isOrdered) return this.layout.beginItem('- ');
		const number = numberIn(attributes.get('value'), list.next);
		list.next = number + 1;
		this.layout.beginItem(`${number}. `);
	}

	private picture(attributes: Attributes): void {
		const address = webAddress(attributes.get('src') ?? '');
		if (address !== undefined) this.layout.address(address);
		else this.layout.words(attributes.get('alt') ?? '');
	}
}

/** @returns tidy lines; '' if the HTML shows no words */
export function textOfHtml(html: string, keepSignature: boolean): string {
	const reader = new Reader(html, keepSignature);
	const tokenizer = new Tokenizer({}, reader);
	tokenizer.write(html);
	tokenizer.end();
	return reader.layout.toString();
}
