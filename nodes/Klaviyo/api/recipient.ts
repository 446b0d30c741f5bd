/** Whom a message is sent to: one profile, and whether it may be sent the message. */
import type { ConversationChannel } from '../../../domain/channel';
import { spellingsOf } from '../../../domain/phone';
import { sendRefusals } from '../../../domain/reply/outcome';
import { given, type ReplyPermission } from '../../../domain/reply/permission';
import type { SendThrough } from '../../../domain/reply/send';
import type { Klaviyo } from './client';
import { customerOf } from './messageSender';
import type { Profile } from './profile';
import { profilesBy, profilesWithPhone } from './profiles';

/** As the builder names them. */
export interface WantedRecipient {
	profileId: string | null;
	/** E.164. */
	phone: string | null;
	channel: ConversationChannel;
	through: SendThrough;
}

/** Why nobody can be sent the message, or it cannot be told who is meant. */
export const recipientFaults = {
	unknownProfile: 'Klaviyo has no profile with this ID. It may have been merged into another',
	unknownCustomer: sendRefusals.unknownCustomer,
	severalProfiles:
		'Klaviyo has several profiles with this phone number, and it cannot tell which is meant. Enter the profile ID instead',
	otherPhone: 'the profile with this ID has another phone number',
	noPhone: 'the profile has no phone number',
	noConversation: sendRefusals.noConversation,
	noConsent: sendRefusals.noConsent,
	windowClosed: sendRefusals.windowClosed,
	noTemplates: 'Klaviyo shows that the customer may not be sent WhatsApp templates',
} as const;
export type RecipientFault = keyof typeof recipientFaults;

export interface Recipient {
	profileId: string;
	/** E.164. */
	phone: string;
	conversationId: string | null;
	/** Why the customer may not be sent it now. */
	refusal?: RecipientFault;
	/** For `windowClosed`: milliseconds since 1970; null if it is not known. */
	closedSince?: number | null;
}

const phoneOf = ({ phone, whatsAppPhone }: Profile, channel: ConversationChannel): string | null =>
	channel === 'whatsapp' ? (whatsAppPhone ?? phone) : phone;

const isPhone = (phone: string | null, wanted: string): boolean =>
	phone !== null && spellingsOf(wanted).includes(phone);

/** @returns the profile, or why there is none */
async function profileOf(
	klaviyo: Klaviyo,
	{ profileId, phone, channel, through }: WantedRecipient,
): Promise<Profile | RecipientFault> {
	// Who sends through a flow may not be allowed to read conversations.
	const conversations = through === 'conversation';
	if (profileId !== null) {
		const { find, refusalOf } = await profilesBy(klaviyo, 'id', [profileId], { conversations });
		const refusal = refusalOf(profileId);
		if (refusal) throw refusal;
		const profile = find(profileId);
		if (profile && phone !== null && !isPhone(phoneOf(profile, channel), phone))
			return 'otherPhone';
		if (profile || phone === null) return profile ?? 'unknownProfile';
	}
	const profiles = await profilesWithPhone(klaviyo, spellingsOf(phone ?? ''), { conversations });
	const [only, another] = profiles;
	if (!only || !another) return only ?? 'unknownCustomer';
	const [conversing, other] = profiles.filter(
		({ conversationIds }) => conversationIds[channel] !== undefined,
	);
	return conversing && !other ? conversing : 'severalProfiles';
}

/** A flow sends a template on WhatsApp, for which the 24 hours do not count. */
async function permissionOf(
	klaviyo: Klaviyo,
	profile: Profile,
	{ channel, through }: WantedRecipient,
): Promise<{ permission: ReplyPermission; mayBeSentTemplates: boolean | null }> {
	const { mayBeSentTemplates } = profile;
	if (through === 'flow' && channel === 'whatsapp')
		return { permission: given, mayBeSentTemplates };
	const { permission } = await customerOf(klaviyo, profile, channel);
	return { permission, mayBeSentTemplates: null };
}

/** @returns the recipient, or why there is none. One who may not be sent the message now is a recipient. */
export async function recipientOf(
	klaviyo: Klaviyo,
	wanted: WantedRecipient,
): Promise<Recipient | RecipientFault> {
	const { channel, through } = wanted;
	const profile = await profileOf(klaviyo, wanted);
	if (typeof profile === 'string') return profile;
	const phone = phoneOf(profile, channel);
	if (phone === null) return 'noPhone';
	const { permission, mayBeSentTemplates } = await permissionOf(klaviyo, profile, wanted);
	const recipient = {
		profileId: profile.id,
		phone,
		conversationId: profile.conversationIds[channel] ?? null,
	};
	if (!permission.isGiven)
		return {
			...recipient,
			refusal: permission.reason,
			...(permission.reason === 'windowClosed' ? { closedSince: permission.since } : {}),
		};
	if (mayBeSentTemplates === false) return { ...recipient, refusal: 'noTemplates' };
	return through === 'conversation' && recipient.conversationId === null
		? { ...recipient, refusal: 'noConversation' }
		: recipient;
}
