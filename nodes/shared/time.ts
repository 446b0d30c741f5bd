/** Times from vendors and people. */
import { tryToParseDateTime } from 'n8n-workflow';

/** Years with four digits: items hold no others. */
const [EARLIEST, LATEST] = [
	Date.parse('0000-01-01T00:00:00Z'),
	Date.parse('9999-12-31T23:59:59.999Z'),
];

/** Whether it is a time that an item can hold, milliseconds since 1970. */
export const isMoment = (milliseconds: number): boolean =>
	milliseconds >= EARLIEST && milliseconds <= LATEST;

/** @returns the time truncated to the second, ISO 8601 in UTC; undefined if it is not a valid time */
export const wholeSecond = (milliseconds: number): string | undefined =>
	isMoment(milliseconds)
		? new Date(Math.floor(milliseconds / 1000) * 1000).toISOString()
		: undefined;

/** A time without a date: n8n would take it as today's, which is another day tomorrow. */
const NO_DAY = /^T|^\d{1,2}(?::|$)/;

/**
 * @param zone the time zone of a time without one: the workflow's, as in n8n's own nodes
 * @returns milliseconds since 1970, or NaN if it is not a time
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
