/** Recognizes an event that Klaviyo sends under two topics, such as an old and a new name of its metric, as one event. */
import type { IWebhookFunctions } from 'n8n-workflow';
import type { MessageEvent } from '../../../domain/items';
import { nodeKey, processMemory } from '../../shared/processMemory';

export interface SentMessage {
	topic: string;
	message: MessageEvent;
}

interface FirstTopic {
	topic: string;
	/** Milliseconds since 1970. */
	at: number;
}

/** For each trigger, the topic under which each event came first, by the event's key, oldest first. */
const taken = processMemory<Map<string, FirstTopic>>();

/** Milliseconds for which a topic is remembered. The second one comes at the same time. */
const KEPT_FOR = 900_000;
/** Events that a trigger remembers. */
const MAX_KEYS = 10_000;

/**
 * Only the events under the topic under which they came first, whether the other topic comes in the same request or in
 * another one. A repeated delivery under that topic passes: the first may have been lost.
 */
export function underFirstTopic(
	context: IWebhookFunctions,
	sent: readonly SentMessage[],
): MessageEvent[] {
	const trigger = nodeKey(context);
	const known = taken.get(trigger) ?? new Map<string, FirstTopic>();
	taken.set(trigger, known);
	const now = Date.now();
	for (const [key, { at }] of known) {
		if (known.size <= MAX_KEYS && now - at < KEPT_FOR && at <= now) break;
		known.delete(key);
	}
	return sent.flatMap(({ topic, message }) => {
		const first = known.get(message.key) ?? { topic, at: now };
		known.set(message.key, first);
		return first.topic === topic ? [message] : [];
	});
}
