/** What this process knows of the claims it was given: what it has sent, and what it certainly has not. */
import type { ClaimedReply } from './items';
import { sendLimits } from './limits';
import type { SendOutcome } from './outcome';

/** The outcome of one claim that this process was given. */
export interface Sending {
	claimedAt: string;
	/** A promise while it is being sent. */
	outcome: SendOutcome | Promise<SendOutcome>;
	/** Whether it is certain that nothing was sent for it: no other process has this claim. */
	isUnsent: boolean;
}

/** By `claimName`. */
export type Sendings = Pick<Map<string, Sending>, 'get' | 'set'>;

export const claimName = ({ key }: ClaimedReply, claimNumber: number): string =>
	`${key} ${claimNumber}`;

/** @param claimedAt by this machine's clock or Zendesk's */
export function isKnownUnsent(
	reply: ClaimedReply,
	claimNumber: number,
	claimedAt: string,
	sendings: Sendings,
): boolean {
	const known = sendings.get(claimName(reply, claimNumber));
	const apart = Date.parse(known?.claimedAt ?? '') - Date.parse(claimedAt);
	return known?.isUnsent === true && Math.abs(apart) <= sendLimits.clockMargin;
}
