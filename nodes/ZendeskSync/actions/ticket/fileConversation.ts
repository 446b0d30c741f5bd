/** All texts of one conversation that came in one execution, and what became of each. */
import { conversationOf, toExternalId } from '../../../../domain/conversation/externalId';
import { fileTexts } from '../../../../domain/conversation/fileTexts';
import { type Destination, type Filing, isSettled } from '../../../../domain/conversation/filing';
import { type ConversationRules, conversationRules } from '../../../../domain/conversation/rules';
import type { Zendesk } from '../../api/client';
import { type DeskText, httpDesk } from '../../api/desk';
import { findOrMakeRequester, type Requester } from '../../api/requester';
import type { Customer, PlacedText } from './placedText';

/** Where an operation puts texts, and the rules that it does without. */
export interface Placement {
	destination: Destination;
	rules?: Partial<ConversationRules>;
}

/** What became of a text, and what could not be added to it. */
export interface Filed {
	filing: Filing;
	/** Whether nothing is left to be done for it, nor for what goes with it. */
	isSettled: boolean;
	/** One line for each picture or file that is not attached. */
	mediaErrors: string[];
	/** One line for each internal note that is not written. */
	noteErrors: string[];
}

const keyOf = ({ pieces }: PlacedText): string => pieces[0]?.key ?? '';

const asDuplicate = (filing: Filing | undefined): Filing | undefined =>
	filing && 'ticketId' in filing ? { ...filing, outcome: 'duplicate' } : filing;

/** @param hadTicket whether the conversation had a ticket before */
export type RequesterOf = (customer: Customer, hadTicket: boolean) => Promise<Requester>;

/** Finds or makes a customer's user once an execution, however many conversations the customer has in it. */
export const requestersOf = (zendesk: Zendesk): RequesterOf => {
	const found = new Map<string, Promise<Requester>>();
	return ({ number, email, trustsEmail, name }, hadTicket) => {
		const externalId = toExternalId({ channel: 'sms', number });
		const person = { number, email, trustsEmail, name, externalId, hadTicket };
		const one = conversationOf(externalId);
		const requester = found.get(one) ?? findOrMakeRequester(zendesk, person);
		found.set(one, requester);
		return requester;
	};
};

/** Files all texts of one conversation, and says for each item what became of it. */
export async function fileConversation(
	zendesk: Zendesk,
	texts: PlacedText[],
	{ destination, rules }: Placement,
	requesterOf: RequesterOf,
): Promise<Map<number, Filed>> {
	const [first] = texts;
	if (!first) return new Map();
	/** The first item of each text: one that brings the same text again files nothing. */
	const firstOf = new Map([...texts].reverse().map((text) => [keyOf(text), text]));
	const once = [...firstOf.values()].reverse();
	const desk = httpDesk(zendesk, {
		externalId: first.externalId,
		ticketId: typeof destination === 'string' ? undefined : destination.ticketId,
		trustedEmail: first.trustsEmail ? first.email : null,
		requester: async (hadTicket) => await requesterOf(first, hadTicket),
	});
	const filings = await fileTexts(
		conversationOf(first.externalId),
		once.flatMap(({ pieces, company }) => [...pieces, ...company]),
		desk,
		{ ...conversationRules, ...rules },
		destination,
	);
	const filingOf = (text: PlacedText): Filing => {
		const outcomes = text.pieces.flatMap((piece) => filings.get(piece.key) ?? []);
		const failed = outcomes.find(({ outcome }) => outcome === 'failed');
		const fresh = outcomes.find(({ outcome }) => outcome !== 'duplicate');
		const isRepeat = firstOf.get(keyOf(text)) !== text;
		const filing = failed ?? (isRepeat ? asDuplicate(fresh) : fresh) ?? outcomes[0];
		return filing ?? { outcome: 'failed', message: 'The text has no outcome' };
	};
	return new Map(
		texts.map((text) => {
			const company = firstOf.get(keyOf(text))?.company ?? [];
			const parts = [...(firstOf.get(keyOf(text))?.pieces ?? []), ...company];
			const errors = company.flatMap((piece) => errorsOf(piece, filings.get(piece.key)));
			return [
				text.itemIndex,
				{
					filing: filingOf(text),
					isSettled: parts.every(({ key }) => isSettled(filings.get(key))),
					mediaErrors: errors.flatMap(({ media }) => media ?? []),
					noteErrors: errors.flatMap(({ note }) => note ?? []),
				},
			];
		}),
	);
}

function errorsOf(
	{ media }: DeskText,
	filing: Filing | undefined,
): Array<{ media?: string; note?: string }> {
	const message = filing?.outcome === 'failed' ? filing.message : undefined;
	if (!media) return message ? [{ note: message }] : [];
	const lines = media.faults.length > 0 ? media.faults : message ? [message] : [];
	return lines.map((line) => ({ media: line }));
}
