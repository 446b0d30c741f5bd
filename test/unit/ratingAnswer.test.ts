import fc from 'fast-check';
import {
	answerRules,
	answersRequest,
	type AskedTicket,
	readRating,
	requestKeyOf,
} from '../../domain/ratingAnswer';

describe('The reading of an answer', () => {
	it.each([
		['5', 'good', 5],
		[' 4! ', 'good', 4],
		['3', 'neutral', 3],
		['2.', 'bad', 2],
		['1', 'bad', 1],
		['5/5', 'good', 5],
		['4 out of 5', 'good', 4],
		['5 stars, thank you', 'good', 5],
		['1 star', 'bad', 1],
		['five', 'good', 5],
		['⭐⭐⭐⭐', 'good', 4],
		['5️⃣', 'good', 5],
		['Great!', 'good', null],
		['very good, thanks', 'good', null],
		['5 great service', 'good', 5],
		['👍🏽', 'good', null],
		['terrible', 'bad', null],
		['1 awful', 'bad', 1],
		['Sehr gut', 'good', null],
		['5 étoiles, merci', 'good', 5],
		['Muy mal', 'bad', null],
	])('%j is %s, %s', (body, score, stars) => {
		expect(readRating(body)).toEqual({ score, stars });
	});

	it.each([
		['0', '6', '10', '55', '4.5', '4,5', '-5', '$5', '5%', '#5', '5pm', '5-4', '5 6', '10/10'],
		['thanks', 'ok', 'yes', 'no', '', '   ', '?', 'stars', 'good stars', '5?', 'good?'],
		['not good', '5 pairs please', 'I need 5', '5 but it was late', 'good, but the box is torn'],
		['5 bad', '1 great', 'good bad', '5 stars 4 stars', 'size 5', 'room 3', 'order 5', '5 Main St'],
		['The blue one', 'perfect, when does it ship', 'great'.repeat(20), '⭐'.repeat(6)],
	])('ordinary messages are none', (...bodies) => {
		expect(bodies.map((body) => [body, readRating(body)])).toEqual(
			bodies.map((body) => [body, undefined]),
		);
	});

	it('never finds one in a message with a word that it does not know', () => {
		const known = fc.constantFrom('5', 'great', 'thanks', 'stars', '1', 'bad');
		const other = fc.stringMatching(/^[a-z]{3,8}$/).filter((word) => word.startsWith('x'));
		fc.assert(
			fc.property(fc.array(known), other, fc.array(known), (before, word, after) => {
				expect(readRating([...before, word, ...after].join(' '))).toBeUndefined();
			}),
		);
	});

	it('reads the same whatever the case, spaces and points around it', () => {
		const words = fc.constantFrom('5', 'Great', '4 stars', 'Muy bien', '2', 'awful');
		const edge = fc.constantFrom('', ' ', '!', '...', ' . ', '\n');
		fc.assert(
			fc.property(words, edge, edge, fc.boolean(), (word, before, after, isUpper) => {
				const text = `${before}${isUpper ? word.toUpperCase() : word}${after}`;
				expect(readRating(text)).toEqual(readRating(word));
			}),
		);
	});
});

describe('An answer to a request', () => {
	const HOUR = 3_600_000;
	const ASKED = Date.UTC(2026, 10, 22, 10);
	const within = 48 * HOUR;
	const five = { score: 'good', stars: 5 } as const;
	const great = { score: 'good', stars: null } as const;
	const quiet = { isPublicComment: false, changesStatus: false };
	const ticket = (more: Partial<AskedTicket> = {}): AskedTicket => ({
		id: '42',
		status: 'solved',
		entries: [
			{ at: ASKED - 2000, isPublicComment: true, changesStatus: true },
			{ at: ASKED, key: requestKeyOf('42'), ...quiet },
			{ at: ASKED + 1000, key: 'reply:7', ...quiet },
		],
		...more,
	});
	const after = (entry: object): AskedTicket =>
		ticket({ entries: [...ticket().entries, { at: ASKED + HOUR, ...quiet, ...entry }] });
	const at = (time: number) => ASKED + time;

	it.each([
		['soon', five, at(5000), ticket()],
		['a day later', five, at(24 * HOUR), ticket()],
		['in words', great, at(90_000), ticket()],
		['after a note', five, at(2 * HOUR), after({})],
	] as const)('is one: %s', (_, answer, sentAt, asked) => {
		expect(answersRequest(answer, sentAt, asked, within)).toBe(true);
	});

	it.each([
		['isAsked', five, at(5000), ticket({ entries: [] })],
		['isAsked', five, at(5000), ticket({ id: '43' })],
		['isInTime', five, at(49 * HOUR), ticket()],
		['isInTime', five, at(-5000), ticket()],
		['isStillSolved', five, at(5000), ticket({ status: 'open' })],
		['isStillSolved', five, at(5000), ticket({ status: 'closed' })],
		['isLastWord', five, at(2 * HOUR), after({ isPublicComment: true })],
		['isLastWord', five, at(2 * HOUR), after({ changesStatus: true })],
		['isCertain', great, at(20_000), ticket()],
	] as const)('is none by %s alone', (guard, answer, sentAt, asked) => {
		expect(answersRequest(answer, sentAt, asked, within)).toBe(false);
		const without = { ...answerRules, [guard]: () => true };
		if (guard !== 'isAsked')
			expect(answersRequest(answer, sentAt, asked, within, without)).toBe(true);
	});
});
