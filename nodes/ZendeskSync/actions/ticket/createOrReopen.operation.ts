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
import { asFailure, itemError } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { zendeskOf } from '../../api/client';
import { fileConversation, requestersOf } from './fileConversation';
import { newTicketFields } from './newTicket';
import { type PlacedText, readText } from './placedText';

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

async function execute(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const outputs: INodeExecutionData[] = [];
	const failures: Array<[itemIndex: number, error: unknown]> = [];
	const conversations = new Map<string, PlacedText[]>();
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
			const placed = readText(context, input, itemIndex);
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
	const file = async ([externalId, texts]: [string, PlacedText[]]): Promise<void> => {
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
