/** The message sender port of `domain/reply/send.ts`: sends messages into the customer's conversation. */
import type { ReplyRecipient, LoggedReply, MessageSender } from '../../../domain/reply/send';
import { sendingsIn } from '../../../domain/reply/shown';
import { isLoggedAs } from '../../../domain/reply/words';
import { canReceiveSms } from '../../../domain/screening';
import type { Klaviyo } from './client';
import { type Profile, profileByPhone, profilesBy } from './profiles';
import { sendMessage } from './sendMessage';
import { isWordless, messagesSince, orUnreadable, recentMessagesOf } from './sentMessages';

/** The customer as the rules need them. */
export const customerOf = (profile: Profile): ReplyRecipient => ({
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
		if (profileId === null) return undefined;
		const { find, refusalOf } = await profilesBy(klaviyo, 'id', [profileId]);
		const refusal = refusalOf(profileId);
		if (refusal) throw refusal;
		const once = find(profileId);
		return once && customerOf({ ...once, conversationId: null });
	},

	findInLog: async (_reply, profileId, body, since) =>
		await orUnreadable(look(klaviyo, profileId, body, since)),

	recentMessages: async () => await recentMessagesOf(klaviyo),

	async send(_reply, { conversationId }, body, by) {
		// The rules refuse a reply to a customer without one.
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
	// A message whose text is not in the log could be this one.
	if (messages === 'unreadable' || messages.some(isWordless)) return 'unreadable';
	return sendingsIn(messages.filter((message) => isLoggedAs(message.body, body)));
}
