/** Lays out blocks, lists and tables as tidy lines of plain text. */
import { holdsAddress, saysAddress } from './addresses';

/** What separates two pieces of text. If several meet, the strongest wins. */
const STRENGTH = { '': 0, ' ': 1, '\n': 2, '\n\n': 3, ' | ': 4 } as const;
type Gap = keyof typeof STRENGTH;

/** Invisible, but one of them doubles what a message costs: it is no longer GSM-7. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

/**
 * A gap is written only when text follows it. So no line begins or ends with a space, there are never two spaces or two
 * empty lines in a row, and nothing has to be tidied afterwards.
 */
export class Layout {
	private readonly parts: string[] = [];
	private gap: Gap = '';
	/** The mark of a list item, until its first word. */
	private mark = '';
	private rowHasWords = false;
	private link: { address: string | undefined; words: string[] } | undefined;

	/** Any run of white space counts as one space. */
	words(text: string): void {
		const visible = text.replace(INVISIBLE, '');
		const core = visible.trim();
		if (/^\s/.test(visible)) this.atLeast(' ');
		if (core === '') return;
		this.put(core.replace(/\s+/g, ' '));
		if (/\s$/.test(visible)) this.atLeast(' ');
	}

	/** Keeps line breaks. */
	lines(text: string): void {
		for (const [index, line] of text.split(/\r\n?|[\n\u2028\u2029]/).entries()) {
			if (index > 0) this.lineBreak();
			this.words(line);
		}
	}

	/** An address has a space on both sides. */
	address(address: string): void {
		this.atLeast(' ');
		this.put(address);
		this.atLeast(' ');
	}

	lineBreak(): void {
		if (this.mark === '') this.atLeast(this.gap === '\n' ? '\n\n' : '\n');
	}

	/** The beginning or end of a block. The first block of a list item begins beside its mark. */
	block(gap: '\n' | '\n\n'): void {
		if (this.mark === '') this.atLeast(gap);
	}

	beginItem(mark: string): void {
		this.atLeast('\n');
		this.mark = mark;
	}

	endItem(): void {
		this.atLeast('\n');
		this.mark = '';
	}

	/** The beginning or end of a row or table. */
	row(): void {
		if (this.gap === ' | ') this.gap = '\n';
		this.block('\n');
		this.rowHasWords = false;
	}

	cell(): void {
		if (this.rowHasWords) this.atLeast(' | ');
	}

	/** @param address undefined for a link that leads nowhere */
	beginLink(address: string | undefined): void {
		this.endLink();
		this.link = { address, words: [] };
	}

	/** Writes a link's address after its words, unless they contain it. */
	endLink(): void {
		const { address, words = [] } = this.link ?? {};
		this.link = undefined;
		if (address === undefined) return;
		const said = words.join('').trim();
		if (said === '') this.address(address);
		// Pushed directly, so that a pending gap comes after the address.
		else if (!saysAddress(said, address) && !holdsAddress(said, address))
			this.parts.push(` (${address})`);
	}

	toString(): string {
		this.endLink();
		return this.parts.join('');
	}

	private atLeast(gap: Gap): void {
		if (STRENGTH[gap] > STRENGTH[this.gap]) this.gap = gap;
	}

	private put(text: string): void {
		const gap = this.parts.length === 0 ? '' : this.gap;
		this.parts.push(gap, this.mark, text);
		this.link?.words.push(gap === '' ? '' : ' ', text);
		this.gap = '';
		this.mark = '';
		this.rowHasWords = true;
	}
}
