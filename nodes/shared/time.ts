/** Times that vendors and people give. */

/** Years of four digits, which is what items carry. */
const [EARLIEST, LATEST] = [
	Date.parse('0000-01-01T00:00:00Z'),
	Date.parse('9999-12-31T23:59:59.999Z'),
];

/** Whether it is a moment that an item can carry, milliseconds since 1970. */
export const isMoment = (milliseconds: number): boolean =>
	milliseconds >= EARLIEST && milliseconds <= LATEST;

/** @returns the second that the moment is in, ISO 8601 in UTC; undefined for what is no moment */
export const wholeSecond = (milliseconds: number): string | undefined =>
	isMoment(milliseconds)
		? new Date(Math.floor(milliseconds / 1000) * 1000).toISOString()
		: undefined;

/** A date, or a date and time, that says no zone: what n8n's date picker gives. */
const ZONELESS = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;

/** How far a zone's clocks are ahead of UTC then, milliseconds. */
function aheadOfUtc(zone: string, moment: number): number {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	}).formatToParts(moment);
	const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
	const shown = Date.UTC(
		of('year'),
		of('month') - 1,
		of('day'),
		of('hour'),
		of('minute'),
		of('second'),
	);
	return shown - Math.floor(moment / 1000) * 1000;
}

/**
 * @param zone where a time without one belongs: the workflow's, as n8n's own nodes have it
 * @returns milliseconds since 1970, or NaN when it is no time
 */
export function parseTime(written: string, zone: string): number {
	const text = written.trim();
	if (!ZONELESS.test(text)) return Date.parse(text);
	const asUtc = Date.parse(text.length > 10 ? `${text.replace(' ', 'T')}Z` : text);
	if (Number.isNaN(asUtc)) return asUtc;
	// The zone's offset then is not known before the moment is: the second look is right but within a change of clocks.
	const guess = asUtc - aheadOfUtc(zone, asUtc);
	return asUtc - aheadOfUtc(zone, guess);
}
