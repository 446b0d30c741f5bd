/** Users by telephone number, however their numbers are written. */
import { isPhoneOf, sharedDigits } from '../../../domain/phone';
import type { WireUser } from './wire';

/**
 * With the asterisk, Zendesk's search finds the digits whatever stands between and before them; and parts of longer
 * numbers too. Several people may have one number.
 * https://developer.zendesk.com/documentation/voice/talk-partner-edition/retrieving-the-zendesk-user-id-of-a-caller/
 *
 * @param number E.164
 */
export async function usersWithPhone(
	wanted: string,
	search: (query: string) => Promise<WireUser[]>,
): Promise<WireUser[]> {
	const found = await search(`phone:*${sharedDigits(wanted)}`);
	return found.filter(({ phone }) => isPhoneOf(phone, wanted));
}

/** A number that several people have says nothing. */
export const onlyOne = ([first, ...others]: readonly WireUser[]): WireUser | undefined =>
	others.length === 0 ? first : undefined;
