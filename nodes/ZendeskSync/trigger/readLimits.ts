/** How long one reading may take, and whose it is. */
import type { VendorContext } from '../../shared/http';
import type { Zendesk } from '../api/client';

export interface Deadline {
	/** Nothing new is begun later than this, milliseconds since 1970. */
	begin: number;
	/** No request is repeated later than this. */
	end: number;
}

export const isOver = ({ begin }: Deadline): boolean => Date.now() >= begin;

/** Milliseconds for which a request may be repeated. */
export const patienceOf = ({ end }: Deadline): number => Math.max(0, end - Date.now());

/** What is read with one credential is shared by all triggers that have it, and by no other. */
export function accountOf(context: VendorContext, { origin }: Zendesk): string {
	const { credentials } = context.getNode();
	return JSON.stringify([origin, credentials]);
}
