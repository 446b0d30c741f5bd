/**
 * Sends a message: into a customer's conversation, or by recording an event that makes one of the account's flows
 * send it.
 */
import { sleep } from 'n8n-workflow';
import type { MetricEvent } from '../../../domain/tracking/event';
import { isOk, isTransient, type VendorAnswer } from '../../shared/answer';
import { processMemory } from '../../shared/processMemory';
import type { Klaviyo } from './client';
import { explain } from './errors';
import { eventCall } from './eventWriter';

/**
 * `unknown`: it may have been sent (no answer, 5xx), so it must not be sent again without looking. `notTaken`:
 * Klaviyo did not accept it, each time because of a rate limit.
 */
export type Sent = 'accepted' | 'unknown' | 'notTaken' | { rejected: string };

/** Milliseconds between two messages: Klaviyo accepts three a second. */
const SPACING = 350;

/** When the next message of an account may be sent, milliseconds since 1970. */
const nextSends = processMemory<number>();

/**
 * Waits for the account's next turn: a message refused for a rate limit would have to wait longer, and might miss its
 * turn.
 */
async function turn({ account }: Klaviyo): Promise<void> {
	const now = Date.now();
	const at = Math.max(now, Math.min(nextSends.get(account) ?? 0, now + 60_000));
	nextSends.set(account, at + SPACING);
	if (at > now) await sleep(at - now);
}

const sentBy = (answer: VendorAnswer): Sent => {
	if (isOk(answer)) return 'accepted';
	return isTransient(answer) ? 'unknown' : { rejected: explain(answer) };
};

/**
 * Sends one message. Never sent again after a lost answer: there is no idempotency key, and the first may have been
 * sent.
 * https://developers.klaviyo.com/en/reference/conversations_api_overview
 *
 * @param by milliseconds since 1970, after which nothing is sent; until then, it waits for a rate limit
 * @throws NodeApiError when the credential is not accepted
 */
export async function sendMessage(
	klaviyo: Klaviyo,
	conversationId: string,
	body: string,
	by: number,
): Promise<Sent> {
	await turn(klaviyo);
	if (Date.now() > by) return 'notTaken';
	const answer = await klaviyo.tryRequest({
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
		retryForMs: by - Date.now(),
	});
	return answer.status === 429 ? 'notTaken' : sentBy(answer);
}

/**
 * Records the event that makes a flow send the message. Sent again after a lost answer, because only the first
 * counts.
 *
 * @param by as for `sendMessage`
 * @throws NodeApiError when the credential is not accepted
 */
export const sendEvent = async (klaviyo: Klaviyo, event: MetricEvent, by: number): Promise<Sent> =>
	sentBy(await klaviyo.tryRequest(eventCall(event, by - Date.now())));
