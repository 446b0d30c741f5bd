/** Sending a text into a customer's conversation. https://developers.klaviyo.com/en/reference/conversations_api_overview */
import { isOk, isPassing } from '../../shared/http';
import type { Klaviyo } from './client';
import { explain } from './errors';

/** `unknown`: it may have gone out (no answer, 5xx), or may yet (rate limit). Not to be sent again without looking. */
export type Sent = 'accepted' | 'unknown' | { rejected: string };

/**
 * Sends one text. A lost answer is never asked for again: there is no idempotency key, and it may have been sent.
 *
 * @param by milliseconds since 1970, after which nothing is sent: a rate limit is waited for until then
 * @throws NodeApiError when the credential is not accepted
 */
export async function sendMessage(
	klaviyo: Klaviyo,
	conversationId: string,
	body: string,
	by: number,
): Promise<Sent> {
	const answer = await klaviyo.attempt({
		method: 'POST',
		path: '/api/conversation-messages',
		body: {
			data: {
				type: 'conversation-message',
				attributes: { body },
				relationships: { conversation: { data: { type: 'conversation', id: conversationId } } },
			},
		},
		repeatable: false,
		patience: by - Date.now(),
	});
	if (isOk(answer)) return 'accepted';
	return isPassing(answer) ? 'unknown' : { rejected: explain(answer) };
}
