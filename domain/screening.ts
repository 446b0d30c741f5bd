/**
 * Screening decides whether an inbound message opens or continues a ticket, and says why. Klaviyo's own rule: the sender
 * can be answered by SMS, and the message holds no keyword except HELP and INFO. On WhatsApp a message itself permits an
 * answer, and HELP and INFO are words like any other.
 * https://help.klaviyo.com/hc/en-us/articles/115005253728
 */
import type { Channel } from './channel';
import type { MessageEvent } from './items';
import { ALWAYS_OPTS_OUT_IN_US, findKeyword, type Keywords, foldedWords } from './keywords';
import { machineMadeMessage } from './machineMade';
import { countryOf, toE164 } from './phone';

export const opensReasons = ['message', 'helpKeyword', 'reaction', 'automaticReply'] as const;
export const opensNoneReasons = [
	'automationKeyword',
	'brandedSender',
	'complianceKeyword',
	'leftToAutomation',
	'noConsent',
	'notAText',
	'notInbound',
	'optOutKeyword',
	'subscribeKeyword',
] as const;

/** Messages that nobody typed. */
export const machineMadeReasons: readonly string[] = ['reaction', 'automaticReply'];

/** Keywords that Klaviyo answers by itself, although a customer may mean the agent: "Yes". */
export const keywordReasons: readonly string[] = [
	'automationKeyword',
	'complianceKeyword',
	'optOutInMessage',
	'optOutKeyword',
	'subscribeKeyword',
];

/** The reasons for which Klaviyo unsubscribes the customer. */
export const optOutReasons: readonly string[] = ['optOutInMessage', 'optOutKeyword'];

/** For `optOutInMessage` the builder chooses whether it opens a ticket. */
export type ScreeningReason =
	(typeof opensReasons)[number] | (typeof opensNoneReasons)[number] | 'optOutInMessage';

export interface Screening {
	opensTicket: boolean;
	reason: ScreeningReason;
}

/** Klaviyo's `can_receive_sms_*`. */
export interface Consent {
	canReceiveMarketing: boolean;
	canReceiveTransactional: boolean;
	/** When consent was last withdrawn, milliseconds since 1970. */
	endedAt?: number | undefined;
}

export const canReceiveSms = (consent: Consent | null): boolean =>
	consent !== null && (consent.canReceiveMarketing || consent.canReceiveTransactional);

/** `containsWord` is Klaviyo's default. https://help.klaviyo.com/hc/en-us/articles/29109965092251 */
export type KeywordMatch = 'containsWord' | 'wholeMessage';

export interface ScreeningRules {
	keywords: Keywords;
	match: KeywordMatch;
	/** Whether an opt-out word inside a longer message ("I want to cancel my order") still opens a ticket. */
	openOnOptOutInMessage: boolean;
}

export type ScreenedMessage = Pick<MessageEvent, 'direction' | 'body' | 'from' | 'to'> & {
	/** The event that Klaviyo Trigger gives; `customerMessaged` if there is none. */
	event?: string | null;
	/** SMS if there is none. */
	channel?: Channel;
	/** Milliseconds since 1970. */
	sentAt?: number | undefined;
};

/**
 * @param consent from the sender's profile; null if there is no such profile
 * @returns the decision with its reason: no message is dropped without one
 */
export function screenMessage(
	message: ScreenedMessage,
	consent: Consent | null,
	rules: ScreeningRules,
): Screening {
	if (message.direction !== 'inbound') return opensNone('notInbound');
	// A subscription counts as inbound and has the words of the message that caused it, which also comes by itself.
	if ((message.event || 'customerMessaged') !== 'customerMessaged') return opensNone('notAText');
	if (!isOnWhatsApp(message) && isBranded(message)) return opensNone('brandedSender');
	if (canBeAnswered(message, consent)) {
		const machineMade = machineMadeMessage(message.body);
		if (machineMade) return opens(machineMade);
	}
	return screenKeywords(message, rules) ?? screenConsent(message, consent, rules);
}

