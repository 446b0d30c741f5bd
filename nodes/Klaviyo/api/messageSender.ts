/** The message sender port of `domain/reply/send.ts`: sends messages into the customer's conversation. */
import type { ConversationChannel } from '../../../domain/channel';
import { type ClaimedReply, replyChannel } from '../../../domain/reply/items';
import {
	given,
	isShownOpen,
	type ReplyPermission,
	smsPermission,
	whatsAppPermission,
} from '../../../domain/reply/permission';
import type { ReplyRecipient, LoggedReply, MessageSender } from '../../../domain/reply/send';
import { sendingsIn } from '../../../domain/reply/shown';
import { isLoggedAs } from '../../../domain/reply/words';
import { canReceiveSms } from '../../../domain/screening';
import type { Klaviyo } from './client';
import { readHistory } from './messageHistory';
import { messageMetrics } from './messageMetrics';
import type { Profile } from './profile';
import { profileByPhone, profilesBy } from './profiles';
import { sendMessage } from './sendMessage';
import { isWordless, messagesSince, orUnreadable, recentMessagesOf } from './sentMessages';

/** The customer as the rules need them. */
export const customerOf = async (
	klaviyo: Klaviyo,
	profile: Profile,
	channel: ConversationChannel,
): Promise<ReplyRecipient> => ({
	profileId: profile.id,
	email: profile.email,
	permission:
		channel === 'sms'
			? smsPermission(canReceiveSms(profile.consent))
			: await windowOf(klaviyo, profile),
	conversationId: profile.conversationIds[channel] ?? null,
});

/**
 * The profile with the reply's number, and its conversation. Somebody may write from another number on WhatsApp than
 * their profile has.
 */
export async function profileToAnswer(
	klaviyo: Klaviyo,
	reply: ClaimedReply,
): Promise<Profile | undefined> {
	const { profileId, phone } = reply;
	const channel = replyChannel(reply);
	const profile = await profileByPhone(klaviyo, phone, channel);
	if (profile || channel !== 'whatsapp' || profileId === null) return profile;
	const { find } = await profilesBy(klaviyo, 'id', [profileId], { conversations: true });
	const other = find(profileId);
	return other?.whatsAppPhone === phone ? other : undefined;
}

/** Asks for the customer's newest message only if the profile does not show an open window. */
async function windowOf(
	klaviyo: Klaviyo,
	{ id, whatsAppWindow }: Profile,
): Promise<ReplyPermission> {
	if (isShownOpen(whatsAppWindow, Date.now())) return given;
	const { customerMessaged } = messageMetrics.whatsapp;
	const newest = await orUnreadable(
		readHistory(klaviyo, id, { metrics: [customerMessaged], limit: 1 }),
	);
	const [message] = newest === 'unreadable' ? [] : newest;
	const at = message ? Date.parse(message.sentAt) : null;
	return whatsAppPermission(whatsAppWindow, at, Date.now());
}

export const senderOf = (klaviyo: Klaviyo): MessageSender => ({
	through: 'conversation',

	now: () => Date.now(),

	async findCustomer(reply, profileId) {
		const channel = replyChannel(reply);
		const profile =
			profileId === null
				? await profileToAnswer(klaviyo, reply)
				: await profileByPhone(klaviyo, reply.phone, channel);
		if (profile) return await customerOf(klaviyo, profile, channel);
		if (profileId === null) return undefined;
		const { find, refusalOf } = await profilesBy(klaviyo, 'id', [profileId]);
		const refusal = refusalOf(profileId);
		if (refusal) throw refusal;
		const once = find(profileId);
		return once && (await customerOf(klaviyo, { ...once, conversationIds: {} }, channel));
	},

	findInLog: async (reply, profileId, body, since) =>
		await orUnreadable(look(klaviyo, { profileId, channel: replyChannel(reply) }, body, since)),

	recentMessages: async (reply) => await recentMessagesOf(klaviyo, replyChannel(reply)),

	async send(_reply, { conversationId }, body, by) {
		// The rules refuse a reply to a customer without one.
		if (conversationId === null) return { rejected: 'The customer has no conversation.' };
		return await sendMessage(klaviyo, conversationId, body, by);
	},
});

async function look(
	klaviyo: Klaviyo,
	recipient: { profileId: string; channel: ConversationChannel },
	body: string,
	since: number,
): Promise<LoggedReply | 'unreadable'> {
	const messages = await messagesSince(klaviyo, recipient, since);
	// A message whose text is not in the log could be this one.
	if (messages === 'unreadable' || messages.some(isWordless)) return 'unreadable';
	return sendingsIn(messages.filter((message) => isLoggedAs(message.body, body)));
}
