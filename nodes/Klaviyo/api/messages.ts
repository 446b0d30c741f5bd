/** Sending a text into a customer's conversation. https://developers.klaviyo.com/en/reference/conversations_api_overview */
import { isOk } from '../../shared/http';
import type { Klaviyo } from './client';
import { explain } from './errors';

/**
 * Sends one text. Never repeated here: there is no idempotency key, and a lost answer may have been a sent text.
 *
 * @param timeout milliseconds for the one attempt
 * @returns Klaviyo's explanation when it refused, undefined when it took the text (202, without an id)
 * @throws NodeApiError when there was no answer: nobody knows whether the text went out
 */
export async function sendMessage(
	klaviyo: Klaviyo,
	conversationId: string,
	body: string,
	timeout?: number,
): Promise<string | undefined> {
	const answer = await klaviyo.ask({
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
		timeout,
	});
	return isOk(answer) ? undefined : explain(answer);
}
