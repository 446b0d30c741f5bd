/** Whose a reading is. */
import type { VendorContext } from '../../shared/transport';
import type { Zendesk } from '../api/client';

/** What is read with one credential is shared by all triggers that have it, and by no other, nor by another user in it. */
export function accountOf(context: VendorContext, { origin, user }: Zendesk): string {
	const { credentials } = context.getNode();
	return JSON.stringify([origin, user, credentials]);
}
