/** Where a ticket came from, in one word whichever way it was seen, and what a builder may choose by it. */
import { fromExternalId } from './conversation/externalId';

/** Webhooks call some channels otherwise than the REST API does. */
const REST_NAME = new Map([
	['web_service', 'api'],
	['mail', 'email'],
]);

/**
 * @param via Zendesk's `via.channel`
 * @returns `sms` and the like for a conversation of ours, else the channel as the REST API calls it
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

/** What may be chosen, and which channels it stands for. `conversation` and `other` stand for themselves. */
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

export const channelChoices = [...CHANNELS_OF.keys(), 'sms', 'other'] as const;

/**
 * @param choices of `channelChoices`; a channel's own name, as the items carry it, will do too
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
				(choice !== 'sms' && choice === channel)),
	);
}
