/**
 * A customer's answer by text message to a request to rate a solved ticket. When in doubt a message is an ordinary one:
 * an ordinary message that is taken for a rating reaches nobody, a rating that is taken for a message costs an agent a
 * look.
 */
import type { TicketStatus } from './items';
import { type RatingScore, scoreOfStars } from './rating';

export interface RatingAnswer {
	score: RatingScore;
	/** 1 to 5; null if the customer used words alone. */
	stars: number | null;
}

const list = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const GOOD = list(
	'great good excellent awesome amazing perfect fantastic wonderful brilliant outstanding bien bueno buena excelente genial perfecto perfecta super parfait génial gut toll prima perfekt hervorragend ausgezeichnet bene buono ottimo ottima eccellente perfetto bom boa ótimo ótima perfeito goed uitstekend geweldig 👍 😀 😃 😄 😁 😊 🙂 😍 🤩 ❤',
);
const BAD = list(
	'bad terrible awful poor horrible disappointing disappointed unhappy mal malo mala pésimo pésima mauvais mauvaise nul décevant schlecht furchtbar enttäuschend male pessimo pessima cattivo ruim péssimo péssima slecht 👎 😠 😡 🤬 ☹ 🙁 😞',
);
/** They change nothing. */
const POLITE = list(
	'thanks thank you thx ty very so really service gracias muy merci très beaucoup danke sehr vielen dank bedankt dank je heel grazie molto muito obrigado obrigada 🙏',
);
const UNITS = list(
	'star stars estrella estrellas étoile étoiles stern sterne sterren ster stella stelle estrela estrelas',
);
const NUMBERS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5 };

/** Characters of what can be an answer. */
const MAX_LENGTH = 60;
const MOST = 5;
const OF_FIVE = /^([1-5]) ?(?:\/|out of|of|von|de|sur|su|van) ?5(?!\d)/u;
const ONLY_STARS = /^(?:[⭐★🌟] ?){1,5}$/u;
/** What may stand between words, and the parts of an emoji that only say how it looks. */
const BETWEEN = /[\s.,!…:)"'’]+/u;
const LOOKS = /[\ufe0f\u20e3\u200d\u{1f3fb}-\u{1f3ff}]/gu;

/** @returns undefined for anything that is not certainly a rating and nothing else */
export function readRating(body: string): RatingAnswer | undefined {
	const text = body.normalize('NFC').replace(LOOKS, '').trim().toLowerCase();
	if (text === '' || text.length > MAX_LENGTH || /\d[.,]\d/.test(text)) return undefined;
	if (ONLY_STARS.test(text)) return starred([...text.replace(/ /g, '')].length);
	const words = text.replace(OF_FIVE, '$1 stars').split(BETWEEN).filter(Boolean);
	const numbers: number[] = [];
	const scores = new Set<RatingScore>();
	let units = 0;
	for (const word of words) {
		const stars = /^[1-5]$/.test(word) ? Number(word) : NUMBERS[word];
		if (stars !== undefined) numbers.push(stars);
		else if (GOOD.has(word)) scores.add('good');
		else if (BAD.has(word)) scores.add('bad');
		else if (UNITS.has(word)) units += 1;
		else if (!POLITE.has(word)) return undefined;
	}
	const [stars, ...others] = numbers;
	if (others.length > 0 || scores.size > 1 || units > 1) return undefined;
	const [score] = scores;
	if (stars === undefined) return score && units === 0 ? { score, stars: null } : undefined;
	const answer = starred(stars);
	return score === undefined || score === answer.score ? answer : undefined;
}

const starred = (stars: number): RatingAnswer => ({
	score: scoreOfStars(stars),
	stars: Math.min(stars, MOST),
});

/** One entry of the history of the ticket that the customer was asked about. */
export interface AskedEntry {
	/** Milliseconds since 1970, whole seconds. */
	at: number;
	key?: string | undefined;
	isPublicComment: boolean;
	changesStatus: boolean;
}

/** The key of the note that says that a customer was asked. */
export const requestKeyOf = (ticketId: string): string => `ratingRequest:${ticketId}`;
export const isRequestKey = (key: string): boolean => key.startsWith('ratingRequest:');

/** Milliseconds: words so soon after solving answer the agent, as in "Great!". */
const TOO_SOON = 60_000;

/** The guards of the rule, so that a test can take each out. */
export const answerRules = {
	isAsked: (askedAt: number | undefined): askedAt is number => askedAt !== undefined,
	/** It was sent after the question, and not too long after it. */
	isInTime: (sentAt: number, askedAt: number, within: number): boolean =>
		sentAt > askedAt && sentAt - askedAt <= within,
	/** Somebody has taken the conversation up again. */
	isStillSolved: (status: TicketStatus): boolean => status === 'solved',
	/** Anything said or done since may have asked something else. */
	isLastWord: (entries: readonly AskedEntry[], askedAt: number): boolean =>
		!entries.some(
			({ at, isPublicComment, changesStatus }) =>
				at > askedAt && (isPublicComment || changesStatus),
		),
	isCertain: ({ stars }: RatingAnswer, sentAt: number, askedAt: number): boolean =>
		stars !== null || sentAt - askedAt >= TOO_SOON,
};

export interface AskedTicket {
	id: string;
	status: TicketStatus;
	/** From before the request on, oldest first. */
	entries: readonly AskedEntry[];
}

/**
 * Whether a rating is the answer to the request on this ticket.
 *
 * @param sentAt milliseconds since 1970: when the customer sent it
 * @param within milliseconds for which a request can be answered
 */
export function answersRequest(
	answer: RatingAnswer,
	sentAt: number,
	{ id, status, entries }: AskedTicket,
	within: number,
	rules: typeof answerRules = answerRules,
): boolean {
	const asked = entries.filter(({ key }) => key === requestKeyOf(id)).map(({ at }) => at);
	const askedAt = asked.length > 0 ? Math.max(...asked) : undefined;
	return (
		rules.isAsked(askedAt) &&
		rules.isInTime(sentAt, askedAt, within) &&
		rules.isStillSolved(status) &&
		rules.isLastWord(entries, askedAt) &&
		rules.isCertain(answer, sentAt, askedAt)
	);
}
