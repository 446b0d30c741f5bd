/** Times that vendors and people give. */
import { tryToParseDateTime } from 'n8n-workflow';

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

/** A time of no day: n8n would take it for one of today, which is another day tomorrow. */
const NO_DAY = /^T|^\d{1,2}(?::|$)/;

/**
 * @param zone where a time without one belongs: the workflow's, as n8n's own nodes have it
 * @returns milliseconds since 1970, or NaN when it is not a time
 */
export function parseTime(written: string, zone: string): number {
	const text = written.trim();
	if (NO_DAY.test(text)) return NaN;
	try {
		return tryToParseDateTime(text, zone).toMillis();
	} catch {
		return NaN;
	}
}
