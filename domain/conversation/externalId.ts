/** The identity of a conversation on a Zendesk ticket: `klaviyo:<channel>:<phone>`, with `:<scope>` if there is one. */
import { type ConversationChannel, conversationChannels } from '../channel';
import { spellingsOf } from '../phone';

export interface Conversation {
	channel: ConversationChannel;
	/** The customer's phone number, E.164. Never the profile's id: profiles get merged. */
	phone: string;
	/** Keeps the conversations of several brands or phone numbers apart, if the builder wants that. */
	scope?: string;
}

const PATTERN = new RegExp(
	`^klaviyo:(${conversationChannels.join('|')}):(\\+\\d{5,15})(?::(.+))?$`,
	's',
);

export const toExternalId = ({ channel, phone, scope }: Conversation): string =>
	['klaviyo', channel, phone, ...(scope ? [scope] : [])].join(':');

/** @returns undefined if the ticket is not one of this integration's conversations */
export function fromExternalId(externalId: string | null | undefined): Conversation | undefined {
	const [, channel, phone, scope] = PATTERN.exec(externalId ?? '') ?? [];
	const known = conversationChannels.find((name) => name === channel);
	return known && phone ? { channel: known, phone, ...(scope ? { scope } : {}) } : undefined;
}

/** The external ids that a conversation's tickets may have, always in the same order: a number may have two spellings. */
export function externalIdsOf(externalId: string): string[] {
	const conversation = fromExternalId(externalId);
	if (!conversation) return [externalId];
	return spellingsOf(conversation.phone).map((phone) => toExternalId({ ...conversation, phone }));
}

/** The external id of a customer's user: one, whatever channels the customer uses. */
export const userIdOf = (phone: string): string => toExternalId({ channel: 'sms', phone });

/** The external id of a user who was created for the conversation although another user has the conversation's id. */
export const standInIdOf = (externalId: string): string => `${externalId}:requester`;

/** One id for the conversation, whichever of its ids is given. */
export const conversationOf = (externalId: string): string =>
	externalIdsOf(externalId)[0] ?? externalId;

/** Stands for conversations without a scope. */
export const NO_SCOPE = '-';

/** @param scope the wanted scope; '' for any */
export function isOfScope(externalId: string | null, scope: string): boolean {
	if (scope === '') return true;
	const conversation = fromExternalId(externalId);
	return conversation !== undefined && (conversation.scope ?? NO_SCOPE) === scope;
}
