import fc from 'fast-check';
import { workOf } from '../support/worked';
import { SegmentedMessage } from 'sms-segments-calculator';
import { segmentsOf } from '../../domain/segments';
import { seed } from '../support/seed';

describe('A message is billed', () => {
	it.each([
		['as one segment up to 160 plain characters', 'a'.repeat(160), 1, 'GSM-7'],
		['as two from 161', 'a'.repeat(161), 2, 'GSM-7'],
		['with two places for a euro sign', '€'.repeat(81), 2, 'GSM-7'],
		['as one segment up to 70 characters in Korean', '가'.repeat(70), 1, 'UCS-2'],
		['as two from 71', '가'.repeat(71), 2, 'UCS-2'],
		['in full by the dearer alphabet for one emoji', `${'a'.repeat(80)}🎉`, 2, 'UCS-2'],
	])('%s', (_, text, segments, encoding) => {
		expect(segmentsOf(text)).toEqual({ segments, encoding });
	});

	it(`as the calculator says, however long it is (seed ${seed})`, () => {
		const piece = fc.constantFrom(
			'a',
			'é',
			'€',
			'\r\n',
			'\n',
			'Hello there, ',
			'가',
			'🎉',
			'e\u0301',
		);
		const some = fc.oneof(fc.subarray(['a', 'é', '€', '\n', '\r\n', '\r']), fc.constant(undefined));
		fc.assert(
			fc.property(
				some.chain((gsm) =>
					fc.array(gsm && gsm.length > 0 ? fc.constantFrom(...gsm) : piece, {
						maxLength: 4500,
						size: 'max',
					}),
				),
				(pieces) => {
					const text = pieces.join('');
					const whole = new SegmentedMessage(text);
					expect(segmentsOf(text)).toEqual({
						segments: whole.segments.length,
						encoding: whole.encodingName,
					});
				},
			),
			{ numRuns: 20 },
		);
	});

	it('quickly for 100 kB, too', () => {
		const count = (): void => {
			expect(segmentsOf('x'.repeat(100_000))).toEqual({ segments: 654, encoding: 'GSM-7' });
			expect(segmentsOf('가🎉'.repeat(20_000)).encoding).toBe('UCS-2');
		};
		expect(workOf(count)).toBeLessThan(15_000);
	});
});
