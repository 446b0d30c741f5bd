/**
 * The id of each trigger's own webhook, as this process last saw it. Requests for webhooks of other workflows are signed
 * with the same secret. Static data does not help here: n8n can restore an older copy.
 */
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { nodeKey, processMemory } from '../../shared/processMemory';

interface Seen {
	id: string;
	/** Milliseconds since 1970. */
	at: number;
}

const seen = processMemory<Seen>();
/** Milliseconds. It is checked every hour; after two hours without a check it may be out of date. */
const GOOD_FOR = 7_200_000;

const webhookKey = (
	context: IHookFunctions | IPollFunctions | IWebhookFunctions,
	url: string,
): string => `${nodeKey(context)} ${url}`;

export const sawOwn = (context: IHookFunctions | IPollFunctions, url: string, id: string): void =>
	void seen.set(webhookKey(context, url), { id, at: Date.now() });

/** @param id the webhook that a signed request says it belongs to */
export function isOfAnother(context: IWebhookFunctions, id: string): boolean {
	const own = seen.get(webhookKey(context, context.getNodeWebhookUrl('default') ?? ''));
	if (!own || own.id === '' || Math.abs(Date.now() - own.at) > GOOD_FOR) return false;
	return own.id !== id;
}
