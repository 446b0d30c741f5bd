/** What messages are sent by, and the conversations that they belong to. */

export const channels = ['sms', 'whatsapp', 'rcs'] as const;
export type Channel = (typeof channels)[number];

export const channelNames: Readonly<Record<Channel, string>> = {
	sms: 'SMS',
	rcs: 'RCS',
	whatsapp: 'WhatsApp',
};

export const conversationChannels = ['sms', 'whatsapp'] as const;
export type ConversationChannel = (typeof conversationChannels)[number];

/** RCS messages belong to the SMS conversation: the number and the consent are the same, and Klaviyo chooses between them. */
export const conversationChannelOf = (channel: Channel): ConversationChannel =>
	channel === 'rcs' ? 'sms' : channel;
