/** Whether two messages say the same, however Klaviyo logged them. */

import { normalised } from '../normalise';

/** Of bounded parts, as host names have: a long message must not hold n8n up. */
const LINK = /\bhttps?:\/\/\S+|\b(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}\/\S+/giu;

/** A sender's name that the account puts before each message, such as `Acme: ` or `[Acme] `. */
const ORGANISATION_PREFIX = /^[^\n:\]|>]{1,40}[:\]|>]\s/u;

const normalise = (text: string): string =>
	normalised(text, 'NFKC').replace(LINK, '<link>').replace(/\s+/gu, ' ').trim();

export const sameWords = (one: string, other: string): boolean =>
	normalise(one) === normalise(other);

/** Whether a message as Klaviyo logged it is this body: links may be shortened, a prefix put before it. */
export function isLoggedAs(logged: string, body: string): boolean {
	const sought = normalise(body);
	// The prefix is looked for before line breaks go: it stands on the first line.
	const bare = logged.trimStart().replace(ORGANISATION_PREFIX, '');
	return normalise(logged) === sought || normalise(bare) === sought;
}

/** Whether a message has this body in it: a flow's template may put words before and after it. */
export const holdsWords = (logged: string, body: string): boolean =>
	normalise(logged).includes(normalise(body));
