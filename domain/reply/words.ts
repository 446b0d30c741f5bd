/** Whether a message in Klaviyo's log is a reply, however Klaviyo logged it. */

import { normalised } from '../normalise';

/** Each part is bounded, as in host names, so that a long message does not hold n8n up. */
const LINK = /\bhttps?:\/\/\S+|\b(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}\/\S+/giu;

/**
 * Characters that a sender of SMS exchanges for plain ones, since a single other one makes a message cost twice as much.
 * NFKC does so with dots and spaces, but would take an accent's apostrophe apart.
 */
const PLAIN: ReadonlyArray<readonly [RegExp, string]> = [
	[/[\u2018-\u201b\u02b9\u02bb-\u02bd\u02c8\u2032\u2035\u00b4`]/gu, "'"],
	[/[\u201c-\u201f\u02ba\u2033\u2036\u00ab\u00bb]/gu, '"'],
	[/[-\u2010-\u2015\u2212\ufe58]+/gu, '-'],
	[/[\u00ad\u200b-\u200d\u2060\ufeff]/gu, ''],
];

/** A sender's name that the account puts before each message, such as `Acme: ` or `[Acme] `. */
const ORGANISATION_PREFIX = /^[^\n:\]|>]{1,40}[:\]|>]\s/u;
/** An agent may write some, too. */
const MOST_PREFIXES = 20;

/** How to unsubscribe, which an account or a carrier puts after a message, such as `Reply STOP to opt out`. */
const OPT_OUT =
	/(?<!\p{L})(?:STOP|STOPALL|END|QUIT|CANCEL|UNSUBSCRIBE|OPTOUT|ARRET|ARRÊT|ALTO)(?!\p{L})|(?<!\p{L})(?:[Oo]pt(?:ing)?[ -]?out|[Uu]nsubscribe)(?!\p{L})/u;
const LONGEST_SUFFIX = 120;

const plain = (text: string): string =>
	PLAIN.reduce((words, [characters, one]) => words.replace(characters, one), text);

const normalise = (text: string): string =>
	normalised(plain(text), 'NFKC').replace(LINK, '<link>').replace(/\s+/gu, ' ').trim();

const isOptOut = (words: string): boolean =>
	words.startsWith(' ') && words.length <= LONGEST_SUFFIX && OPT_OUT.test(words);

/**
 * Whether a message as Klaviyo logged it may be this body: with shortened links or plain characters, after the sender's
 * name, before how to unsubscribe.
 *
 * A reply of an agent's may begin or end like that by itself, so that its message may be taken for another reply's.
 * Replies are therefore counted by the same rule: what the log may show of an earlier reply is that one's
 * (`sameWordsEarlier`).
 */
export function isLoggedAs(logged: string, body: string): boolean {
	const [shown, sought] = [normalise(logged), normalise(body)];
	// Prefixes are looked for before line breaks go: they stand on the first line.
	let rest = logged.trimStart();
	let at = 0;
	for (let prefixes = 0; prefixes <= MOST_PREFIXES; prefixes++) {
		const after = shown.slice(at);
		if (after === sought) return true;
		if (after.startsWith(sought) && isOptOut(after.slice(sought.length))) return true;
		const [prefix] = ORGANISATION_PREFIX.exec(rest) ?? [];
		if (prefix === undefined) return false;
		rest = rest.slice(prefix.length);
		at = Math.min(shown.length, at + normalise(prefix).length + 1);
	}
	return false;
}

/** Whether a logged message contains this body: a flow's template may put words before and after it. */
export const holdsWords = (logged: string, body: string): boolean =>
	normalise(logged).includes(normalise(body));
