/**
 * Whether a message is left to an automation that answers beside us: Klaviyo's Customer Agent (an AI), or anything that
 * answers automatically. What cannot be told is a person's, for a ticket: a message too many on a ticket is read, one
 * too few is lost.
 */
import { type Channel, conversationChannelOf, type ConversationChannel } from './channel';
import { findKeyword, foldedWords } from './keywords';

/** What Klaviyo records of the Customer Agent's conversations. */
export interface AgentSign {
	what: 'started' | 'resolved' | 'escalated';
	/** Milliseconds since 1970. */
	at: number;
	/** `other` for email and web chat; null if Klaviyo does not say, which may be any. */
	channel: ConversationChannel | 'other' | null;
}

/** What is known of a customer's automations; undefined if it could not be read. */
export interface AutomationSigns {
	agent: readonly AgentSign[];
	/** When automatic answers were sent to the customer, on the message's channel; milliseconds since 1970. */
	answers: readonly number[];
}

export interface AutomationRules {
	leaveTo: 'customerAgent' | 'automaticAnswers';
	/** Words with which customers ask for a person. */
	personKeywords: readonly string[];
	/** Milliseconds after a message: by then it is either known to be dealt with, or a person's. */
	patience: number;
}

interface ReceivedMessage {
	body: string;
	channel: Channel;
	/** Milliseconds since 1970. */
	sentAt: number;
}

/** Milliseconds by which Klaviyo may record a conversation's start after the message that starts it. */
export const START_DELAY = 60_000;

/** @returns whether the message is left to the automation, as far as is known at the time `now` */
export function isLeftToAutomation(
	message: ReceivedMessage,
	signs: AutomationSigns | undefined,
	now: number,
	rules: AutomationRules,
): boolean {
	if (signs === undefined || asksForPerson(message.body, rules.personKeywords)) return false;
	return rules.leaveTo === 'customerAgent'
		? isInAgentConversation(message, signs.agent, now, rules.patience)
		: isAnswered(message, signs.answers, now, rules.patience);
}

const asksForPerson = (body: string, keywords: readonly string[]): boolean =>
	findKeyword(foldedWords(body), keywords) !== undefined;

/**
 * The last conversation that had started when the message came. Resolved after it: the agent has dealt with it.
 * Escalated: a person has to. Neither: it goes on, but not for ever.
 */
function isInAgentConversation(
	{ sentAt, channel }: ReceivedMessage,
	signs: readonly AgentSign[],
	now: number,
	patience: number,
): boolean {
	const own = conversationChannelOf(channel);
	const here = signs
		.filter((sign) => sign.channel === own || sign.channel === null)
		.sort((one, other) => one.at - other.at);
	const start = here.findLast(({ what, at }) => what === 'started' && at <= sentAt + START_DELAY);
	if (!start) return false;
	const end = here.find(({ what, at }) => what !== 'started' && at >= start.at);
	if (!end) return now < sentAt + patience;
	// What is written after the end begins something new, for which there is no start yet.
	return end.what === 'resolved' && sentAt <= end.at;
}

/** An answer that came after the message may be to it; one before it shows that somebody answers here. */
function isAnswered(
	{ sentAt }: ReceivedMessage,
	answers: readonly number[],
	now: number,
	patience: number,
): boolean {
	const isAfter = answers.some((at) => at >= sentAt && at <= sentAt + patience);
	const isBefore = answers.some((at) => at < sentAt && at >= sentAt - patience);
	return isAfter || (isBefore && now < sentAt + patience);
}
