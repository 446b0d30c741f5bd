/**
 * Ticket: Log Outbound Message.
 *
 * Notes messages that were sent. All messages of one conversation share one list and one read of its history.
 */

import { type IDataObject, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { Execute, Operation } from '../../../shared/operation';
import { optionsField, scopeOption } from './messageOptions';
import { conversationOf } from '../../../../domain/conversation/externalId';
import type { AttemptedNotes } from '../../../../domain/notes';
import { logOutbound as log, mayBeOwnReply } from '../../../../domain/outbound';
import { channelField } from '../../../shared/channel';
import {
	beforeGiven,
	type ItemError,
	itemError,
	itemsLeft,
	linkResults,
} from '../../../shared/items';
import { sharedByTries } from '../../../shared/tries';
import { type Zendesk, zendeskOf } from '../../api/client';
import { zendeskNoteStore } from '../../api/noteStore';
import { openConversations } from '../../api/openConversations';
import { type OutboundInput, readOutbound } from './outboundMessage';

const properties: INodeProperties[] = [
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		required: true,
		default: '={{ $json.to }}',
		description:
			"The customer's phone number. Identifies the conversation, together with the channel.",
	},
	channelField,
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.body }}',
		description: 'The text that was sent to the customer',
	},
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		required: true,
		default: '={{ $json.key }}',
		description: 'Unique key of the message. A message with the same key is never noted twice.',
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'dateTime',
		required: true,
		default: '={{ $json.sentAt }}',
		description: 'When the message was sent',
	},
	{
		displayName: 'Kind',
		name: 'kind',
		type: 'string',
		default: '={{ $json.kind }}',
		placeholder: 'e.g. campaign',
		description:
			"What sent the message: campaign, flow, conversation (Klaviyo's Inbox, or an agent's reply) or autoResponse",
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'string',
		default: '={{ $json.event }}',
		placeholder: 'e.g. delivered',
		description:
			'What happened to the message: delivered, failed or autoResponse. Items with other events are returned with the outcome "skipped". Leave empty for delivered.',
	},
	{
		displayName: 'Campaign Name',
		name: 'campaignName',
		type: 'string',
		default: "={{ $json.campaign?.name ?? '' }}",
		description: 'Shown in the note',
	},
	{
		displayName: 'Failure Reason',
		name: 'failureReason',
		type: 'string',
		default: "={{ $json.delivery?.reason ?? '' }}",
		description: 'Why the message was not delivered. Shown in the note.',
	},
	optionsField([
		{
			...scopeOption,
			description:
				'The scope that Create or Reopen From Message uses, if you separate conversations there',
		},
		{
			displayName: 'Ticket ID',
			name: 'ticketId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 12345',
			description:
				"The ticket to note it on, such as one that was just created. Leave empty for the conversation's open ticket.",
		},
	]),
];

/** Conversations in parallel. Zendesk allows an account 100 updates a minute. */
const CONCURRENCY = 5;

/** From this many conversations on, one search finds those with an open ticket. */
const MIN_FOR_SEARCH = 50;

type Conversations = Map<string, OutboundInput[]>;

/** Messages that are noted together: those of a conversation, or those of it for a chosen ticket. */
const groupOf = ({ externalId, ticketId }: OutboundInput): string =>
	[conversationOf(externalId), ...(ticketId === undefined ? [] : [ticketId])].join(' ');

/** An agent's reply that failed is noted on a solved ticket too, so its conversation is always read. */
const needsOpenTicket = (message: OutboundInput): boolean =>
	!message.ticketId && !(message.isFailed && mayBeOwnReply(message));

/** The conversations without an open ticket; none if asking one by one is cheaper than a search. */
async function withoutOpenTicket(
	zendesk: Zendesk,
	conversations: Conversations,
): Promise<Set<string>> {
	const askable = [...conversations]
		.filter(([, messages]) => messages.every(needsOpenTicket))
		.map(([externalId]) => externalId);
	if (askable.length < MIN_FOR_SEARCH) return new Set();
	const open = await openConversations(zendesk, askable.length);
	return new Set(open ? askable.filter((externalId) => !open.has(externalId)) : []);
}

const attemptedBy = sharedByTries((): AttemptedNotes => new Set());

const execute: Execute = async (context, items) => {
	const results = new Array<IDataObject | ItemError>(items.length);
	const conversations: Conversations = new Map();
	const fail = (messages: readonly OutboundInput[], error: unknown): void => {
		for (const { itemIndex } of messages) results[itemIndex] = itemError(context, error, itemIndex);
	};
	const finish = (itemIndex: number, result: IDataObject): void => {
		results[itemIndex] = beforeGiven(result, items[itemIndex]);
	};

	for (const [itemIndex, input] of itemsLeft(context, items)) {
		try {
			const message = readOutbound(context, input, itemIndex);
			if (!message) {
				finish(itemIndex, { outcome: 'skipped', ticketId: null, notifyAgent: false });
				continue;
			}
			const conversation = groupOf(message);
			const messages = conversations.get(conversation);
			if (messages) messages.push(message);
			else conversations.set(conversation, [message]);
		} catch (error) {
			results[itemIndex] = itemError(context, error, itemIndex);
		}
	}

	const zendesk = await zendeskOf(context);
	const attempted = attemptedBy(context);
	const note = async (messages: OutboundInput[]): Promise<void> => {
		const [first] = messages;
		if (!first) return;
		const { ticketId: alsoTicketId } = first;
		const externalId = conversationOf(first.externalId);
		const scope = { externalId, ...(alsoTicketId === undefined ? {} : { alsoTicketId }) };
		try {
			const logged = await log(onceEach(messages), zendeskNoteStore(zendesk, scope), attempted);
			const seen = new Set<string>();
			for (const { itemIndex, key } of messages) {
				const result = logged.get(key);
				if (!result || result.outcome === 'failed') {
					const message = `The message was not noted on a ticket. ${result?.message ?? ''}`.trim();
					const description =
						'Run the item again: a message that is noted already is not noted twice.';
					const options = { itemIndex, description };
					results[itemIndex] = new NodeOperationError(context.getNode(), message, options);
					continue;
				}
				const isRepeat = result.outcome === 'logged' && seen.has(key);
				const { ticketId } = result;
				const ticketUrl = ticketId === null ? null : `${zendesk.origin}/agent/tickets/${ticketId}`;
				const again = isRepeat ? { outcome: 'duplicate', notifyAgent: false } : {};
				finish(itemIndex, { ...result, ...again, ticketUrl, externalId });
				seen.add(key);
			}
		} catch (error) {
			fail(messages, error);
		}
	};
	const conversationsWithoutTicket = await withoutOpenTicket(zendesk, conversations).catch(
		(error: unknown) => error,
	);
	const limit = pLimit(CONCURRENCY);
	await Promise.all(
		[...conversations].map(([externalId, messages]) =>
			limit(async () => {
				if (!(conversationsWithoutTicket instanceof Set)) {
					fail(messages, conversationsWithoutTicket);
				} else if (conversationsWithoutTicket.has(externalId)) {
					const none = { outcome: 'noTicket', ticketId: null, notifyAgent: false };
					for (const { itemIndex } of messages)
						finish(itemIndex, { ...none, ticketUrl: null, externalId });
				} else await note(messages);
			}),
		),
	);
	return linkResults(context, items, results);
};

/** A message that came twice in one execution, by webhook and by catch-up, counts once. */
const onceEach = (messages: OutboundInput[]): OutboundInput[] => [
	...new Map(messages.map((message) => [message.key, message])).values(),
];

export const logOutbound: Operation = {
	properties,
	execute,
	eventRole: 'accompanies',
};
