/** What a process knows of the claims that it was given to send: what it has sent, and what it certainly has not. */
import type { ClaimedReply } from './items';
import { sendLimits } from './limits';
import type { SendOutcome } from './outcome';

/** What came of one claim that this process was given to send. */
export interface Sending {
	claimedAt: string;
	outcome: SendOutcome;
	/** Whether it is certain that nothing went out for it: nobody else has its claim. */
	isUnsent: boolean;
}

/** By `claimName`. */
export type Sendings = Pick<Map<string, Sending>, 'get' | 'set'>;

export const claimName = ({ key }: ClaimedReply, attempt: number): string => `${key} ${attempt}`;

/** @param claimedAt by this machine's clock or by Zendesk's */
export function isKnownUnsent(
	reply: ClaimedReply,
	attempt: number,
	claimedAt: string,
	sendings: Sendings,
): boolean {
	const known = sendings.get(claimName(reply, attempt));
	const apart = Date.parse(known?.claimedAt ?? '') - Date.parse(claimedAt);
	return known?.isUnsent === true && Math.abs(apart) <= sendLimits.clockMargin;
}
