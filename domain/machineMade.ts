/**
 * Messages that nobody typed. A reaction to a message of the brand comes as a message if the two phones do not share
 * reactions, and a phone answers by itself while its owner drives or rests. They are recognized by their fixed forms, as
 * the whole message. Whatever is more than the form, or in a language whose form is not known for certain, is a message.
 */

export type MachineMade = 'reaction' | 'automaticReply';

/** One quotation, so that `Liked "this", not "that"` is none. Gateways make straight quotation marks of curly ones. */
const CURLY = `“(?=[^“”]*[^“”\\s])[^“”]*”`;
const QUOTED = `(?:${CURLY}|"(?=[^"]*[^"\\s])[^"]*")`;
const FRENCH = `«(?=[^«»]*[^«»\\s])[^«»]*»`;
const THING = `an? (?:image|photo|picture|movie|video|audio message|voice message|attachment|sticker|link|contact|location|message|GIF)`;
const TO = `(?:${QUOTED}|${THING})`;
/** One or a few, with their skin colours and joints. A digit is one only as a keycap. */
const EMOJI = `(?:(?:\\p{Extended_Pictographic}|\\p{Regional_Indicator}|[#*0-9]\\ufe0f?\\u20e3)[\\ufe0f\\p{Emoji_Modifier}\\u{e0020}-\\u{e007f}]*){1,8}`;
const NAMED = `an? (?:like|heart|dislike|laugh|exclamation|question mark|emphasis|${EMOJI})(?: reaction)?`;

/** Letter case counts: a phone's own words always have the same. */
const REACTIONS: readonly RegExp[] = [
	// iPhone: Liked “It ships today.”, Loved an image
	`(?:Liked|Loved|Disliked|Laughed at|Emphasi[sz]ed|Questioned) ${TO}`,
	`Removed (?:${NAMED}|${EMOJI}) from ${TO}`,
	`Reacted (?:with a sticker|${EMOJI}) to ${TO}`,
	// Google Messages: 👍 to “ It ships today. ”, with characters without width around the emoji
	`${EMOJI} (?:to|removed from) ${TO}`,
	// iPhone, in Spanish and French
	`(?:Le encantó|Le gustó|Le dio risa|Exclamó por|Dudó sobre) (?:${CURLY}|una imagen)`,
	`Reaccionó con ${EMOJI} a ${CURLY}`,
	`(?:[Aa] (?:aimé|adoré)|[Nn][’']a pas aimé|[Aa] réagi avec ${EMOJI} à|[Aa] attribué la mention ${FRENCH} à) ${FRENCH}`,
].map((form) => new RegExp(`^${form}$`, 'su'));

const AUTOMATIC_REPLIES: readonly RegExp[] = [
	/^I['’]m driving with (?:Focus|Do Not Disturb(?: While Driving)?) turned on\. I['’]ll see your message when I get where I['’]m going\.$/iu,
	/^\(I['’]m not receiving notifications\. If this is urgent, reply [“"]urgent[”"] to send a notification through with your original message\.\)$/iu,
	/^I['’]m driving right now[.,]? (?:I['’]ll get back to you(?: later| soon)?|I can['’]t (?:talk|text)(?: right now| now)?)\.?$/iu,
];

/** Characters. No phone makes a longer one, even if it quotes a message of the brand. */
const MAX_LENGTH = 2000;

export function machineMadeMessage(body: string): MachineMade | undefined {
	if (body.length > MAX_LENGTH) return undefined;
	const words = body.replace(/[\u200b-\u200d\u2060\ufeff\u202a-\u202e]/gu, '').trim();
	if (REACTIONS.some((form) => form.test(words))) return 'reaction';
	return AUTOMATIC_REPLIES.some((form) => form.test(words)) ? 'automaticReply' : undefined;
}
