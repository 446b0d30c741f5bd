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

/**
 * Who of those with a number is meant by it. A number that several people have says nothing, unless one of them is known
 * by something else. Whom an agent has suspended counts only where nobody else has the number.
 */
export function meantBy(
	sharing: readonly WireUser[],
	isKnown: (user: WireUser) => boolean = () => false,
): WireUser | undefined {
	const active = sharing.filter(({ suspended }) => !suspended);
	const among = active.length > 0 ? active : sharing;
	const [first, ...others] = among.length > 1 ? among.filter(isKnown) : among;
	return others.length === 0 ? first : undefined;
}
