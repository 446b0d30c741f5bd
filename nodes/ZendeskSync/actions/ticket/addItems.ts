/** What the operations that file messages have in common. Messages of one conversation go one after the other, conversations side by side. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import pLimit from 'p-limit';
import { conversationOf } from '../../../../domain/conversation/externalId';
import { type ItemError, itemError, linkResults } from '../../../shared/items';
import { markCompleted } from '../../../shared/completedEvents';
import { zendeskOf } from '../../api/client';
import { type Filed, addToConversation, type Placement, requestersOf } from './addToConversation';
import { type MessageInput, readText } from './messageInput';

/**
 * Conversations at once. Zendesk limits calls by the minute, not how many are under way: fewer would only wait for
 * answers. What is over the limit waits for the next minute.
 */
const SIDE_BY_SIDE = 20;

export interface MessageOperation {
	/** Where the item's text goes. */
	placementOf(itemIndex: number): Placement;
	/** Whether a message that is filed needs nothing else, so that catch-up need not bring it again. */
	isWhole?: boolean;
	/** Whether the item is left as it is, with the outcome `skipped`. */
	isPassedOver?(input: INodeExecutionData, itemIndex: number): boolean;
}

interface Group {
	placement: Placement;
	messages: MessageInput[];
}

export async function addItems(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	{ placementOf, isPassedOver, isWhole }: MessageOperation,
): Promise<INodeExecutionData[]> {
	const results = new Array<IDataObject | ItemError>(items.length);
	const groups = new Map<string, Group>();
	const fail = (itemIndex: number, error: unknown): void => {
		results[itemIndex] = itemError(context, error, itemIndex);
	};
	const finish = (itemIndex: number, result: IDataObject): void => {
		results[itemIndex] = { ...items[itemIndex]?.json, ...result };
	};

	for (const [itemIndex, input] of items.entries()) {
		if (isPassedOver?.(input, itemIndex)) {
			finish(itemIndex, { outcome: 'skipped', ticketId: null });
			continue;
		}
		try {
			const message = readText(context, input, itemIndex);
			const placement = placementOf(itemIndex);
			const { destination, rules } = placement;
			const conversation = conversationOf(message.externalId);
			const name = JSON.stringify([conversation, destination, Object.keys(rules ?? {})]);
			const { messages } = groups.get(name) ?? { messages: [] };
			groups.set(name, { placement, messages: [...messages, message] });
		} catch (error) {
			fail(itemIndex, error);
		}
	}

	const zendesk = await zendeskOf(context);
	const requesterOf = requestersOf(zendesk);
	const resultOf = (
		message: MessageInput,
		{ result, mediaErrors, noteErrors }: Filed,
	): IDataObject => {
		if (result.outcome === 'failed') {
			const { message: words, advice: description } = result;
			const options = { itemIndex: message.itemIndex, ...(description ? { description } : {}) };
			throw new NodeOperationError(
				context.getNode(),
				`The message was not filed. ${words}`,
				options,
			);
		}
		const { outcome, ticketId } = result;
		if (outcome === 'suspended')
			return {
				outcome: 'skipped',
				reason: outcome,
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
	const file = async ({ placement, messages }: Group): Promise<void> => {
		try {
			const added = await addToConversation(zendesk, messages, placement, requesterOf);
			for (const message of messages) {
				const found = added.get(message.itemIndex);
				const key = message.pieces[0]?.key;
				if (isWhole && found?.isSettled && key) markCompleted(context, key);
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
	const limit = pLimit(SIDE_BY_SIDE);
	await Promise.all([...groups.values()].map((group) => limit(() => file(group))));
	return linkResults(context, items, results);
}
