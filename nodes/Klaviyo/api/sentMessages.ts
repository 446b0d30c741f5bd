/** What Klaviyo's event log shows of the messages that were sent to a profile. */
import type { ConversationChannel } from '../../../domain/channel';
import type { MessageEvent } from '../../../domain/items';
import type { ShownMessage } from '../../../domain/reply/shown';
import type { Klaviyo } from './client';
import { eventsOf, newestEvents, readTogether } from './eventReader';
import { messageEventOf, metricIdOf, sendingIdOf } from './messageEvent';
import { messageMetricIds, type MessageMetricIds } from './messageMetricIds';
import { messageMetrics } from './messageMetrics';

/** Klaviyo's clock may be ahead of this machine's by this many milliseconds. */
const CLOCK_MARGIN = 60_000;

/** Whether it could be any reply. A message that names its campaign or flow could not. */
export const isWordless = ({ kind, body, campaign }: MessageEvent): boolean =>
	body === '' && (kind === 'conversation' || (kind === 'campaign' && !campaign?.name));

/** The greatest age of the account's list of metrics, in milliseconds, when a look-up decides whether to send. */
const FRESH = 60_000;

/**
 * Ids of the metrics that show what was sent. Undefined without the metric of delivered messages: then a message that
 * is not found may have been sent all the same.
 */
async function outboundIds(
	klaviyo: Klaviyo,
	channel: ConversationChannel,
): Promise<MessageMetricIds | undefined> {
	const { delivered, failed } = messageMetrics[channel];
	const ids = await messageMetricIds(klaviyo, [delivered, failed], FRESH);
	return ids.has(delivered) ? ids : undefined;
}

const idsIn = (ids: MessageMetricIds): string[] => [...ids.values()].flat();

/** @returns null if the event does not name its metric */
function isFailed(
	raw: unknown,
	ids: MessageMetricIds,
	channel: ConversationChannel,
): boolean | null {
	const metricId = metricIdOf(raw);
	const { delivered, failed } = messageMetrics[channel];
	if (metricId !== undefined && ids.get(failed)?.includes(metricId)) return true;
	const isDelivered = metricId !== undefined && ids.get(delivered)?.includes(metricId);
	return isDelivered || !ids.has(failed) ? false : null;
}

/** What a profile has been sent on a channel since then, delivered or failed. A message that was both appears twice. */
export async function messagesSince(
	klaviyo: Klaviyo,
	{ profileId, channel }: { profileId: string; channel: ConversationChannel },
	since: number,
): Promise<Array<MessageEvent & ShownMessage> | 'unreadable'> {
	const ids = await outboundIds(klaviyo, channel);
	if (!ids) return 'unreadable';
	const raw = await readTogether(
		klaviyo,
		idsIn(ids),
		async (some) => await eventsSince(klaviyo, some, profileId, since),
	);
	// Both metrics tell what counts here, text and kind, in the same way.
	const messages = raw.flat().map((one) => {
		const message = messageEventOf(one, messageMetrics[channel].delivered, true);
		return (
			message && { ...message, messageId: sendingIdOf(one), isFailed: isFailed(one, ids, channel) }
		);
	});
	const readable = messages.flatMap((message) => message ?? []);
	return readable.length === messages.length ? readable : 'unreadable';
}

/** Messages that show how often the account sends any. */
const RECENT = 100;

/** When the account's newest messages on a channel were sent, to anyone; milliseconds since 1970. */
async function recentTimes(
	klaviyo: Klaviyo,
	channel: ConversationChannel,
): Promise<number[] | 'unreadable'> {
	const ids = await outboundIds(klaviyo, channel);
	if (!ids) return 'unreadable';
	const newest = await readTogether(
		klaviyo,
		idsIn(ids),
		async (some) => await newestEvents(klaviyo, some, RECENT),
	);
	return newest.flat().flatMap((raw) => {
		const message = messageEventOf(raw, messageMetrics[channel].delivered, true);
		return message ? Date.parse(message.sentAt) : [];
	});
}

/** @returns events of one profile, as Klaviyo sent them */
export const eventsSince = async (
	klaviyo: Klaviyo,
	metricIds: readonly string[],
	profileId: string,
	since: number,
): Promise<unknown[]> =>
	await eventsOf(klaviyo, metricIds, {
		profileId,
		after: since,
		until: Date.now() + CLOCK_MARGIN,
	});

/** If the log cannot be read, for whatever reason, nothing may be sent on the strength of it. */
export async function orUnreadable<T>(read: Promise<T>): Promise<T | 'unreadable'> {
	try {
		return await read;
	} catch {
		return 'unreadable';
	}
}

export const recentMessagesOf = async (
	klaviyo: Klaviyo,
	channel: ConversationChannel,
): Promise<number[] | 'unreadable'> => await orUnreadable(recentTimes(klaviyo, channel));
