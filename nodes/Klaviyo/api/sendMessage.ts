/** Sending a message: into a customer's conversation, or by an event that a flow of the account answers with one. */
import { sleep } from 'n8n-workflow';
import type { MetricEvent } from '../../../domain/tracking/event';
import { isOk, isTransient, type VendorAnswer } from '../../shared/answer';
import { processMemory } from '../../shared/processMemory';
import type { Klaviyo } from './client';
import { explain } from './errors';
import { eventCall } from './eventWriter';

/**
 * `unknown`: it may have gone out (no answer, 5xx). Not to be sent again without looking. `notTaken`: it was not taken,
 * each time for a rate limit.
 */
export type Sent = 'accepted' | 'unknown' | 'notTaken' | { rejected: string };

/** Milliseconds between two sends: Klaviyo takes three a second. */
const SPACING = 350;

/** From when on the next text of an account may be sent, milliseconds since 1970. */
const nextSends = processMemory<number>();

/** Waits for the account's next turn: what is refused for a rate limit has to wait longer, and may not get its turn. */
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
 * Sends one message. A lost answer is never asked for again: there is no idempotency key, and it may have been sent.
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
 * Records the event that a flow answers with a message: again after a lost answer, since only the first counts.
 *
 * @param by as for `sendMessage`
 * @throws NodeApiError when the credential is not accepted
 */
export const sendEvent = async (klaviyo: Klaviyo, event: MetricEvent, by: number): Promise<Sent> =>
	sentBy(await klaviyo.tryRequest(eventCall(event, by - Date.now())));
