/** The time of an event, in whatever form Klaviyo writes it. */
import { wholeSecond } from '../../shared/time';

/** In webhooks with a space instead of the `T`; with or without fractions and offset. */
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)?$/i;
const RFC_2822 =
	/^(?:[a-z]{3}, )?(\d\d? [a-z]{3} \d{4} \d\d:\d\d:\d\d)(?: (GMT|UTC?|[+-]\d{4}))?$/i;
const EPOCH = /^\d{9,13}(?:\.\d+)?$/;
/** A larger number is in milliseconds: as seconds, it would be after the year 5138. */
const MOST_SECONDS = 99_999_999_999;

function millisecondsOf(written: unknown): number {
	if (typeof written === 'number') return written * (written > MOST_SECONDS ? 1 : 1000);
	if (typeof written !== 'string') return Number.NaN;
	const text = written.trim();
	if (EPOCH.test(text)) return millisecondsOf(Number(text));
	const [, date, clock, offset] = ISO.exec(text) ?? [];
	// Without an offset it is UTC, as all of Klaviyo's times are. JavaScript would assume this machine's time zone.
	if (date) return Date.parse(`${date}T${clock}${/^[+-]/.test(offset ?? '') ? offset : 'Z'}`);
	const [, moment, zone] = RFC_2822.exec(text) ?? [];
	return moment ? Date.parse(`${moment} ${zone ?? 'GMT'}`) : Number.NaN;
}

/**
 * @param written the same time in several forms, best first
 * @returns the first that can be read, ISO 8601 in UTC, to the second as the Events API has it
 */
export function eventTime(...written: unknown[]): string | undefined {
	for (const one of written) {
		const time = wholeSecond(millisecondsOf(one));
		if (time !== undefined) return time;
	}
	return undefined;
}
