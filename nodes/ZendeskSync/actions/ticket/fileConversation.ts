/** All texts of one conversation that came in one execution, and what became of each. */
import { toExternalId } from '../../../../domain/conversation/externalId';
import { fileTexts } from '../../../../domain/conversation/fileTexts';
import type { Filing } from '../../../../domain/conversation/filing';
import type { Zendesk } from '../../api/client';
import { httpDesk } from '../../api/desk';
import { findOrMakeRequester } from '../../api/requester';
import { newTicketOf } from './newTicket';
import type { PlacedText } from './placedText';

const keyOf = ({ pieces }: PlacedText): string => pieces[0]?.key ?? '';

const asDuplicate = (filing: Filing | undefined): Filing | undefined =>
	filing && 'ticketId' in filing ? { ...filing, outcome: 'duplicate' } : filing;

/** Finds or makes a customer's user once an execution, however many conversations the customer has in it. */
export const requestersOf = (zendesk: Zendesk): ((text: PlacedText) => Promise<string>) => {
	const found = new Map<string, Promise<string>>();
	return ({ number, email, name }) => {
		const person = { number, email, name, externalId: toExternalId({ channel: 'sms', number }) };
		const requester = found.get(number) ?? findOrMakeRequester(zendesk, person);
		found.set(number, requester);
		return requester;
	};
};

/** Files all texts of one conversation, and says for each item what became of it. */
export async function fileConversation(
	zendesk: Zendesk,
	externalId: string,
	texts: PlacedText[],
	requesterOf: (text: PlacedText) => Promise<string>,
): Promise<Map<number, Filing>> {
	const [first] = texts;
	if (!first) return new Map();
	/** The first item of each text: one that brings the same text again files nothing. */
	const firstOf = new Map([...texts].reverse().map((text) => [keyOf(text), text]));
	const once = [...firstOf.values()].reverse();
	const textOf = new Map(once.flatMap((text) => text.pieces.map((piece) => [piece.key, text])));
	const desk = httpDesk(
		zendesk,
		externalId,
		(piece) => {
			const { number, name, options } = textOf.get(piece.key) ?? first;
			return newTicketOf(options, name, number);
		},
		async () => await requesterOf(first),
	);
	const filings = await fileTexts(
		externalId,
		once.flatMap((text) => text.pieces),
		desk,
	);
	return new Map(
		texts.map((text) => {
			const outcomes = text.pieces.flatMap((piece) => filings.get(piece.key) ?? []);
			const failed = outcomes.find((filing) => filing.outcome === 'failed');
			const fresh = outcomes.find((filing) => filing.outcome !== 'duplicate');
			const isRepeat = firstOf.get(keyOf(text)) !== text;
			const filing = failed ?? (isRepeat ? asDuplicate(fresh) : fresh) ?? outcomes[0];
			return [text.itemIndex, filing ?? { outcome: 'failed', message: 'The text has no outcome' }];
		}),
	);
}
