/** The channel of a ticket, by one name whichever way the ticket came, and the choices that builders have for it. */
import { conversationChannels } from './channel';
import { fromExternalId } from './conversation/externalId';

/** Webhooks use other names for some channels than the REST API. */
const REST_NAME = new Map([
	['web_service', 'api'],
	['mail', 'email'],
]);

/**
 * @param via Zendesk's `via.channel`
 * @returns the channel of a Klaviyo conversation (`sms`, `whatsapp`), or else the name that the REST API uses
 */
export const ticketChannel = (
	externalId: string | null | undefined,
	via: string | number | null | undefined,
): string | null => {
	const conversation = fromExternalId(externalId)?.channel;
	if (conversation) return conversation;
	if (via === null || via === undefined) return null;
	return REST_NAME.get(String(via)) ?? String(via);
};

/** The choices, and the channels that each stands for. Conversations and `other` are decided otherwise. */
const CHANNELS_OF = new Map<string, readonly string[]>(
	Object.entries({
		api: ['api'],
		chat: ['chat'],
		email: ['email'],
		helpCenter: ['help_center', 'helpcenter', 'web_widget'],
		messaging: ['native_messaging', 'messaging'],
		mobile: ['mobile', 'mobile_sdk'],
		phone: ['phone', 'voice', 'voicemail'],
		socialMedia: ['facebook', 'twitter', 'x', 'instagram_dm', 'instagram', 'any_channel'],
		web: ['web'],
	}),
);

export const channelChoices = [...CHANNELS_OF.keys(), ...conversationChannels, 'other'] as const;

const isConversation = (choice: string): boolean =>
	conversationChannels.some((channel) => channel === choice);

/**
 * @param choices of `channelChoices`, or names of channels as the items have them
 */
export function isOnChannel(
	{ externalId, channel }: { externalId: string | null; channel: string | null },
	choices: readonly string[],
): boolean {
	const conversation = fromExternalId(externalId)?.channel;
	if (conversation) return choices.includes(conversation);
	const named = [...CHANNELS_OF.values()].flat();
	return choices.some((choice) =>
		choice === 'other'
			? !named.includes(channel ?? '')
			: (CHANNELS_OF.get(choice)?.includes(channel ?? '') ??
				(!isConversation(choice) && choice === channel)),
	);
}
