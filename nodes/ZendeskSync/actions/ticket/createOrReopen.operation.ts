/** Ticket: Create or Reopen From Text. Texts of one conversation go one after the other, conversations side by side. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	NodeOperationError,
	updateDisplayOptions,
} from 'n8n-workflow';
import pLimit from 'p-limit';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { toExternalId } from '../../../../domain/conversation/externalId';
import { type Filing, fileTexts } from '../../../../domain/conversation/fileTexts';
import { toE164 } from '../../../../domain/phone';
import { asFailure, itemError } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { zendeskOf, type Zendesk } from '../../api/client';
import { type DeskText, httpDesk } from '../../api/desk';
import { findOrMakeRequester } from '../../api/requester';
import { newTicketFields, newTicketOf, type NewTicketOptions } from './newTicket';

/** Conversations at once. Zendesk allows an account 100 updates a minute. */
const SIDE_BY_SIDE = 5;

const properties: INodeProperties[] = [
	{
		displayName: 'Customer Number',
		name: 'customerNumber',
		type: 'string',
		required: true,
		default: '={{ $json.from }}',
		description: "The customer's phone number. It is what makes a conversation.",
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.body }}',
		description: 'What the customer wrote',
	},
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		required: true,
		default: '={{ $json.key }}',
		description: 'What makes this text this text. The same key is never put into a ticket twice.',
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'dateTime',
		required: true,
		default: '={{ $json.sentAt }}',
		description: 'When the customer sent it. Must not change when the same text comes again.',
	},
	{
		displayName: 'Pass Over Screened Out',
		name: 'passOverScreenedOut',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave out texts that Klaviyo: Message: Screen found not to open a ticket. They come out with the outcome "skipped".',
	},
	{
		displayName: 'Customer Name',
		name: 'customerName',
		type: 'string',
		default:
			"={{ [$json.customer?.firstName, $json.customer?.lastName].filter(Boolean).join(' ') }}",
		description: 'For a customer whom Zendesk does not know yet',
	},
	{
		displayName: 'Customer Email',
		name: 'customerEmail',
		type: 'string',
		placeholder: 'e.g. name@email.com',
		default: '={{ $json.customer?.email }}',
		description: 'By which the customer is found in Zendesk, where it is known',
	},
	newTicketFields,
];

/** One text as the parameters give it. */
interface Placed {
	itemIndex: number;
	externalId: string;
	number: string;
	email: string | null;
	name: string | null;
	pieces: DeskText[];
	options: NewTicketOptions;
}

const readItem = (
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
): Placed => {
	const text = (name: string): string =>
		String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	const wrong = (message: string, description: string): never => {
		throw new NodeOperationError(context.getNode(), message, { itemIndex, description });
	};
	const written = text('customerNumber');
	const number = toE164(written);
	if (!number)
		return wrong(
			"'Customer Number' is no phone number",
			`It is '${written}'. A number with its country code is needed, such as +15005550006.`,
		);
	const key = text('key');
	if (!key)
		wrong(
			"'Key' is empty",
			"Without it the same text could get into a ticket twice. Map the trigger's 'key' to it.",
		);
	const sentAt = Date.parse(text('sentAt'));
	if (Number.isNaN(sentAt)) wrong("'Sent At' is no time", "Map the trigger's 'sentAt' to it.");

	const options = context.getNodeParameter('options', itemIndex, {}) as NewTicketOptions;
	const { profileId, eventId, to, mediaUrls } = input.json;
	const body = String(context.getNodeParameter('text', itemIndex, '') ?? '');
	const media = Array.isArray(mediaUrls) ? mediaUrls.map(String) : [];
	// Zendesk refuses a blank comment.
	const shown = [body, ...media].filter((part) => part.trim()).join('\n') || '(The text is empty.)';
	const written_ = new Date(sentAt).toISOString();
	const marker = Object.fromEntries(
		Object.entries({ sentAt: written_, profileId, eventId, from: number, to })
			.filter(([, value]) => value !== undefined && value !== null && value !== '')
			.map(([name, value]) => [name, String(value)]),
	);
	const pieces = toComments(shown).map((html, index): DeskText => {
		const pieceKey = index === 0 ? key : `${key}/${index + 1}`;
		const sentNote = `<em>Sent ${written_.slice(0, 16).replace('T', ' ')} UTC, before the message above</em><br>`;
		return { key: pieceKey, sentAt, html, sentNote, marker: { ...marker, key: pieceKey } };
	});
	return {
		itemIndex,
		externalId: toExternalId({ channel: 'sms', number, scope: options.scope?.trim() || undefined }),
		number,
		email: text('customerEmail') || null,
		name: text('customerName') || null,
		pieces,
		options,
	};
};

