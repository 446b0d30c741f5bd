/** Reads one message from the parameters, checks it, and prepares it to be added to a ticket. */
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { type Channel, conversationChannelOf } from '../../../../domain/channel';
import { boundedText } from '../../../../domain/conversation/bounds';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { toExternalId } from '../../../../domain/conversation/externalId';
import { plainLine } from '../../../../domain/plainLine';
import { optOutReasons } from '../../../../domain/screening';
import { toE164 } from '../../../../domain/phone';
import { channelAt } from '../../../shared/channel';
import { itemParameter, listParameter, trimmedParameter } from '../../../shared/parameters';
import { fieldError, phoneFault, sentAtFault } from '../../../shared/fieldFaults';
import { parseTime } from '../../../shared/time';
import type { StoredMessage, NewTicket } from '../../api/ticketStore';
import { attachedOf } from './attachedComments';
import { InvalidId, newTicketOf, type MessageOptions } from './newTicket';

export interface MessageInput extends ConversationCustomer {
	itemIndex: number;
	/** Several if the message does not fit in one comment. */
	pieces: StoredMessage[];
	/** Comments that accompany it. */
	attachedTo: StoredMessage[];
}

/** The customer of the conversation. */
export interface ConversationCustomer {
	externalId: string;
	/** Of the message. */
	channel: Channel;
	/** E.164. */
	phone: string;
	email: string | null;
	/** Whether the builder trusts the address to be the customer's own. */
	trustsEmail: boolean;
	name: string | null;
}

/** Zendesk's idempotency keys have at most 255 characters, and contain the conversation's external id. */
const MAX_SCOPE_LENGTH = 100;

/** Anybody can type any name into a form of the brand's. */
const MAX_NAME_LENGTH = 100;

/** Excludes what Zendesk's search would take for more than an address: anybody may have typed it. */
const EMAIL =
	/^[^\s\p{Cc}"*\\:,;<>()[\]@]{1,64}@[^\s\p{Cc}"'*\\:,;<>()[\]@]{1,185}\.[^\s\p{Cc}"'*\\:,;<>()[\].@]{2,63}$/u;

const inputError = (
	context: IExecuteFunctions,
	itemIndex: number,
	message: string,
	description: string,
): NodeOperationError =>
	new NodeOperationError(context.getNode(), message, { itemIndex, description });

const optionsAt = (context: IExecuteFunctions, itemIndex: number): MessageOptions =>
	context.getNodeParameter('options', itemIndex, {}) as MessageOptions;

/** @throws NodeOperationError if 'Customer Phone' is not a phone number, or the scope is too long */
export function readCustomer(context: IExecuteFunctions, itemIndex: number): ConversationCustomer {
	const typed = trimmedParameter(context, 'customerPhone', itemIndex);
	const phone = toE164(typed);
	if (!phone) throw fieldError(context, itemIndex, phoneFault('Customer Phone', typed));
	const channel = channelAt(context, itemIndex);
	const options = optionsAt(context, itemIndex);
	const scope = String(options.scope ?? '').trim() || undefined;
	if (scope && scope.length > MAX_SCOPE_LENGTH)
		throw inputError(
			context,
			itemIndex,
			"'Conversation Scope' is too long",
			`It has ${scope.length} characters, but may have at most ${MAX_SCOPE_LENGTH}. Use a short word, such as the brand's name.`,
		);
	return {
		externalId: toExternalId({ channel: conversationChannelOf(channel), phone, scope }),
		channel,
		phone,
		email: EMAIL.exec(trimmedParameter(context, 'customerEmail', itemIndex))?.[0] ?? null,
		trustsEmail: options.trustEmail === true,
		name: plainLine(trimmedParameter(context, 'customerName', itemIndex), MAX_NAME_LENGTH) || null,
	};
}

/** On WhatsApp customers name themselves. */
function named(
	customer: ConversationCustomer,
	{ json: { displayName } }: INodeExecutionData,
): ConversationCustomer {
	if (customer.name !== null || typeof displayName !== 'string') return customer;
	return { ...customer, name: plainLine(displayName, MAX_NAME_LENGTH) || null };
}

/** @throws NodeOperationError if phone number, key or time is missing, or an option is not valid */
export function readMessage(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
): MessageInput {
	const customer = named(readCustomer(context, itemIndex), input);
	const key = trimmedParameter(context, 'key', itemIndex);
	if (!key)
		throw inputError(
			context,
			itemIndex,
			"'Key' is empty",
			"Without a key the same message could be added twice. Map the trigger's 'key' to it.",
		);
	const sent = trimmedParameter(context, 'sentAt', itemIndex);
	const sentAt = parseTime(sent, context.getTimezone());
	if (Number.isNaN(sentAt)) throw fieldError(context, itemIndex, sentAtFault('Sent At', sent));
	const body = String(itemParameter(context, 'text', itemIndex, '') ?? '');
	const media = listParameter(context, 'mediaUrls', itemIndex).map(String).filter(Boolean);
	const history = listParameter(context, 'history', itemIndex);
	const options = optionsAt(context, itemIndex);
	const newTicket = newTicketAt(context, itemIndex, options, customer);
	const { json } = input;
	const pieces = piecesOf({ ...customer, key, sentAt, body, media, newTicket }, json);
	const [first] = pieces;
	const warns = optOutReasons.includes(String(json.reason)) && options.warnOnOptOut !== false;
	const attached = options.attachMedia === false ? [] : media;
	return {
		...customer,
		itemIndex,
		pieces,
		attachedTo: first
			? attachedOf(first, { media: attached, warns, history, channel: customer.channel })
			: [],
	};
}

function newTicketAt(
	context: IExecuteFunctions,
	itemIndex: number,
	options: MessageOptions,
	customer: ConversationCustomer,
): NewTicket {
	try {
		return newTicketOf(options, customer);
	} catch (error) {
		const given = error instanceof InvalidId ? error.given : '';
		throw inputError(
			context,
			itemIndex,
			`${String((error as Error).message)}: '${given}'`,
			'Choose from the list, or enter the ID that Zendesk shows for it.',
		);
	}
}

/** What agents read in place of words. WhatsApp's pictures, voice messages and reactions come without any. */
const WORDLESS: Readonly<Record<Channel, string>> = {
	sms: '(The text is empty.)',
	rcs: '(The text is empty.)',
	whatsapp:
		'(The customer sent something that Klaviyo does not show: a picture, a voice message or a reaction.)',
};

interface CheckedMessage {
	key: string;
	channel: Channel;
	sentAt: number;
	phone: string;
	body: string;
	media: string[];
	newTicket: NewTicket;
}

function piecesOf(
	{ key, channel, sentAt, phone, body, media, newTicket }: CheckedMessage,
	{ profileId, eventId, to, flowKey: byFlow }: INodeExecutionData['json'],
): StoredMessage[] {
	// Zendesk refuses a blank comment.
	const whole = [body, ...media].filter((part) => part.trim()).join('\n');
	const shown = boundedText(whole) || WORDLESS[channel];
	const time = new Date(sentAt).toISOString();
	const sentNote = `<em>Sent ${time.slice(0, 16).replace('T', ' ')} UTC, earlier than a message that is already here</em><br>`;
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
