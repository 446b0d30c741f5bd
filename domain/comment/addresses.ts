/** Addresses among words: what is shown of one, and whether the words hold it already. */

const WEB = /^https?:\/\/[^/]/i;
const PERSON = /^(?:mailto|tel):/i;

/**
 * @param href as it stands in HTML, decoded
 * @returns what a reader needs of it, in one piece; undefined for what leads nowhere outside the page (`#top`,
 * `/agent/tickets/1`, `javascript:`, `cid:`)
 */
export function shownAddress(href: string): string | undefined {
	// A browser takes line breaks out of an address, and space off its ends.
	const address = href
		.replace(/[\t\n\r]/g, '')
		.trim()
		.replace(/\s/g, '%20');
	if (WEB.test(address)) return address;
	if (!PERSON.test(address)) return undefined;
	const [person] = address.replace(PERSON, '').split('?');
	return person || undefined;
}

/** A picture's: nobody is written to or called at it. */
export const webAddress = (src: string): string | undefined =>
	WEB.test(src.trim()) ? shownAddress(src) : undefined;

const PHONE = /^\+?[\d\s().-]+$/;

/** The address without what differs between how people write it and how programs do. */
function bare(text: string): string {
	const plain = text.trim().replace(/^(?:https?:\/\/|mailto:|tel:)/i, '');
	if (PHONE.test(plain)) return plain.replace(/[\s().-]/g, '');
	const address = plain.replace(/\/$/, '').toLowerCase();
	try {
		return decodeURI(address);
	} catch {
		return address;
	}
}

/** Whether a link's words are nothing but its address, in another spelling perhaps. */
export const saysAddress = (words: string, address: string): boolean =>
	bare(words) === bare(address);

const BEFORE = /[\s("'<[]$/;
/** What may follow an address that is over: `https://a.test/x` is not held by `https://a.test/x.png`. */
const AFTER = /^[.,;:!?)\]'">…]*(?:\s|$)/;
/** Characters. More marks than this after an address are no end of a sentence. */
const MARKS = 10;
/** Characters. No browser takes longer ones, and time to look for one grows with its length. */
const LONGEST = 2000;

/** Whether the address stands in the words, as it is and as a whole. */
export function holdsAddress(words: string, address: string): boolean {
	if (address === '' || address.length > LONGEST) return false;
	for (let at = words.indexOf(address); at >= 0; at = words.indexOf(address, at + 1)) {
		const end = at + address.length;
		const isBegin = at === 0 || BEFORE.test(words.charAt(at - 1));
		if (isBegin && AFTER.test(words.slice(end, end + MARKS))) return true;
	}
	return false;
}
