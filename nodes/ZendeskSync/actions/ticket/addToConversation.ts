/** Adds all messages that one execution has for a conversation, and returns the outcome of each. */
import { conversationOf, userIdOf } from '../../../../domain/conversation/externalId';
import { addMessages } from '../../../../domain/conversation/addMessages';
import {
	type Destination,
	type AddResult,
	type Attempted,
	isCompleted,
} from '../../../../domain/conversation/addResult';
import { type ConversationRules, conversationRules } from '../../../../domain/conversation/rules';
import type { Zendesk } from '../../api/client';
import { type StoredMessage, zendeskTicketStore } from '../../api/ticketStore';
import { findOrMakeRequester, type Requester } from '../../api/requester';
import type { ConversationCustomer, MessageInput } from './messageInput';

/** Where an operation adds messages, and the rules that it changes. */
export interface MessageTarget {
	destination: Destination;
	rules?: Partial<ConversationRules>;
}

/** The outcome of a message, and what could not be added with it. */
export interface AddedMessage {
	result: AddResult;
	/** Whether nothing is left to do for it and for the comments that accompany it. */
	isCompleted: boolean;
	/** One line for each picture or file that was not attached. */
	mediaErrors: string[];
	/** One line for each internal note that was not written. */
	noteErrors: string[];
}

const firstKeyOf = ({ pieces }: MessageInput): string => pieces[0]?.key ?? '';

const asDuplicate = (result: AddResult | undefined): AddResult | undefined =>
	result && 'ticketId' in result ? { ...result, outcome: 'duplicate' } : result;

/** @param hadTicket whether the conversation had a ticket before */
export type RequesterOf = (
	customer: ConversationCustomer,
	hadTicket: boolean,
) => Promise<Requester>;

/** Finds or creates a customer's user once per execution, however many conversations the customer has in it. */
export const requestersOf = (zendesk: Zendesk): RequesterOf => {
	const found = new Map<string, Promise<Requester>>();
	return ({ phone, email, trustsEmail, name }, hadTicket) => {
		const externalId = userIdOf(phone);
		const person = { phone, email, trustsEmail, name, externalId, hadTicket };
		const one = conversationOf(externalId);
		const requester = found.get(one) ?? findOrMakeRequester(zendesk, person);
		found.set(one, requester);
		return requester;
	};
};

/** Adds all messages of one conversation. @returns the outcome by item index */
export async function addToConversation(
	zendesk: Zendesk,
	messages: MessageInput[],
	{ destination, rules }: MessageTarget,
	requesterOf: RequesterOf,
	attempted: Attempted,
): Promise<Map<number, AddedMessage>> {
	const [first] = messages;
	if (!first) return new Map();
	/** The first item of each message: an item that repeats a message adds nothing. */
	const firstOf = new Map([...messages].reverse().map((message) => [firstKeyOf(message), message]));
	const once = [...firstOf.values()].reverse();
	const store = zendeskTicketStore(zendesk, {
		externalId: first.externalId,
		ticketId: typeof destination === 'string' ? undefined : destination.ticketId,
		trustedEmail: first.trustsEmail ? first.email : null,
		requester: async (hadTicket) => await requesterOf(first, hadTicket),
	});
	const results = await addMessages(
		conversationOf(first.externalId),
		once.flatMap(({ pieces, attachedTo }) => [...pieces, ...attachedTo]),
		store,
		{ ...conversationRules, ...rules },
		destination,
		attempted,
	);
	const resultOf = (message: MessageInput): AddResult => {
		const outcomes = message.pieces.flatMap((piece) => results.get(piece.key) ?? []);
		const failed = outcomes.find(({ outcome }) => outcome === 'failed');
		const fresh = outcomes.find(({ outcome }) => outcome !== 'duplicate');
		const isRepeat = firstOf.get(firstKeyOf(message)) !== message;
		const result = failed ?? (isRepeat ? asDuplicate(fresh) : fresh) ?? outcomes[0];
		return result ?? { outcome: 'failed', message: 'The result of the message is missing' };
	};
	return new Map(
		messages.map((message) => {
			const attachedTo = firstOf.get(firstKeyOf(message))?.attachedTo ?? [];
			const parts = [...(firstOf.get(firstKeyOf(message))?.pieces ?? []), ...attachedTo];
			const errors = attachedTo.flatMap((piece) => errorsOf(piece, results.get(piece.key)));
			return [
				message.itemIndex,
				{
					result: resultOf(message),
					isCompleted: parts.every(({ key }) => isCompleted(results.get(key))),
					mediaErrors: errors.flatMap(({ media }) => media ?? []),
					noteErrors: errors.flatMap(({ note }) => note ?? []),
				},
			];
		}),
	);
}

function errorsOf(
	{ media }: StoredMessage,
	result: AddResult | undefined,
): Array<{ media?: string; note?: string }> {
	const message = result?.outcome === 'failed' ? result.message : undefined;
	if (!media) return message ? [{ note: message }] : [];
	const lines = media.faults.length > 0 ? media.faults : message ? [message] : [];
	return lines.map((line) => ({ media: line }));
}