const keyOf = ({ pieces }: Placed): string => pieces[0]?.key ?? '';

const asDuplicate = (filing: Filing | undefined): Filing | undefined =>
	filing && 'ticketId' in filing ? { ...filing, outcome: 'duplicate' } : filing;

/** Finds or makes a customer's user once an execution, however many conversations the customer has in it. */
const requestersOf = (zendesk: Zendesk): ((text: Placed) => Promise<string>) => {
	const found = new Map<string, Promise<string>>();
	return ({ number, email, name }) => {
		const person = { number, email, name, externalId: toExternalId({ channel: 'sms', number }) };
		const requester = found.get(number) ?? findOrMakeRequester(zendesk, person);
		found.set(number, requester);
		return requester;
	};
};

/** Files all texts of one conversation, and says for each item what became of it. */
async function fileConversation(
	zendesk: Zendesk,
	externalId: string,
	texts: Placed[],
	requesterOf: (text: Placed) => Promise<string>,
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

async function execute(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const outputs: INodeExecutionData[] = [];
	const failures: Array<[itemIndex: number, error: unknown]> = [];
	const conversations = new Map<string, Placed[]>();
	const fail = (itemIndex: number, error: unknown): void => {
		const shown = itemError(context, error, itemIndex);
		if (!context.continueOnFail()) throw shown;
		outputs[itemIndex] = asFailure(items[itemIndex] ?? { json: {} }, shown, itemIndex);
	};
	const finish = (itemIndex: number, result: IDataObject): void => {
		const json = { ...items[itemIndex]?.json, ...result };
		outputs[itemIndex] = { json, pairedItem: { item: itemIndex } };
	};

	for (const [itemIndex, input] of items.entries()) {
		const passesOver = context.getNodeParameter('passOverScreenedOut', itemIndex, true);
		if (passesOver && input.json.opensTicket === false) {
			finish(itemIndex, { outcome: 'skipped', ticketId: null });
			continue;
		}
		try {
			const placed = readItem(context, input, itemIndex);
			conversations.set(placed.externalId, [
				...(conversations.get(placed.externalId) ?? []),
				placed,
			]);
		} catch (error) {
			failures.push([itemIndex, error]);
		}
	}

	const zendesk = await zendeskOf(context);
	const requesterOf = requestersOf(zendesk);
	const limit = pLimit(SIDE_BY_SIDE);
	const file = async ([externalId, texts]: [string, Placed[]]): Promise<void> => {
		try {
			const filings = await fileConversation(zendesk, externalId, texts, requesterOf);
			for (const [itemIndex, filing] of filings) {
				if (filing.outcome === 'failed') {
					const message = `The text was not filed. ${filing.message}`;
					failures.push([
						itemIndex,
						new NodeOperationError(context.getNode(), message, { itemIndex }),
					]);
					continue;
				}
				const { outcome, ticketId } = filing;
				const ticketUrl = `${zendesk.origin}/agent/tickets/${ticketId}`;
				finish(itemIndex, { outcome, ticketId, ticketUrl, externalId });
			}
		} catch (error) {
			failures.push(...texts.map(({ itemIndex }): [number, unknown] => [itemIndex, error]));
		}
	};
	await Promise.all([...conversations].map((conversation) => limit(() => file(conversation))));
	// Only now: an item that fails keeps no other from being filed.
	for (const [itemIndex, error] of failures.sort(([a], [b]) => a - b)) fail(itemIndex, error);
	return outputs;
}

export const createOrReopen: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['ticket'], operation: ['createOrReopen'] } },
		properties,
	),
	execute,
};
