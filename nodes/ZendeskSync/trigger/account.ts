/** Whose a reading is. */
import type { VendorContext } from '../../shared/http';
import type { Zendesk } from '../api/client';

/** What is read with one credential is shared by all triggers that have it, and by no other. */
export function accountOf(context: VendorContext, { origin }: Zendesk): string {
	const { credentials } = context.getNode();
	return JSON.stringify([origin, credentials]);
}
