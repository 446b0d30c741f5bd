/** Whether Klaviyo's log shows yet what was sent at a given time. */

/** Milliseconds by which a silence may be longer than those before, for messages that come at regular times. */
const TOLERANCE = 60_000;

/**
 * Klaviyo's log has been hours late (https://status.klaviyo.com, 2026-05-19): then a message that is not in it may have
 * been sent all the same. A newer message in the log shows that it has come so far, whoever that one went to. Without one,
 * the account's own traffic tells: the log counts as late when it has been silent for longer than between any two of
 * the messages before. An account that has sent fewer than two messages has no traffic to tell by.
 *
 * @param sent when the account's newest messages were sent, milliseconds since 1970, in any order
 * @param time up to when the log has to reach, milliseconds since 1970
 */
export function mayBeLate(sent: readonly number[], time: number, now: number): boolean {
	const times = [...sent].sort((one, other) => other - one);
	const [newest] = times;
	if (newest === undefined) return true;
	if (newest >= time) return false;
	const gaps = times.slice(1).map((earlier, index) => (times[index] ?? earlier) - earlier);
	return now - newest > Math.max(0, ...gaps) + TOLERANCE;
}
