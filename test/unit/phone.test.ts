import fc from 'fast-check';
import { countryOf, toE164 } from '../../domain/phone';

describe('Phone numbers', () => {
	it.each([
		['+15005550006', undefined, '+15005550006'],
		['+1 (500) 555-0006', undefined, '+15005550006'],
		['(500) 555-0006', 'us', '+15005550006'],
		['07400 123456', 'GB', '+447400123456'],
		['+44 (0)7400 123456', undefined, '+447400123456'],
		['＋１５００５５５０００６', undefined, '+15005550006'],
		['5005550006', undefined, null],
		['5005550006', 'XX', null],
		['ACME', undefined, null],
		['1-800-FLOWERS', 'US', null],
		['54321', undefined, null],
		['', undefined, null],
		[null, undefined, null],
	])('%j in %s is %j', (written, country, expected) => {
		expect(toE164(written, country)).toBe(expected);
	});

	it('are left as they are once they are in E.164', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^\+[1-9]\d{7,14}$/), (number) => {
				const once = toE164(number);
				expect(toE164(once)).toBe(once);
			}),
			{ numRuns: 2000, examples: [['+980000000']] },
		);
	});

	it('tell countries apart that share a calling code', () => {
		expect([countryOf('+12125550123'), countryOf('+14165550123'), countryOf(null)]).toEqual([
			'US',
			'CA',
			null,
		]);
	});
});
