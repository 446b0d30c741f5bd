/** Addresses of links: what is shown of one, and whether the words already contain it. */

const WEB = /^https?:\/\/[^/]/i;
const PERSON = /^(?:mailto|tel):/i;

/**
 * @param href the attribute's value, decoded
 * @returns what a reader needs of it, without spaces; undefined for addresses that lead nowhere outside the page (`#top`,
 * `/agent/tickets/1`, `javascript:`, `cid:`)
 */
export function shownAddress(href: string): string | undefined {
	// Browsers drop line breaks from addresses, and spaces from their ends.
	const address = href
		.replace(/[\t\n\r]/g, '')
		.trim()
		.replace(/\s/g, '%20');
	if (WEB.test(address)) return address;
	if (!PERSON.test(address)) return undefined;
	const [person] = address.replace(PERSON, '').split('?');
	return person || undefined;
}

/** The address of a picture, which is never a mail address or a phone number. */
export const webAddress = (src: string): string | undefined =>
	WEB.test(src.trim()) ? shownAddress(src) : undefined;

const PHONE = /^\+?[\d\s().-]+$/;

/** The address in one form, whether a person or a program wrote it. */
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

/** Whether a link's words are just its address, perhaps in another spelling. */
export const saysAddress = (words: string, address: string): boolean =>
	bare(words) === bare(address);

const BEFORE = /[\s("'<[]$/;
/** What may follow the end of an address: `https://a.test/x.png` does not contain `https://a.test/x`. */
const AFTER = /^[.,;:!?)\]'">…]*(?:\s|$)/;
/** Characters. More punctuation than this does not end a sentence. */
const MAX_CLOSING_MARKS = 10;
/** Characters. No browser accepts longer addresses, and searching for one takes time. */
const MAX_ADDRESS_LENGTH = 2000;

/** Whether the words contain the whole address, unchanged. */
export function holdsAddress(words: string, address: string): boolean {
	if (address === '' || address.length > MAX_ADDRESS_LENGTH) return false;
	for (let at = words.indexOf(address); at >= 0; at = words.indexOf(address, at + 1)) {
		const end = at + address.length;
		const isBegin = at === 0 || BEFORE.test(words.charAt(at - 1));
		if (isBegin && AFTER.test(words.slice(end, end + MAX_CLOSING_MARKS))) return true;
	}
	return false;
}
