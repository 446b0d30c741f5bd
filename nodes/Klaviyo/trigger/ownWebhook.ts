/**
 * Which webhook of Klaviyo's this process has seen to be a trigger's own. A request that was signed for another
 * workflow's webhook is signed with the same secret. Static data would not do: n8n can put an older copy back.
 */
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { nodeKey, processMemory } from '../../shared/processMemory';

interface Seen {
	id: string;
	/** Milliseconds since 1970. */
	at: number;
}

const seen = processMemory<Seen>();
/** Milliseconds. It is looked at each hour; who has not done so for two may be wrong by now. */
const GOOD_FOR = 7_200_000;

const keyOf = (context: IHookFunctions | IPollFunctions | IWebhookFunctions, url: string): string =>
	`${nodeKey(context)} ${url}`;

export const sawOwn = (context: IHookFunctions | IPollFunctions, url: string, id: string): void =>
	void seen.set(keyOf(context, url), { id, at: Date.now() });

/** @param id of the webhook that a request says, under its signature, to be from */
export function isOfAnother(context: IWebhookFunctions, id: string): boolean {
	const own = seen.get(keyOf(context, context.getNodeWebhookUrl('default') ?? ''));
	if (!own || own.id === '' || Math.abs(Date.now() - own.at) > GOOD_FOR) return false;
	return own.id !== id;
}
