/**
 * Messages that nobody typed. A reaction to a message of the brand comes as a message if the two phones do not share
 * reactions, and a phone answers by itself while its owner drives or rests. They are recognized by their fixed English
 * forms, as the whole message.
 */

export type MachineMade = 'reaction' | 'automaticReply';

/** Quotation marks as iPhones, Google Messages and gateways write them. */
const QUOTED = `[“"«„].*[”"»“]`;
const THING = `an? (?:image|photo|picture|movie|video|audio message|voice message|attachment|sticker|link|contact|location|message)`;
const TAPBACK = `(?:Liked|Loved|Disliked|Laughed at|Emphasi[sz]ed|Questioned)`;

const REACTIONS: readonly RegExp[] = [
	// iPhone: Liked “It ships today.”, Loved an image
	new RegExp(`^${TAPBACK} (?:${QUOTED}|${THING})$`, 'isu'),
	new RegExp(
		`^Removed an? (?:like|heart|dislike|laugh|exclamation|question mark|emphasis|\\p{Extended_Pictographic}\\S*)(?: reaction)? from (?:${QUOTED}|${THING})$`,
		'isu',
	),
	new RegExp(`^Reacted (?:with a sticker|\\S{1,20}) to (?:${QUOTED}|${THING})$`, 'isu'),
	// Google Messages: 👍 to “ It ships today. ”, with characters without width around the emoji
	new RegExp(
		`^(?=\\S*\\p{Extended_Pictographic})\\S{1,20} (?:to|removed from) (?:${QUOTED}|${THING})$`,
		'isu',
	),
];

const AUTOMATIC_REPLIES: readonly RegExp[] = [
	/^I['’]m driving with (?:Focus|Do Not Disturb(?: While Driving)?) turned on\. I['’]ll see your message when I get where I['’]m going\.$/iu,
	/^\(I['’]m not receiving notifications\. If this is urgent, reply [“"]urgent[”"] to send a notification through with your original message\.\)$/iu,
	/^I['’]m driving right now(?:\.|,)? (?:I['’]ll get back to you|I can['’]t (?:talk|text))[^.]*\.?$/iu,
];

/** Characters. No phone makes a longer one, even if it quotes a message of the brand. */
const MAX_LENGTH = 2000;

export function machineMadeMessage(body: string): MachineMade | undefined {
	if (body.length > MAX_LENGTH) return undefined;
	const words = body.replace(/[\u200b-\u200d\u2060\ufeff\u202a-\u202e]/gu, '').trim();
	if (REACTIONS.some((form) => form.test(words))) return 'reaction';
	return AUTOMATIC_REPLIES.some((form) => form.test(words)) ? 'automaticReply' : undefined;
}
