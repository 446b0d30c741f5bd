/** How Klaviyo itself reacts to certain words in an inbound message. */
export type KeywordEffect = 'optOut' | 'optIn' | 'help' | undefined;

const optOut = ['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout'];
const optIn = ['join', 'start', 'unstop', 'yes', 'y'];
const help = ['help', 'info'];

/** Opt-out words count anywhere in a message (the account's default), the others only as the whole message. */
export function keywordEffect(body: string): KeywordEffect {
	const words = body.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
	const isOptOut = (word: string, at: number): boolean =>
		optOut.includes(word) || (word === 'opt' && words[at + 1] === 'out');
	if (words.some(isOptOut)) return 'optOut';
	const [only, ...rest] = words;
	if (only === undefined || rest.length > 0) return undefined;
	if (optIn.includes(only)) return 'optIn';
	return help.includes(only) ? 'help' : undefined;
}

export const automatedAnswer: Record<Exclude<KeywordEffect, undefined>, string> = {
	optOut:
		'You have been unsubscribed and will get no more messages from us. Reply START to subscribe again.',
	optIn: 'Thanks for subscribing! Reply STOP to unsubscribe.',
	help: 'Acme support: reply to this message or write to help@acme.example. Reply STOP to unsubscribe.',
};
