/** Records that Zendesk says are not there, apart from those that only could not be read. */
import type { NodeApiError } from 'n8n-workflow';
import { isGone, isOk, type VendorAnswer } from '../../shared/answer';
import type { VendorCall } from '../../shared/send';
import { saysNoAccount, type Zendesk } from './client';

/** Whether there is no such record. A page in Zendesk's place, or a wrong address, says nothing about it. */
export const saysGone = (answer: VendorAnswer): boolean => isGone(answer) && !saysNoAccount(answer);

/** In place of a record that is not there: the error for whoever needs it. */
export class Gone {
	constructor(readonly refusal: NodeApiError) {}
}

/** @throws NodeApiError named `what`, when the answer is no 2xx and the record may be there */
export async function askFor(
	zendesk: Zendesk,
	what: string,
	call: VendorCall,
): Promise<VendorAnswer | Gone> {
	const answer = await zendesk.request(call);
	if (isOk(answer)) return answer;
	return goneOr(zendesk, what, answer);
}

/** @throws NodeApiError named `what`, when the record may be there */
export function goneOr(zendesk: Zendesk, what: string, answer: VendorAnswer): Gone {
	const refusal = zendesk.refusal(what, answer);
	if (saysGone(answer)) return new Gone(refusal);
	throw refusal;
}

/** @throws NodeApiError when it is gone */
export function present<T>(read: T | Gone): T {
	if (read instanceof Gone) throw read.refusal;
	return read;
}

export const unlessGone = <T>(read: T | Gone): T | undefined =>
	read instanceof Gone ? undefined : read;
