/** Sending a text into a customer's conversation. https://developers.klaviyo.com/en/reference/conversations_api_overview */
import type { JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { isOk, type VendorAnswer } from '../../shared/http';
import type { Klaviyo } from './client';
import { explain } from './errors';

/** `unknown`: it may have gone out (no answer, 5xx), or may yet (rate limit). Not to be sent again without looking. */
export type Sent = 'accepted' | 'unknown' | { rejected: string };

/**
 * Sends one text. A lost answer is never asked for again: there is no idempotency key, and it may have been sent.
 *
 * @throws NodeApiError when the credential is not accepted
 */
export async function sendMessage(
	klaviyo: Klaviyo,
	conversationId: string,
	body: string,
): Promise<Sent> {
	let answer: VendorAnswer;
	try {
		answer = await klaviyo.ask({
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
		});
	} catch (error) {
		const fault = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
		if (fault.httpCode === '401') throw fault;
		return 'unknown';
	}
	if (isOk(answer)) return 'accepted';
	return answer.status === 429 || answer.status >= 500 ? 'unknown' : { rejected: explain(answer) };
}
