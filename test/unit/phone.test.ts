import fc from 'fast-check';
import { countryOf, isPhoneOf, sharedDigits, spellingsOf, toE164 } from '../../domain/phone';

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
		['+1 500 555 0006 x4', undefined, '+15005550006'],
		['(500) 555-0006 ext. 12', 'US', '+15005550006'],
		['x4', 'US', null],
		['', undefined, null],
		[null, undefined, null],
	])('%j in %s is %j', (written, country, expected) => {
		expect(toE164(written, country)).toBe(expected);
	});

	it('are left as they are once they are in E.164', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^\+[1-9]\d{7,14}$/), (phone) => {
				const once = toE164(phone);
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

	it.each([
		'+12125550123',
		'+1 (212) 555-0123',
		'(212) 555-0123',
		'212-555-0123',
		'212.555.0123',
		'12125550123',
		'1 (212) 555-0123',
		'001 212 555 0123',
		'00 1 212 555 0123',
		'+12125550123 x4',
		'(212) 555-0123 ext. 4',
	])('%j is the number of a customer who texts from +12125550123', (written) => {
		expect(isPhoneOf(written, '+12125550123')).toBe(true);
	});

	it.each([
		['(212) 555-0123', '+14165550123'],
		['(212) 555-0124', '+12125550123'],
		['555-0123', '+12125550123'],
		['+442125550123', '+12125550123'],
		['ACME', '+12125550123'],
		['', '+12125550123'],
		[null, '+12125550123'],
		// A landline of Brazil has no ninth digit.
		['+55 11 93333-4444', '+551133334444'],
	])('%j is not the number of a customer who texts from %s', (written, phone) => {
		expect(isPhoneOf(written, phone)).toBe(false);
	});

	it.each([
		['07400 123456', '+447400123456'],
		['011 44 7400 123456', '+447400123456'],
		['0011 44 7400 123456', '+447400123456'],
		['55 1234 5678', '+5215512345678'],
		['(11) 8765-4321', '+5511987654321'],
		['(11) 98765-4321', '+551187654321'],
		['011 15-2345-6789', '+541123456789'],
	])('%j is the number of a customer who texts from %s', (written, phone) => {
		expect(isPhoneOf(written, phone)).toBe(true);
	});

	it.each([
		['+525512345678', '+5215512345678'],
		['+5511987654321', '+551187654321'],
		['+5491123456789', '+541123456789'],
	])('%s and %s are one, each way', (one, other) => {
		expect(spellingsOf(one)).toEqual([one, other]);
		expect(spellingsOf(other)).toEqual([one, other]);
		expect(isPhoneOf(one, other) && isPhoneOf(other, one)).toBe(true);
	});

	it('match in both spellings or in neither, and share the digits that are searched for', () => {
		const number = fc.oneof(
			fc.stringMatching(/^\+(52|54|55)[1-9]\d{8,11}$/),
			fc.stringMatching(/^\+[1-9]\d{7,14}$/),
		);
		fc.assert(
			fc.property(number, (one) => {
				const all = spellingsOf(one);
				expect(all).toContain(one);
				expect(new Set(all).size).toBe(all.length);
				for (const other of all) {
					expect(spellingsOf(other)).toEqual(all);
					expect(other.endsWith(sharedDigits(one))).toBe(true);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
