/** One text as the parameters give it, checked and ready to be filed. */
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { boundedText } from '../../../../domain/conversation/bounds';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { toExternalId } from '../../../../domain/conversation/externalId';
import { plainLine } from '../../../../domain/plainLine';
import { optOutReasons } from '../../../../domain/screening';
import { toE164 } from '../../../../domain/phone';
import { itemParameter, listParameter, trimmedParameter } from '../../../shared/parameters';
import { parseTime } from '../../../shared/time';
import type { StoredMessage, NewTicket } from '../../api/ticketStore';
import { attachedOf } from './attachedComments';
import { NoId, newTicketOf, type MessageOptions } from './newTicket';

export interface MessageInput extends Customer {
	itemIndex: number;
	/** Several for a message that fits no comment. */
	pieces: StoredMessage[];
	/** What goes with it. */
	attachedTo: StoredMessage[];
}

/** Whose conversation it is. */
export interface Customer {
	externalId: string;
	/** The customer's, E.164. */
	phone: string;
	email: string | null;
	/** Whether the builder takes the address for the customer's own. */
	trustsEmail: boolean;
	name: string | null;
}

/** Zendesk's idempotency keys end at 255 characters, and hold the conversation's external id. */
const LONGEST_SCOPE = 100;

/** Whoever has a form of the brand's says what they are called. */
const LONGEST_NAME = 100;

/** What Zendesk's search would take for more than an address is none: anybody may have typed it. */
const EMAIL =
	/^[^\s\p{Cc}"*\\:,;<>()[\]@]{1,64}@[^\s\p{Cc}"'*\\:,;<>()[\]@]{1,185}\.[^\s\p{Cc}"'*\\:,;<>()[\].@]{2,63}$/u;

const wrong = (
	context: IExecuteFunctions,
	itemIndex: number,
	message: string,
	description: string,
): NodeOperationError =>
	new NodeOperationError(context.getNode(), message, { itemIndex, description });

const optionsAt = (context: IExecuteFunctions, itemIndex: number): MessageOptions =>
	context.getNodeParameter('options', itemIndex, {}) as MessageOptions;

/** @throws NodeOperationError when 'Customer Phone' is no number, or the scope too long */
export function readCustomer(context: IExecuteFunctions, itemIndex: number): Customer {
	const typed = trimmedParameter(context, 'customerPhone', itemIndex);
	const phone = toE164(typed);
	if (!phone)
		throw wrong(
			context,
			itemIndex,
			"'Customer Phone' is no phone number",
			`It is '${typed}'. A number with its country code is needed, such as +15005550006.`,
		);
	const options = optionsAt(context, itemIndex);
	const scope = String(options.scope ?? '').trim() || undefined;
	if (scope && scope.length > LONGEST_SCOPE)
		throw wrong(
			context,
			itemIndex,
			"'Conversation Scope' is too long",
			`It has ${scope.length} characters; ${LONGEST_SCOPE} are possible. Use a short word, such as the brand's.`,
		);
	return {
		externalId: toExternalId({ channel: 'sms', phone, scope }),
		phone,
		email: EMAIL.exec(trimmedParameter(context, 'customerEmail', itemIndex))?.[0] ?? null,
		trustsEmail: options.trustEmail === true,
		name: plainLine(trimmedParameter(context, 'customerName', itemIndex), LONGEST_NAME) || null,
	};
}

/** @throws NodeOperationError when number, key or time are missing, or an option makes no sense */
export function readText(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
): MessageInput {
	const customer = readCustomer(context, itemIndex);
	const key = trimmedParameter(context, 'key', itemIndex);
	if (!key)
		throw wrong(
			context,
			itemIndex,
			"'Key' is empty",
			"Without it the same message could get into a ticket twice. Map the trigger's 'key' to it.",
		);
	const sentAt = parseTime(trimmedParameter(context, 'sentAt', itemIndex), context.getTimezone());
	if (Number.isNaN(sentAt))
		throw wrong(context, itemIndex, "'Sent At' is no time", "Map the trigger's 'sentAt' to it.");
	const body = String(itemParameter(context, 'text', itemIndex, '') ?? '');
	const media = listParameter(context, 'mediaUrls', itemIndex).map(String).filter(Boolean);
	const history = listParameter(context, 'history', itemIndex);
	const options = optionsAt(context, itemIndex);
	const newTicket = ticketOf(context, itemIndex, options, customer);
	const { json } = input;
	const pieces = piecesOf({ ...customer, key, sentAt, body, media, newTicket }, json);
	const [first] = pieces;
	const warns = optOutReasons.includes(String(json.reason)) && options.warnOnOptOut !== false;
	const attached = options.attachMedia === false ? [] : media;
	return {
		...customer,
		itemIndex,
		pieces,
		attachedTo: first ? attachedOf(first, { media: attached, warns, history }) : [],
	};
}

function ticketOf(
	context: IExecuteFunctions,
	itemIndex: number,
	options: MessageOptions,
	{ name, phone }: Customer,
): NewTicket {
	try {
		return newTicketOf(options, name, phone);
	} catch (error) {
		const given = error instanceof NoId ? error.given : '';
		throw wrong(
			context,
			itemIndex,
			String((error as Error).message),
			`It is '${given}'. Choose from the list, or give the number that Zendesk shows for it.`,
		);
	}
}

interface CheckedMessage {
	key: string;
	sentAt: number;
	phone: string;
	body: string;
	media: string[];
	newTicket: NewTicket;
}

function piecesOf(
	{ key, sentAt, phone, body, media, newTicket }: CheckedMessage,
	{ profileId, eventId, to, flowKey: byFlow }: INodeExecutionData['json'],
): StoredMessage[] {
	// Zendesk refuses a blank comment.
	const whole = [body, ...media].filter((part) => part.trim()).join('\n');
	const shown = boundedText(whole) || '(The message is empty.)';
	const time = new Date(sentAt).toISOString();
	const sentNote = `<em>Sent ${time.slice(0, 16).replace('T', ' ')} UTC, before a message that is here already</em><br>`;
	const known = Object.entries({ sentAt: time, profileId, eventId, from: phone, to })
		.filter(([, value]) => value !== undefined && value !== null && value !== '')
		.map(([name, value]): [string, string] => [name, String(value)]);
	const flowKey = typeof byFlow === 'string' && byFlow !== key ? byFlow : '';
	return toComments(shown).map((html, index) => {
		const suffix = index === 0 ? '' : `/${index + 1}`;
		const identity = {
			key: `${key}${suffix}`,
			...(flowKey ? { flowKey: `${flowKey}${suffix}` } : {}),
		};
		const marker = { ...Object.fromEntries(known), ...identity };
		return { ...identity, sentAt, html, sentNote, marker, isNote: false, newTicket };
	});
}
