/** Words as lines: what a page lays out in blocks, lists and tables, in plain text and tidy by itself. */
import { holdsAddress, saysAddress } from './addresses';

/** What stands between two pieces of message. Where several meet, the strongest is what a reader sees. */
const STRENGTH = { '': 0, ' ': 1, '\n': 2, '\n\n': 3, ' | ': 4 } as const;
type Gap = keyof typeof STRENGTH;

/** Nobody sees them, and one is enough to double what a message costs: it is no longer GSM-7. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

/**
 * Gaps are written with the message after them, never before: so no line begins or ends with a blank, no two blanks and
 * no two empty lines follow each other, and nothing has to be tidied afterwards.
 */
export class Layout {
	private readonly parts: string[] = [];
	private gap: Gap = '';
	/** Of a list's item, until its first word. */
	private mark = '';
	private rowHasWords = false;
	private link: { address: string | undefined; words: string[] } | undefined;

	/** White space of any kind counts as one blank. */
	words(text: string): void {
		const visible = text.replace(INVISIBLE, '');
		const core = visible.trim();
		if (/^\s/.test(visible)) this.atLeast(' ');
		if (core === '') return;
		this.put(core.replace(/\s+/g, ' '));
		if (/\s$/.test(visible)) this.atLeast(' ');
	}

	/** Line breaks in the message are line breaks. */
	lines(text: string): void {
		for (const [index, line] of text.split(/\r\n?|[\n\u2028\u2029]/).entries()) {
			if (index > 0) this.lineBreak();
			this.words(line);
		}
	}

	/** An address keeps apart from what is around it. */
	address(address: string): void {
		this.atLeast(' ');
		this.put(address);
		this.atLeast(' ');
	}

	lineBreak(): void {
		if (this.mark === '') this.atLeast(this.gap === '\n' ? '\n\n' : '\n');
	}

	/** Where a block begins or ends. The first block of a list's item begins beside its mark. */
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

	/** Where a row, or the table itself, begins or ends. */
	row(): void {
		if (this.gap === ' | ') this.gap = '\n';
		this.block('\n');
		this.rowHasWords = false;
	}

	cell(): void {
		if (this.rowHasWords) this.atLeast(' | ');
	}

	/** @param address none for a link that leads nowhere */
	beginLink(address: string | undefined): void {
		this.endLink();
		this.link = { address, words: [] };
	}

	/** Says a link's address after its words, unless they say it themselves. */
	endLink(): void {
		const { address, words = [] } = this.link ?? {};
		this.link = undefined;
		if (address === undefined) return;
		const said = words.join('').trim();
		if (said === '') this.address(address);
		// What is to stand after the words stands after their address.
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
