/** An event that Klaviyo sends under two topics, as of an old and a new name of its metric, is one event. */
import type { IWebhookFunctions } from 'n8n-workflow';
import type { MessageEvent } from '../../../domain/items';
import { nodeKey, processMemory } from '../../shared/processMemory';

export interface SentMessage {
	topic: string;
	message: MessageEvent;
}

interface Taken {
	topic: string;
	/** Milliseconds since 1970. */
	at: number;
}

/** By trigger: under which topic each event came first, by its key, the oldest first. */
const taken = processMemory<Map<string, Taken>>();

/** Milliseconds for which a topic is remembered. Its twin is sent at the same time. */
const KEPT_FOR = 900_000;
/** Events that a trigger remembers. */
const MOST_KEPT = 10_000;

/**
 * The events whose topic is the one under which they came first, whether the other came in the same request or in one of
 * its own. A repeated delivery of that topic passes: it may be there because the first was lost.
 */
export function underFirstTopic(
	context: IWebhookFunctions,
	sent: readonly SentMessage[],
): MessageEvent[] {
	const trigger = nodeKey(context);
	const known = taken.get(trigger) ?? new Map<string, Taken>();
	taken.set(trigger, known);
	const now = Date.now();
	for (const [key, { at }] of known) {
		if (known.size <= MOST_KEPT && now - at < KEPT_FOR && at <= now) break;
		known.delete(key);
	}
	return sent.flatMap(({ topic, message }) => {
		const first = known.get(message.key) ?? { topic, at: now };
		known.set(message.key, first);
		return first.topic === topic ? [message] : [];
	});
}
