/**
 * Klaviyo's keywords. No API reads an account's own lists, so these are defaults that a node's parameters replace.
 * https://help.klaviyo.com/hc/en-us/articles/29928896469531 , https://help.klaviyo.com/hc/en-us/articles/42138426687003
 */
import type { Channel } from './channel';
import { normalised } from './normalise';

export interface Keywords {
	/** Sign up for messages. */
	subscribe: readonly string[];
	/** Confirm a subscription, or start it again. */
	compliance: readonly string[];
	/** End all messages. */
	optOut: readonly string[];
	/** Ask a person for help: these always open a ticket. */
	help: readonly string[];
	/** Start an automated conversation of the account. */
	automation: readonly string[];
}

export const defaultKeywords: Keywords = {
	subscribe: ['JOIN'],
	compliance: ['YES', 'Y', 'START', 'UNSTOP'],
	// REVOKE and OPT OUT have to be honoured in the United States since April 2025,
	// https://help.klaviyo.com/hc/en-us/articles/35575786638107
	optOut: [
		'STOP',
		'STOPALL',
		'STOP ALL',
		'UNSUBSCRIBE',
		'CANCEL',
		'END',
		'QUIT',
		'REVOKE',
		'OPTOUT',
		'OPT OUT',
	],
	help: ['HELP', 'INFO'],
	automation: [],
};

/** WhatsApp has fewer: REVOKE, START, HELP and the like are words there as any other. */
const ON_WHATSAPP: Partial<Keywords> = {
	compliance: ['YES', 'Y'],
	optOut: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
	help: [],
};

export const defaultKeywordsOn = (channel: Channel): Keywords =>
	channel === 'whatsapp' ? { ...defaultKeywords, ...ON_WHATSAPP } : defaultKeywords;

/** In the United States it opts out anywhere in a message. https://help.klaviyo.com/hc/en-us/articles/29109965092251 */
export const ALWAYS_OPTS_OUT_IN_US = 'STOP';

/** `JOIN, VIP`, or one keyword per line -> `['JOIN', 'VIP']`. */
export const keywordList = (typed: string): string[] =>
	typed
		.split(/[,;\n]/)
		.map((word) => word.trim())
		.filter((word) => word !== '');

/**
 * The words of a message, folded for comparison: compatibility forms (ＳＴＯＰ), letter case and invisible characters make
 * no difference. A word is a run of letters, digits and marks of any script.
 */
export const foldedWords = (text: string): string[] =>
	normalised(
		normalised(text, 'NFKC')
			.replace(/\p{Cf}/gu, '')
			// Lower case first: in upper case ẞ stays as it is, while ß becomes SS.
			.toLowerCase()
			.toUpperCase()
			.toLowerCase(),
		'NFKC',
	).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

const standsAt = (words: readonly string[], keyword: readonly string[], start: number): boolean =>
	keyword.every((word, offset) => words[start + offset] === word);

/** Whether one of the keywords is the whole message, a part of it, or neither. A keyword may be several words. */
export function findKeyword(
	words: readonly string[],
	keywords: readonly string[],
): 'whole' | 'part' | undefined {
	const splitKeywords = keywords.map(foldedWords).filter((keyword) => keyword.length > 0);
	if (
		splitKeywords.some((keyword) => keyword.length === words.length && standsAt(words, keyword, 0))
	)
		return 'whole';
	return splitKeywords.some((keyword) => words.some((_, start) => standsAt(words, keyword, start)))
		? 'part'
		: undefined;
}
