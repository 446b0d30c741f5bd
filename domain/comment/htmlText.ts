/** The words of HTML, with what its markup says that words alone do not: links, lists, tables, pictures. */
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { shownAddress, webAddress } from './addresses';
import { Layout } from './layout';

/** What a page does not show. */
const HIDDEN = new Set(
	'script style head title template iframe noembed noframes object audio video'.split(' '),
);

const BLOCKS = new Set(
	`address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
	figcaption figure footer form header html legend li main menu nav ol pre section summary ul`.split(
		/\s+/,
	),
);

/** Blocks that a page sets apart: Zendesk makes `<p>` of what has an empty line before it. */
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 hr'.split(' '));

const ROWS = new Set('table thead tbody tfoot tr'.split(' '));
const CELLS = new Set(['td', 'th']);
const LISTS = new Set(['ul', 'ol', 'menu', 'dir']);

type Attributes = ReadonlyMap<string, string>;

const classesOf = (attributes: Attributes): string[] =>
	(attributes.get('class') ?? '').toLowerCase().split(/\s+/);

/** As Zendesk marks it in comments written in the agent interface. */
const isSignature = (name: string, attributes: Attributes): boolean =>
	(name === 'div' && classesOf(attributes).includes('signature')) ||
	(name === 'span' && classesOf(attributes).includes('collapse-signature'));

interface List {
	isOrdered: boolean;
	/** The number of its next item. */
	next: number;
}

const numberIn = (text: string | undefined, otherwise: number): number => {
	const number = Number.parseInt(text ?? '', 10);
	return Number.isSafeInteger(number) ? number : otherwise;
};

/**
 * Told what is in the HTML, from its beginning to its end. It keeps no tree, and of what is open only what it needs: so
 * its time grows with the length alone, however deep the HTML is nested and whatever is never closed.
 */
class Reader implements TokenizerCallbacks {
	readonly layout = new Layout();
	private readonly lists: List[] = [];
	/** How many `<pre>` are open. */
	private preformatted = 0;
	/** What is being left out, and how many elements of its name are open since. */
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
		// Of two with one name the first counts.
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
			// Its head may have been left open.
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

	/** Where a block begins or ends, text does. */
	private edge(name: string): void {
		// A paragraph in a list's item is one of its lines.
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

/** @returns tidy lines; '' where the HTML shows no words */
export function textOfHtml(html: string, keepSignature: boolean): string {
	const reader = new Reader(html, keepSignature);
	const tokenizer = new Tokenizer({}, reader);
	tokenizer.write(html);
	tokenizer.end();
	return reader.layout.toString();
}
