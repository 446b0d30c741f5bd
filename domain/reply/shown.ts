/**
 * How many messages were sent, by what Klaviyo's log shows of them. One that is delivered and later fails, or the other
 * way round, is shown twice: once under each metric.
 */

export interface ShownMessage {
	/** Klaviyo's id of the sending, the same under both metrics; null where the log does not say. */
	messageId: string | null;
	/** Of which metric it is; null where the log does not say. */
	isFailed: boolean | null;
}

/** At least so many, and at most. They differ where the log does not say which entries are of one message. */
export interface Sendings {
	messages: number;
	atMost: number;
}

/** Ids that stand once, each for one message. What stands twice under one metric tells no message from another. */
const telling = (shown: readonly ShownMessage[]): Set<string> => {
	const times = new Map<string, number>();
	for (const { messageId } of shown)
		if (messageId !== null) times.set(messageId, (times.get(messageId) ?? 0) + 1);
	return new Set([...times].flatMap(([id, count]) => (count === 1 ? [id] : [])));
};

export function sendingsIn(shown: readonly ShownMessage[]): Sendings {
	const failed = shown.filter(({ isFailed }) => isFailed === true);
	const delivered = shown.filter(({ isFailed }) => isFailed === false);
	const [failedIds, deliveredIds] = [telling(failed), telling(delivered)];
	const both = [...failedIds].filter((id) => deliveredIds.has(id)).length;
	const atMost = shown.length - both;
	// Of what has no id, or no metric, any two may be one.
	if (failed.length + delivered.length < shown.length)
		return { messages: Math.ceil(shown.length / 2), atMost };
	const withoutId = {
		failed: failed.length - failedIds.size,
		delivered: delivered.length - deliveredIds.size,
	};
	const failedAlone = Math.min(failedIds.size - both, withoutId.delivered);
	const deliveredAlone = Math.min(deliveredIds.size - both, withoutId.failed);
	const left = Math.min(withoutId.failed - deliveredAlone, withoutId.delivered - failedAlone);
	return { messages: atMost - failedAlone - deliveredAlone - left, atMost };
}
