/** Sending a text: into a customer's conversation, or by an event that a flow of the account answers with one. */
import type { MetricEvent } from '../../../domain/tracking/event';
import { isOk, isPassing, type VendorAnswer } from '../../shared/http';
import type { Klaviyo } from './client';
import { explain } from './errors';
import { eventCall } from './events';

/** `unknown`: it may have gone out (no answer, 5xx), or may yet (rate limit). Not to be sent again without looking. */
export type Sent = 'accepted' | 'unknown' | { rejected: string };

const sentBy = (answer: VendorAnswer): Sent => {
	if (isOk(answer)) return 'accepted';
	return isPassing(answer) ? 'unknown' : { rejected: explain(answer) };
};

/**
 * Sends one text. A lost answer is never asked for again: there is no idempotency key, and it may have been sent.
 * https://developers.klaviyo.com/en/reference/conversations_api_overview
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
	return sentBy(
		await klaviyo.attempt({
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
		}),
	);
}

/**
 * Records the event that a flow answers with a text: again after a lost answer, since only the first counts.
 *
 * @param by as for `sendMessage`
 * @throws NodeApiError when the credential is not accepted
 */
export const sendEvent = async (klaviyo: Klaviyo, event: MetricEvent, by: number): Promise<Sent> =>
	sentBy(await klaviyo.attempt(eventCall(event, by - Date.now())));
