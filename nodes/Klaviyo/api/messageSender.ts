/** Klaviyo, as the rules of sending a reply see it: messages go into the customer's conversation. */
import type { MessageEvent } from '../../../domain/items';
import type { ReplyRecipient, LoggedReply, MessageSender } from '../../../domain/reply/send';
import { sendingsIn, type ShownMessage } from '../../../domain/reply/shown';
import { isLoggedAs } from '../../../domain/reply/words';
import { canReceiveSms } from '../../../domain/screening';
import type { Klaviyo } from './client';
import { eventsOf, newestEvents, readTogether } from './events';
import { sendMessage } from './messages';
import { type ConversationProfile, profileByPhone, profilesBy, quoted } from './profiles';
import { messageEventOf, metricIdOf, sendingIdOf } from './messageEvent';
import { messageMetricIds, type MessageMetricIds } from './messageMetricIds';
import { messageMetrics } from './messageMetrics';

/** Klaviyo's clock may be ahead of this machine's by as much, in milliseconds. */
const CLOCK_MARGIN = 60_000;

/** The customer as the rules need them. */
export const customerOf = (profile: ConversationProfile): ReplyRecipient => ({
	profileId: profile.id,
	email: profile.email,
	canReceiveSms: canReceiveSms(profile.consent),
	conversationId: profile.conversationId,
});

export const senderOf = (klaviyo: Klaviyo): MessageSender => ({
	through: 'conversation',

	now: () => Date.now(),

	async findCustomer(phone, profileId) {
		const profile = await profileByPhone(klaviyo, phone);
		if (profile) return customerOf(profile);
		const [once] = profileId === null ? [] : await profilesBy(klaviyo, 'id', [profileId]);
		return once && customerOf({ ...once, conversationId: null });
	},

	findInLog: async (_reply, profileId, body, since) =>
		await orUnreadable(look(klaviyo, profileId, body, since)),

	recentMessages: async () => await recentMessagesOf(klaviyo),

	async send(_reply, { conversationId }, body, by) {
		// The rules refuse a reply to who has none.
		if (conversationId === null) return { rejected: 'The customer has no conversation.' };
		return await sendMessage(klaviyo, conversationId, body, by);
	},
});

async function look(
	klaviyo: Klaviyo,
	profileId: string,
	body: string,
	since: number,
): Promise<LoggedReply | 'unreadable'> {
	const messages = await messagesSince(klaviyo, profileId, since);
	// A message whose words are not in the log could be this one.
	if (messages === 'unreadable' || messages.some(isWordless)) return 'unreadable';
	return sendingsIn(messages.filter((message) => isLoggedAs(message.body, body)));
}

/** Whether it could be any reply: what names its campaign or flow could not. */
export const isWordless = ({ kind, body, campaign }: MessageEvent): boolean =>
	body === '' && (kind === 'conversation' || (kind === 'campaign' && !campaign?.name));

/** Milliseconds since Klaviyo was asked for its metrics, for a look that decides whether to send. */
const FRESH = 60_000;

/**
 * Ids of the metrics that show what was sent. Without the one of delivered messages nothing of the kind can be told: that
 * it was not found is not to say that nothing was sent.
 */
async function outboundIds(klaviyo: Klaviyo): Promise<MessageMetricIds | undefined> {
	const { delivered, failed } = messageMetrics;
	const ids = await messageMetricIds(klaviyo, [delivered, failed], FRESH);
	return ids.has(delivered) ? ids : undefined;
}

const allOf = (ids: MessageMetricIds): string[] => [...ids.values()].flat();

/** @returns null where the event does not say its metric */
function isFailed(raw: unknown, ids: MessageMetricIds): boolean | null {
	const metricId = metricIdOf(raw);
	const { delivered, failed } = messageMetrics;
	if (metricId !== undefined && ids.get(failed)?.includes(metricId)) return true;
	const isDelivered = metricId !== undefined && ids.get(delivered)?.includes(metricId);
	return isDelivered || !ids.has(failed) ? false : null;
}

/** What a profile has been sent since then, delivered or failed: one that was both is there twice. */
export async function messagesSince(
	klaviyo: Klaviyo,
	profileId: string,
	since: number,
): Promise<Array<MessageEvent & ShownMessage> | 'unreadable'> {
	const ids = await outboundIds(klaviyo);
	if (!ids) return 'unreadable';
	const raw = await readTogether(
		klaviyo,
		allOf(ids),
		async (id) => await eventsSince(klaviyo, id, profileId, since),
	);
	// What counts, words and kind, is told in the same way by both metrics.
	const messages = raw.map((one) => {
		const message = messageEventOf(one, messageMetrics.delivered, true);
		return message && { ...message, messageId: sendingIdOf(one), isFailed: isFailed(one, ids) };
	});
	const readable = messages.flatMap((message) => message ?? []);
	return readable.length === messages.length ? readable : 'unreadable';
}

/** Messages that say how often the account sends any: a page of the log. */
const RECENT = 100;

/** When the newest messages of the account were sent, whoever they went to; milliseconds since 1970. */
async function recentTimes(klaviyo: Klaviyo): Promise<number[] | 'unreadable'> {
	const ids = await outboundIds(klaviyo);
	if (!ids) return 'unreadable';
	const newest = await readTogether(
		klaviyo,
		allOf(ids),
		async (id) => await newestEvents(klaviyo, id, RECENT),
	);
	return newest.flatMap((raw) => {
		const message = messageEventOf(raw, messageMetrics.delivered, true);
		return message ? Date.parse(message.sentAt) : [];
	});
}

/** @returns a metric's events of one profile, as Klaviyo sent them */
export const eventsSince = async (
	klaviyo: Klaviyo,
	metricId: string | readonly string[],
	profileId: string,
	since: number,
): Promise<unknown[]> =>
	await eventsOf(klaviyo, metricId, { after: since, until: Date.now() + CLOCK_MARGIN }, [
		`equals(profile_id,${quoted(profileId)})`,
	]);

/** Whatever keeps the log from being read, nothing may be sent on the strength of it. */
export async function orUnreadable<T>(read: Promise<T>): Promise<T | 'unreadable'> {
	try {
		return await read;
	} catch {
		return 'unreadable';
	}
}

export const recentMessagesOf = async (klaviyo: Klaviyo): Promise<number[] | 'unreadable'> =>
	await orUnreadable(recentTimes(klaviyo));