/** Why a message opens a ticket if nobody but a person can deal with it: HELP asks for one. */
const forWhoever: readonly ScreeningReason[] = ['message'];

/**
 * Of a message that would open a ticket, whether it does while an automation may deal with it. Reactions and automatic
 * replies open none in any case, and HELP asks for a person.
 */
export const leaveToAutomation = (screening: Screening, isLeft: boolean): Screening =>
	isLeft && screening.opensTicket && forWhoever.includes(screening.reason)
		? opensNone('leftToAutomation')
		: screening;

const isOnWhatsApp = ({ channel }: ScreenedMessage): boolean => channel === 'whatsapp';

const canBeAnswered = (message: ScreenedMessage, consent: Consent | null): boolean =>
	isOnWhatsApp(message) || canReceiveSms(consent);

const opensNone = (reason: ScreeningReason): Screening => ({ opensTicket: false, reason });
const opens = (reason: ScreeningReason): Screening => ({ opensTicket: true, reason });

/**
 * Only the sender matters: branded senders cannot receive, so the receiver of a message is never one. WhatsApp has none,
 * and lets people hide their number.
 */
const isBranded = ({ from }: ScreenedMessage): boolean => toE164(from) === null;

/** Milliseconds between a message and Klaviyo's withdrawal of consent because of it. */
const JUST = { before: 5_000, after: 120_000 };

/**
 * Klaviyo may withdraw consent because of what a message means, without any keyword.
 * https://help.klaviyo.com/hc/en-us/articles/35737275447067
 */
function tookConsentAway({ sentAt }: ScreenedMessage, consent: Consent | null): boolean {
	const { endedAt } = consent ?? {};
	if (sentAt === undefined || endedAt === undefined) return false;
	return endedAt >= sentAt - JUST.before && endedAt <= sentAt + JUST.after;
}

function screenConsent(
	message: ScreenedMessage,
	consent: Consent | null,
	{ openOnOptOutInMessage }: ScreeningRules,
): Screening {
	if (canBeAnswered(message, consent)) return opens('message');
	if (!tookConsentAway(message, consent)) return opensNone('noConsent');
	return { opensTicket: openOnOptOutInMessage, reason: 'optOutInMessage' };
}

/**
 * Keywords come before consent: by the time the profile is read, an opt-out word has already withdrawn consent, and the
 * reason should name the word.
 */
function screenKeywords(message: ScreenedMessage, rules: ScreeningRules): Screening | undefined {
	const { keywords, match } = rules;
	const words = foldedWords(message.body);
	const has = (list: readonly string[]): boolean => {
		const found = findKeyword(words, list);
		return found === 'whole' || (found === 'part' && match === 'containsWord');
	};

	if (findKeyword(words, keywords.optOut) === 'whole') return opensNone('optOutKeyword');
	const asksForHelp = has(keywords.help);
	if (has(keywords.optOut) || stopsInUs(message, words))
		return { opensTicket: asksForHelp || rules.openOnOptOutInMessage, reason: 'optOutInMessage' };
	if (asksForHelp) return opens('helpKeyword');
	if (has(keywords.subscribe)) return opensNone('subscribeKeyword');
	// Everyday words: "Yes, it arrived broken" is for an agent, and Klaviyo reacts to YES only as the whole message.
	if (findKeyword(words, keywords.compliance) === 'whole') return opensNone('complianceKeyword');
	if (has(keywords.automation)) return opensNone('automationKeyword');
	return undefined;
}

/** In the United States carriers let STOP opt out anywhere in a message, whatever the account's setting. */
const stopsInUs = ({ channel, from, to }: ScreenedMessage, words: readonly string[]): boolean =>
	channel !== 'whatsapp' &&
	(countryOf(toE164(to)) ?? countryOf(toE164(from))) === 'US' &&
	findKeyword(words, [ALWAYS_OPTS_OUT_IN_US]) !== undefined;
