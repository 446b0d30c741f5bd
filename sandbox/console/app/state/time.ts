const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const exact = new Intl.DateTimeFormat('en-GB', {
	hour: '2-digit',
	minute: '2-digit',
	second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

export const timeOf = (at: number): string => time.format(at);
export const exactTimeOf = (at: number): string => exact.format(at);
export const dayOf = (at: number): string => day.format(at);
export const isoOf = (at: number): string => new Date(at).toISOString();

/** The time, for a moment of today; otherwise the date. */
export function shortly(at: number, now: number): string {
	return dayOf(at) === dayOf(now) ? timeOf(at) : shortDay.format(at);
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What is left, as a clock that runs down: "23:59:59". */
export function countdown(milliseconds: number): string {
	const parts = [
		milliseconds / HOUR,
		(milliseconds % HOUR) / MINUTE,
		(milliseconds % MINUTE) / SECOND,
	];
	return parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
}

/** A duration in its two largest units: "1 day 2 h". */
export function stretch(milliseconds: number): string {
	const units: Array<[number, (count: number) => string]> = [
		[DAY, (count) => (count === 1 ? '1 day' : `${count} days`)],
		[HOUR, (count) => `${count} h`],
		[MINUTE, (count) => `${count} min`],
		[SECOND, (count) => `${count} s`],
	];
	const parts: string[] = [];
	let left = milliseconds;
	for (const [unit, say] of units) {
		const count = Math.floor(left / unit);
		left -= count * unit;
		if (count > 0) parts.push(say(count));
	}
	return parts.slice(0, 2).join(' ') || '0 s';
}
