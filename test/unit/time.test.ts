import fc from 'fast-check';
import { parseTime } from '../../nodes/shared/time';

const iso = (written: string, zone: string): string =>
	new Date(parseTime(written, zone)).toISOString();

describe('A time that a builder gives', () => {
	it.each([
		['2026-11-22T10:00:00Z', 'America/New_York', '2026-11-22T10:00:00.000Z'],
		['2026-11-22T10:00:00+02:00', 'America/New_York', '2026-11-22T08:00:00.000Z'],
		['2026-11-22T10:00:00', 'America/New_York', '2026-11-22T15:00:00.000Z'],
		['2026-07-22 10:00', 'America/New_York', '2026-07-22T14:00:00.000Z'],
		['2026-11-22', 'Asia/Seoul', '2026-11-21T15:00:00.000Z'],
		[' 2026-11-22 ', 'UTC', '2026-11-22T00:00:00.000Z'],
		['2026-03-29T00:59:59', 'Europe/London', '2026-03-29T00:59:59.000Z'],
		['2026-03-29T02:00:00', 'Europe/London', '2026-03-29T01:00:00.000Z'],
	])('%j in %s is %s', (written, zone, moment) => {
		expect(iso(written, zone)).toBe(moment);
	});

	it('is invalid when empty', () => {
		for (const written of ['', 'yesterday', '2026-13-40', '2026-13-40T10:00:00'])
			expect(parseTime(written, 'UTC')).toBeNaN();
	});

	it('is none when it names no day: that would be another one tomorrow', () => {
		for (const written of ['10:00', 'T10:00', '9:00 AM', '10'])
			expect(parseTime(written, 'UTC')).toBeNaN();
	});

	it("is read in the workflow's zone, whatever the machine's", () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
				fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/Phoenix'),
				(date, zone) => {
					const written = date.toISOString().slice(0, 19);
					const shown = new Date(parseTime(written, zone)).toLocaleString('sv-SE', {
						timeZone: zone,
					});
					expect(shown.replace(' ', 'T')).toBe(written);
				},
			),
		);
	});
});
