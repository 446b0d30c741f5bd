/** Telephone numbers: what counts as one, and its one spelling (E.164). */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Characters; what is longer is no number, and not worth looking at. */
const LONGEST = 100;

/** The characters a person writes a number with. A letter makes it a name: a branded sender, such as `ACME`. */
const NUMBER_LIKE = /^[+＋]?[\p{Nd}\s().\-/\u00ad\u2010-\u2015\u2060]+$/u;

const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * @param written a number in any spelling; without `+`, `country` says where it belongs
 * @param country two letters, as in Klaviyo's `From Phone Region`
 * @returns E.164 (`+15005550006`), or null when it is no number of a telephone: a branded sender, a short code, empty
 */
export function toE164(written: string | null | undefined, country?: string): string | null {
	if (!written || written.length > LONGEST) return null;
	const text = written.normalize('NFKC').trim();
	if (!NUMBER_LIKE.test(text)) return null;
	const home = country?.toUpperCase();
	const parsed = parsePhoneNumberFromString(
		text,
		home && isSupportedCountry(home) ? home : undefined,
	);
	// Until it stays as it is: the library may take a leading zero away at each reading, and one number needs one spelling.
	if (parsed?.isPossible()) return parsed.number === text ? text : toE164(parsed.number);
	// A vendor's spelling counts where the library's list of lengths is behind the numbers in use.
	return E164.test(text) ? text : null;
}

/** @returns two letters, or null where the number does not say */
export const countryOf = (e164: string | null | undefined): string | null =>
	(e164 && parsePhoneNumberFromString(e164)?.country) || null;
