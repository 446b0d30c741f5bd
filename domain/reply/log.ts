/** Whether Klaviyo's log already shows what was sent at a given time. */

/** Milliseconds by which a gap may be longer than earlier ones, for accounts that send at regular times. */
const TOLERANCE = 60_000;

/**
 * Klaviyo's log has been hours late (https://status.klaviyo.com, 2026-05-19), and then a message that it does not show
 * may have been sent all the same. A newer message to anybody shows that the log has caught up. Without one, the
 * account's own traffic decides: the log counts as late if it has been silent for longer than between any two earlier
 * messages. An account with fewer than two messages has no traffic to judge by.
 *
 * @param sent when the account's newest messages were sent, milliseconds since 1970, in any order
 * @param time the time that the log has to reach, milliseconds since 1970
 */
export function mayBeLate(sent: readonly number[], time: number, now: number): boolean {
	const times = [...sent].sort((one, other) => other - one);
	const [newest] = times;
	if (newest === undefined) return true;
	if (newest >= time) return false;
	const gaps = times.slice(1).map((earlier, index) => (times[index] ?? earlier) - earlier);
	return now - newest > Math.max(0, ...gaps) + TOLERANCE;
}
