/** What the operations that file texts have in common. Texts of one conversation go one after the other, conversations side by side. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import pLimit from 'p-limit';
import { conversationOf } from '../../../../domain/conversation/externalId';
import { asFailure, itemError } from '../../../shared/items';
import { settle } from '../../../shared/settled';
import { zendeskOf } from '../../api/client';
import { type Filed, fileConversation, type Placement, requestersOf } from './fileConversation';
import { type PlacedText, readText } from './placedText';

/**
 * Conversations at once. Zendesk limits calls by the minute, not how many are under way: fewer would only wait for
 * answers. What is over the limit waits for the next minute.
 */
const SIDE_BY_SIDE = 20;

export interface FilingOperation {
	/** Where the item's text goes. */
	placementOf(itemIndex: number): Placement;
	/** Whether a text that is filed needs nothing else, so that catch-up need not bring it again. */
	isWhole?: boolean;
	/** Whether the item is left as it is, with the outcome `skipped`. */
	isPassedOver?(input: INodeExecutionData, itemIndex: number): boolean;
}

interface Group {
	placement: Placement;
	texts: PlacedText[];
}

export async function fileItems(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	{ placementOf, isPassedOver, isWhole }: FilingOperation,
): Promise<INodeExecutionData[]> {
	const outputs: INodeExecutionData[] = [];
	const failures: Array<[itemIndex: number, error: unknown]> = [];
	const groups = new Map<string, Group>();
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
		if (isPassedOver?.(input, itemIndex)) {
			finish(itemIndex, { outcome: 'skipped', ticketId: null });
			continue;
		}
		try {
			const text = readText(context, input, itemIndex);
			const placement = placementOf(itemIndex);
			const { destination, rules } = placement;
			const conversation = conversationOf(text.externalId);
			const name = JSON.stringify([conversation, destination, Object.keys(rules ?? {})]);
			const { texts } = groups.get(name) ?? { texts: [] };
			groups.set(name, { placement, texts: [...texts, text] });
		} catch (error) {
			failures.push([itemIndex, error]);
		}
	}

	const zendesk = await zendeskOf(context);
	const requesterOf = requestersOf(zendesk);
	const resultOf = (text: PlacedText, { filing, mediaErrors, noteErrors }: Filed): IDataObject => {
		if (filing.outcome === 'failed') {
			const { message, advice: description } = filing;
			const options = { itemIndex: text.itemIndex, ...(description ? { description } : {}) };
			throw new NodeOperationError(
				context.getNode(),
				`The text was not filed. ${message}`,
				options,
			);
		}
		const { outcome, ticketId } = filing;
		if (outcome === 'suspended')
			return {
				outcome: 'skipped',
				reason: outcome,
				ticketId: null,
				externalId: text.externalId,
			};
		if (outcome === 'noTicket')
			return { outcome: 'skipped', ticketId: null, externalId: text.externalId };
		return {
			outcome,
			ticketId,
			ticketUrl: `${zendesk.origin}/agent/tickets/${ticketId}`,
			externalId: text.externalId,
			...(filing.liesUnseen ? { liesUnseen: true } : {}),
			...(mediaErrors.length > 0 ? { mediaErrors } : {}),
			...(noteErrors.length > 0 ? { noteErrors } : {}),
		};
	};
	const file = async ({ placement, texts }: Group): Promise<void> => {
		try {
			const filed = await fileConversation(zendesk, texts, placement, requesterOf);
			for (const text of texts) {
				const found = filed.get(text.itemIndex);
				const key = text.pieces[0]?.key;
				if (isWhole && found?.isSettled && key) settle(context, key);
				try {
					if (found) finish(text.itemIndex, resultOf(text, found));
				} catch (error) {
					failures.push([text.itemIndex, error]);
				}
			}
		} catch (error) {
			failures.push(...texts.map(({ itemIndex }): [number, unknown] => [itemIndex, error]));
		}
	};
	const limit = pLimit(SIDE_BY_SIDE);
	await Promise.all([...groups.values()].map((group) => limit(() => file(group))));
	// Only now: an item that fails keeps no other from being filed.
	for (const [itemIndex, error] of failures.sort(([a], [b]) => a - b)) fail(itemIndex, error);
	return outputs;
}
