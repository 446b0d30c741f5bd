/** Times that people give. */

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
export function timeOf(written: string, zone: string): number {
	const text = written.trim();
	if (!ZONELESS.test(text)) return Date.parse(text);
	const asUtc = Date.parse(text.length > 10 ? `${text.replace(' ', 'T')}Z` : text);
	if (Number.isNaN(asUtc)) return asUtc;
	// The zone's offset then is not known before the moment is: the second look is right but within a change of clocks.
	const guess = asUtc - aheadOfUtc(zone, asUtc);
	return asUtc - aheadOfUtc(zone, guess);
}
