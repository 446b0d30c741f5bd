/** All messages of one conversation that came in one execution, and what became of each. */
import { conversationOf, toExternalId } from '../../../../domain/conversation/externalId';
import { addMessages } from '../../../../domain/conversation/addMessages';
import {
	type Destination,
	type AddResult,
	isSettled,
} from '../../../../domain/conversation/addResult';
import { type ConversationRules, conversationRules } from '../../../../domain/conversation/rules';
import type { Zendesk } from '../../api/client';
import { type StoredMessage, zendeskTicketStore } from '../../api/ticketStore';
import { findOrMakeRequester, type Requester } from '../../api/requester';
import type { Customer, MessageInput } from './messageInput';

/** Where an operation puts messages, and the rules that it does without. */
export interface Placement {
	destination: Destination;
	rules?: Partial<ConversationRules>;
}

/** What became of a message, and what could not be added to it. */
export interface Filed {
	result: AddResult;
	/** Whether nothing is left to be done for it, nor for what goes with it. */
	isSettled: boolean;
	/** One line for each picture or file that is not attached. */
	mediaErrors: string[];
	/** One line for each internal note that is not written. */
	noteErrors: string[];
}

const keyOf = ({ pieces }: MessageInput): string => pieces[0]?.key ?? '';

const asDuplicate = (result: AddResult | undefined): AddResult | undefined =>
	result && 'ticketId' in result ? { ...result, outcome: 'duplicate' } : result;

/** @param hadTicket whether the conversation had a ticket before */
export type RequesterOf = (customer: Customer, hadTicket: boolean) => Promise<Requester>;

/** Finds or makes a customer's user once an execution, however many conversations the customer has in it. */
export const requestersOf = (zendesk: Zendesk): RequesterOf => {
	const found = new Map<string, Promise<Requester>>();
	return ({ phone, email, trustsEmail, name }, hadTicket) => {
		const externalId = toExternalId({ channel: 'sms', phone });
		const person = { phone, email, trustsEmail, name, externalId, hadTicket };
		const one = conversationOf(externalId);
		const requester = found.get(one) ?? findOrMakeRequester(zendesk, person);
		found.set(one, requester);
		return requester;
	};
};

/** Files all messages of one conversation, and says for each item what became of it. */
export async function addToConversation(
	zendesk: Zendesk,
	messages: MessageInput[],
	{ destination, rules }: Placement,
	requesterOf: RequesterOf,
): Promise<Map<number, Filed>> {
	const [first] = messages;
	if (!first) return new Map();
	/** The first item of each message: one that brings the same message again files nothing. */
	const firstOf = new Map([...messages].reverse().map((message) => [keyOf(message), message]));
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
	);
	const resultOf = (message: MessageInput): AddResult => {
		const outcomes = message.pieces.flatMap((piece) => results.get(piece.key) ?? []);
		const failed = outcomes.find(({ outcome }) => outcome === 'failed');
		const fresh = outcomes.find(({ outcome }) => outcome !== 'duplicate');
		const isRepeat = firstOf.get(keyOf(message)) !== message;
		const result = failed ?? (isRepeat ? asDuplicate(fresh) : fresh) ?? outcomes[0];
		return result ?? { outcome: 'failed', message: 'The message has no outcome' };
	};
	return new Map(
		messages.map((message) => {
			const attachedTo = firstOf.get(keyOf(message))?.attachedTo ?? [];
			const parts = [...(firstOf.get(keyOf(message))?.pieces ?? []), ...attachedTo];
			const errors = attachedTo.flatMap((piece) => errorsOf(piece, results.get(piece.key)));
			return [
				message.itemIndex,
				{
					result: resultOf(message),
					isSettled: parts.every(({ key }) => isSettled(results.get(key))),
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
