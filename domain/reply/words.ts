/** Whether two messages say the same, however Klaviyo logged them. */

import { normalised } from '../normalise';

/** Each part is bounded, as in host names, so that a long message does not hold n8n up. */
const LINK = /\bhttps?:\/\/\S+|\b(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}\/\S+/giu;

/** A sender's name that the account puts before each message, such as `Acme: ` or `[Acme] `. */
const ORGANISATION_PREFIX = /^[^\n:\]|>]{1,40}[:\]|>]\s/u;

const normalise = (text: string): string =>
	normalised(text, 'NFKC').replace(LINK, '<link>').replace(/\s+/gu, ' ').trim();

export const sameWords = (one: string, other: string): boolean =>
	normalise(one) === normalise(other);

/** Whether a logged message is this body: Klaviyo may have shortened links, or put a prefix before it. */
export function isLoggedAs(logged: string, body: string): boolean {
	const sought = normalise(body);
	// Looked for before line breaks are folded: the prefix is on the first line.
	const bare = logged.trimStart().replace(ORGANISATION_PREFIX, '');
	return normalise(logged) === sought || normalise(bare) === sought;
}

/** Whether a logged message contains this body: a flow's template may put words before and after it. */
export const holdsWords = (logged: string, body: string): boolean =>
	normalise(logged).includes(normalise(body));
