/** Shared by the operations that add messages to tickets: one after the other within a conversation, conversations in parallel. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import pLimit from 'p-limit';
import type { Attempted } from '../../../../domain/conversation/addResult';
import { conversationOf } from '../../../../domain/conversation/externalId';
import {
	beforeGiven,
	type ItemError,
	itemError,
	itemsLeft,
	linkResults,
} from '../../../shared/items';
import { sharedByTries } from '../../../shared/tries';
import { markCompleted } from '../../../shared/completedEvents';
import { zendeskOf } from '../../api/client';
import {
	type AddedMessage,
	addToConversation,
	type MessageTarget,
	requestersOf,
} from './addToConversation';
import { type MessageInput, readMessage } from './messageInput';

/**
 * Conversations in parallel. Zendesk limits calls per minute, not calls at the same time, so fewer would only wait longer
 * for responses. What exceeds the limit waits for the next minute.
 */
const CONCURRENCY = 20;

const SUSPENDED =
	'An agent has suspended this customer in Zendesk, so the message is on no ticket. To get their messages again, end the suspension.';

const attemptedBy = sharedByTries((): Attempted => new Map());

export interface MessageOperation {
	/** Where the item's message goes. */
	targetOf(itemIndex: number): MessageTarget;
	/** Whether nothing is left to do for a message once it is added, so that catch-up need not bring it again. */
	completesEvent?: boolean;
	/** Whether the item is skipped, with the outcome `skipped`. */
	isSkipped?(input: INodeExecutionData, itemIndex: number): boolean;
}

interface Group {
	target: MessageTarget;
	messages: MessageInput[];
}

export async function addItems(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	{ targetOf, isSkipped, completesEvent }: MessageOperation,
): Promise<INodeExecutionData[]> {
	const results = new Array<IDataObject | ItemError>(items.length);
	const groups = new Map<string, Group>();
	const fail = (itemIndex: number, error: unknown): void => {
		results[itemIndex] = itemError(context, error, itemIndex);
	};
	const finish = (itemIndex: number, result: IDataObject): void => {
		results[itemIndex] = beforeGiven(result, items[itemIndex]);
	};

	for (const [itemIndex, input] of itemsLeft(context, items)) {
		if (isSkipped?.(input, itemIndex)) {
			finish(itemIndex, { outcome: 'skipped', ticketId: null });
			continue;
		}
		try {
			const message = readMessage(context, input, itemIndex);
			const target = targetOf(itemIndex);
			const { destination, rules } = target;
			const conversation = conversationOf(message.externalId);
			const name = JSON.stringify([conversation, destination, Object.keys(rules ?? {})]);
			const { messages } = groups.get(name) ?? { messages: [] };
			groups.set(name, { target, messages: [...messages, message] });
		} catch (error) {
			fail(itemIndex, error);
		}
	}

	const zendesk = await zendeskOf(context);
	const requesterOf = requestersOf(zendesk);
	const attempted = attemptedBy(context);
	const resultOf = (
		message: MessageInput,
		{ result, mediaErrors, noteErrors }: AddedMessage,
	): IDataObject => {
		if (result.outcome === 'failed') {
			const { message: words, advice: description } = result;
			const options = { itemIndex: message.itemIndex, ...(description ? { description } : {}) };
			throw new NodeOperationError(
				context.getNode(),
				`The message was not added to a ticket. ${words}`,
				options,
			);
		}
		const { outcome, ticketId } = result;
		if (outcome === 'suspended')
			return {
				outcome: 'skipped',
				reason: outcome,
				message: SUSPENDED,
				ticketId: null,
				externalId: message.externalId,
			};
		if (outcome === 'noTicket')
			return { outcome: 'skipped', ticketId: null, externalId: message.externalId };
		return {
			outcome,
			ticketId,
			ticketUrl: `${zendesk.origin}/agent/tickets/${ticketId}`,
			externalId: message.externalId,
			...(result.needsReopening ? { needsReopening: true } : {}),
			...(mediaErrors.length > 0 ? { mediaErrors } : {}),
			...(noteErrors.length > 0 ? { noteErrors } : {}),
		};
	};
	const add = async ({ target, messages }: Group): Promise<void> => {
		try {
			const added = await addToConversation(zendesk, messages, target, requesterOf, attempted);
			for (const message of messages) {
				const found = added.get(message.itemIndex);
				const key = message.pieces[0]?.key;
				if (completesEvent && found?.isCompleted && key) markCompleted(context, key);
				try {
					if (found) finish(message.itemIndex, resultOf(message, found));
				} catch (error) {
					fail(message.itemIndex, error);
				}
			}
		} catch (error) {
			for (const { itemIndex } of messages) fail(itemIndex, error);
		}
	};
	const limit = pLimit(CONCURRENCY);
	await Promise.all([...groups.values()].map((group) => limit(() => add(group))));
	return linkResults(context, items, results);
}
