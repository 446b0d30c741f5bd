/** Phone numbers: what counts as one, and its one spelling (E.164). */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Characters. Anything longer is not a phone number. */
const MAX_LENGTH = 100;

/** The characters that people write phone numbers with. A letter makes it a name: a branded sender, such as `ACME`. */
const NUMBER_LIKE = /^[+＋]?[\p{Nd}\s().\-/\u00ad\u2010-\u2015\u2060]+$/u;

const E164 = /^\+[1-9]\d{6,14}$/;

/** An extension: `x4`, `ext. 12`, `#7`. The phone number is the same without it. */
const EXTENSION = /\s*(?:;ext=|[,;#]|(?<!\p{L})(?:extension|ext|x)[.:]?)\s*\d{1,7}$/iu;

/**
 * @param written a phone number in any spelling; without `+` it is read as a number of `country`
 * @param country two letters, as in Klaviyo's `From Phone Region`
 * @returns E.164 (`+15005550006`); null if it is not a phone number: a branded sender, a short code, empty
 */
export function toE164(written: string | null | undefined, country?: string): string | null {
	if (!written || written.length > MAX_LENGTH) return null;
	const text = written.normalize('NFKC').trim().replace(EXTENSION, '');
	if (!NUMBER_LIKE.test(text)) return null;
	const home = country?.toUpperCase();
	const parsed = parsePhoneNumberFromString(
		text,
		home && isSupportedCountry(home) ? home : undefined,
	);
	// Repeated until it no longer changes: the library may drop a leading zero each time, and a number needs one spelling.
	if (parsed?.isPossible()) return parsed.number === text ? text : toE164(parsed.number);
	// The vendor's spelling is trusted where the library's list of lengths lags behind the numbers in use.
	return E164.test(text) ? text : null;
}

/** @returns two letters, or null if the number does not tell */
export const countryOf = (e164: string | null | undefined): string | null =>
	(e164 && parsePhoneNumberFromString(e164)?.country) || null;

/**
 * Mobile numbers with two spellings, the current one first. Mexico's `1` and Argentina's `9` are from calls from abroad,
 * Brazil's ninth digit was added later; networks still deliver either.
 * https://github.com/google/libphonenumber/blob/master/FAQ.md
 */
const TWO_SPELLINGS: ReadonlyArray<{ form: RegExp; spellings: readonly string[]; shared: string }> =
	[
		{ form: /^\+521?([2-9]\d{9})$/, spellings: ['+52$1', '+521$1'], shared: '$1' },
		{ form: /^\+549?([1-3]\d{9})$/, spellings: ['+549$1', '+54$1'], shared: '$1' },
		{ form: /^\+55([1-9]{2})9?([6-9]\d{7})$/, spellings: ['+55$19$2', '+55$1$2'], shared: '$2' },
	];

const twoSpellingsOf = (e164: string) => TWO_SPELLINGS.find(({ form }) => form.test(e164));

/** @returns all E.164 spellings of the same phone number, always in the same order: most have one */
export function spellingsOf(e164: string): string[] {
	const two = twoSpellingsOf(e164);
	return two ? two.spellings.map((spelling) => e164.replace(two.form, spelling)) : [e164];
}

/** The last digits, which all spellings of a phone number share, with a country code or without. */
export function sharedDigits(e164: string): string {
	const two = twoSpellingsOf(e164);
	if (two) return e164.replace(two.form, two.shared);
	const national = parsePhoneNumberFromString(e164)?.nationalNumber;
	return national && e164.endsWith(national) ? national : e164.slice(1);
}

/** The international prefixes of most countries, North America and Australia; `+` means the same everywhere. */
const ABROAD = [/^(?!)/, /^00(?=\D*[1-9])/, /^011(?=\D*[1-9])/, /^0011(?=\D*[1-9])/];

/** The number's country. If several countries share its calling code and none has the number listed, one of them. */
const homeOf = (e164: string): string | undefined =>
	countryOf(e164) ?? parsePhoneNumberFromString(e164)?.getPossibleCountries()[0];

/**
 * Whether a phone number in any spelling is this one. Without a country code it is read as a number of the same country.
 */
export function isPhoneOf(written: string | null | undefined, e164: string): boolean {
	const spellings = spellingsOf(e164);
	const home = spellings.map(homeOf).find((country) => country !== undefined);
	return ABROAD.some((prefix) => {
		const phone = toE164(written?.trim().replace(prefix, '+'), home);
		return phone !== null && spellingsOf(phone).some((one) => spellings.includes(one));
	});
}
