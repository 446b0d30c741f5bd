/** The identity of a conversation on a Zendesk ticket: `klaviyo:<channel>:<number>` with an optional scope. */
import { channels } from '../items';
import { spellingsOf } from '../phone';

export interface Conversation {
	channel: (typeof channels)[number];
	/** The customer's number, E.164. Never the profile's id: profiles are merged. */
	phone: string;
	/** Keeps brands or receiving numbers apart, where the builder wants that. */
	scope?: string;
}

const PATTERN = new RegExp(`^klaviyo:(${channels.join('|')}):(\\+\\d{5,15})(?::(.+))?$`, 's');

export const toExternalId = ({ channel, phone, scope }: Conversation): string =>
	['klaviyo', channel, phone, ...(scope ? [scope] : [])].join(':');

/** @returns undefined for a ticket that is no conversation of ours */
export function fromExternalId(externalId: string | null | undefined): Conversation | undefined {
	const [, channel, phone, scope] = PATTERN.exec(externalId ?? '') ?? [];
	const known = channels.find((name) => name === channel);
	return known && phone ? { channel: known, phone, ...(scope ? { scope } : {}) } : undefined;
}

/** The ids that a conversation's tickets may bear, always in one order: a number may have two spellings. */
export function externalIdsOf(externalId: string): string[] {
	const conversation = fromExternalId(externalId);
	if (!conversation) return [externalId];
	return spellingsOf(conversation.phone).map((phone) => toExternalId({ ...conversation, phone }));
}

/** Of a user who was made for the conversation though somebody else has its id. */
export const standInIdOf = (externalId: string): string => `${externalId}:requester`;

/** One name for the conversation, whichever of its ids is given. */
export const conversationOf = (externalId: string): string =>
	externalIdsOf(externalId)[0] ?? externalId;

/** In place of a scope: for conversations that have none. */
export const NO_SCOPE = '-';

/** @param scope that is wanted; '' for any */
export function isOfScope(externalId: string | null, scope: string): boolean {
	if (scope === '') return true;
	const conversation = fromExternalId(externalId);
	return conversation !== undefined && (conversation.scope ?? NO_SCOPE) === scope;
}
