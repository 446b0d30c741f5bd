/** One text as the parameters give it, checked and ready to be filed. */
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { toExternalId } from '../../../../domain/conversation/externalId';
import { toE164 } from '../../../../domain/phone';
import type { DeskText } from '../../api/desk';
import type { NewTicketOptions } from './newTicket';

export interface PlacedText {
	itemIndex: number;
	externalId: string;
	/** The customer's, E.164. */
	number: string;
	email: string | null;
	name: string | null;
	/** Several for a text that fits no comment. */
	pieces: DeskText[];
	options: NewTicketOptions;
}

/** @throws NodeOperationError when number, key or time are missing or make no sense */
export function readText(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
): PlacedText {
	const parameter = (name: string): string =>
		String(context.getNodeParameter(name, itemIndex, '') ?? '');
	const wrong = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });

	const typed = parameter('customerNumber').trim();
	const number = toE164(typed);
	if (!number)
		throw wrong(
			"'Customer Number' is no phone number",
			`It is '${typed}'. A number with its country code is needed, such as +15005550006.`,
		);
	const key = parameter('key').trim();
	if (!key)
		throw wrong(
			"'Key' is empty",
			"Without it the same text could get into a ticket twice. Map the trigger's 'key' to it.",
		);
	const sentAt = Date.parse(parameter('sentAt'));
	if (Number.isNaN(sentAt))
		throw wrong("'Sent At' is no time", "Map the trigger's 'sentAt' to it.");

	const options = context.getNodeParameter('options', itemIndex, {}) as NewTicketOptions;
	const scope = options.scope?.trim() || undefined;
	return {
		itemIndex,
		externalId: toExternalId({ channel: 'sms', number, scope }),
		number,
		email: parameter('customerEmail').trim() || null,
		name: parameter('customerName').trim() || null,
		pieces: piecesOf({ key, sentAt, number, body: parameter('text') }, input.json),
		options,
	};
}

interface CheckedText {
	key: string;
	sentAt: number;
	number: string;
	body: string;
}

function piecesOf(
	{ key, sentAt, number, body }: CheckedText,
	{ profileId, eventId, to, mediaUrls }: INodeExecutionData['json'],
): DeskText[] {
	const links = Array.isArray(mediaUrls) ? mediaUrls.map(String) : [];
	// Zendesk refuses a blank comment.
	const shown = [body, ...links].filter((part) => part.trim()).join('\n') || '(The text is empty.)';
	const time = new Date(sentAt).toISOString();
	const sentNote = `<em>Sent ${time.slice(0, 16).replace('T', ' ')} UTC, before the message above</em><br>`;
	const known = Object.entries({ sentAt: time, profileId, eventId, from: number, to })
		.filter(([, value]) => value !== undefined && value !== null && value !== '')
		.map(([name, value]): [string, string] => [name, String(value)]);
	return toComments(shown).map((html, index) => {
		const pieceKey = index === 0 ? key : `${key}/${index + 1}`;
		const marker = { ...Object.fromEntries(known), key: pieceKey };
		return { key: pieceKey, sentAt, html, sentNote, marker };
	});
}
