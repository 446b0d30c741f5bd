import fc from 'fast-check';
import { workOf } from '../support/worked';
import { isLoggedAs, sameWords } from '../../domain/reply/words';

describe('Two replies', () => {
	it.each([
		['Hi', ' Hi\n'],
		['On  its\nway', 'On its way'],
		['café', 'cafe\u0301'],
		['See https://acme.co/track/123', 'See https://kl.io/x9'],
		['See www.acme.co/track/123', 'See kl.io/x9'],
	])('%j and %j say the same', (one, other) => {
		expect(sameWords(one, other)).toBe(true);
	});

	it.each([
		['Hi', 'Ho'],
		['hi', 'Hi'],
		['', 'Hi'],
		['Yes', 'Yes!'],
		['Order 12', 'Order 21'],
		['See https://acme.co/a', 'See you'],
	])('%j and %j do not', (one, other) => {
		expect(sameWords(one, other)).toBe(false);
	});
});

describe('A message in the log', () => {
	it.each([
		['as it was sent', 'On its way!', 'On its way!'],
		['with other white space', 'On its way!', 'On its\r\n way! '],
		['after the name of the brand', 'On its way!', 'Acme: On its way!'],
		['after the name in brackets', 'On its way!', '[Acme] On its way!'],
		['with a shortened link', 'See https://acme.co/track?id=1', 'See https://kl.io/x9'],
		['with a link shortened without https', 'See https://acme.co/track', 'See klv1.io/x9'],
		['with all of that', 'Hi:\nhttps://acme.co/a', 'Acme: Hi: kl.io/x9'],
		['of several lines', 'Hi: Ana\n안녕 🎉', 'Acme: Hi: Ana\n안녕 🎉'],
	])('is known %s', (_, body, logged) => {
		expect(isLoggedAs(logged, body)).toBe(true);
	});

	it.each([
		['says more', 'Hi', 'Hi there'],
		['says less', 'Hi there', 'Hi'],
		['has it behind another message', 'Hi', 'Something else.\nAcme: Hi'],
		['is empty', 'Hi', ''],
	])('is another when it %s', (_, body, logged) => {
		expect(isLoggedAs(logged, body)).toBe(false);
	});

	it.each(['x', 'a-', 'a.b', 'a.', 'http://a', 'a/'])(
		'is compared quickly when it is long (%j again and again)',
		(piece) => {
			const body = piece.repeat(100_000 / piece.length);
			const compare = () => expect(isLoggedAs(body, `${body} `)).toBe(true);
			expect(workOf(compare)).toBeLessThan(10_000);
		},
	);

	it('is known whatever was sent, with and without a prefix', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (body) => {
				expect(isLoggedAs(body, body)).toBe(true);
				expect(isLoggedAs(`Acme: ${body}`, body)).toBe(true);
			}),
		);
	});
});
