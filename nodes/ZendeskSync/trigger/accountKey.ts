/** Cache key: the account, user and credential that data was read with. */
import type { VendorContext } from '../../shared/send';
import type { Zendesk } from '../api/client';

/** Data is shared by all triggers with the same credential, but not with other credentials, nor after its user changed. */
export function accountKey(context: VendorContext, { origin, user }: Zendesk): string {
	const { credentials } = context.getNode();
	return JSON.stringify([origin, user, credentials]);
}
