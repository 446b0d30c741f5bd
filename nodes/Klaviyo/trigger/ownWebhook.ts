/** Tells requests for the trigger's own webhook from those for other workflows', which are signed with the same secret. */
import type { IWebhookFunctions } from 'n8n-workflow';
import { ownWebhook } from '../../shared/ownWebhook';

/** Milliseconds. It is checked every hour; after two hours without a check it may be out of date. */
const GOOD_FOR = 7_200_000;

/** @param id the webhook that a signed request says it belongs to */
export function isOfAnother(context: IWebhookFunctions, id: string): boolean {
	const own = ownWebhook(context, context.getNodeWebhookUrl('default') ?? '');
	if (!own || own.id === '' || Math.abs(Date.now() - own.at) > GOOD_FOR) return false;
	return own.id !== id;
}
