/** Notes texts that went out. Those of one conversation cost one list and one look into its history together. */
import { type IDataObject, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import pLimit from 'p-limit';
import { conversationOf } from '../../../../domain/conversation/externalId';
import { logOutbound as log, mayBeOwnReply } from '../../../../domain/outbound';
import { asFailure, itemError } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { zendeskOf, type Zendesk } from '../../api/client';
import { httpNoteDesk } from '../../api/noteDesk';
import { openConversations } from '../../api/openConversations';
import { type PlacedOutbound, readOutbound } from './outboundText';

/** Conversations at once. Zendesk allows an account 100 updates a minute. */
const SIDE_BY_SIDE = 5;

/** So many conversations are first looked up together. */
const MANY = 50;

type Conversations = Map<string, PlacedOutbound[]>;

/** A reply of ours that failed is noted on a solved ticket too, so its conversation is always looked at. */
const needsOpenTicket = (text: PlacedOutbound): boolean => !(text.isFailed && mayBeOwnReply(text));

/** The conversations without an open ticket, as far as that is cheaper to find out for all of them at once. */
async function withoutTicket(zendesk: Zendesk, conversations: Conversations): Promise<Set<string>> {
	const askable = [...conversations]
		.filter(([, texts]) => texts.every(needsOpenTicket))
		.map(([externalId]) => externalId);
	if (askable.length < MANY) return new Set();
	const open = await openConversations(zendesk, askable.length);
	return new Set(open ? askable.filter((externalId) => !open.has(externalId)) : []);
}

export const execute: Execute = async (context, items) => {
	const outputs: INodeExecutionData[] = [];
	const failures: Array<[itemIndex: number, error: unknown]> = [];
	const conversations: Conversations = new Map();
	const finish = (itemIndex: number, result: IDataObject): void => {
		const json = { ...items[itemIndex]?.json, ...result };
		outputs[itemIndex] = { json, pairedItem: { item: itemIndex } };
	};

	for (const [itemIndex, input] of items.entries()) {
		try {
			const text = readOutbound(context, input, itemIndex);
			if (!text) {
				finish(itemIndex, { outcome: 'skipped', ticketId: null, concernsAgent: false });
				continue;
			}
			const conversation = conversationOf(text.externalId);
			const texts = conversations.get(conversation);
			if (texts) texts.push(text);
			else conversations.set(conversation, [text]);
		} catch (error) {
			failures.push([itemIndex, error]);
		}
	}

	const zendesk = await zendeskOf(context);
	const note = async (externalId: string, texts: PlacedOutbound[]): Promise<void> => {
		try {
			const logged = await log(onceEach(texts), httpNoteDesk(zendesk, { externalId }));
			const seen = new Set<string>();
			for (const { itemIndex, key } of texts) {
				const result = logged.get(key);
				if (!result || result.outcome === 'failed') {
					const message = `The text was not noted. ${result?.message ?? ''}`.trim();
					failures.push([
						itemIndex,
						new NodeOperationError(context.getNode(), message, { itemIndex }),
					]);
					continue;
				}
				const isRepeat = result.outcome === 'logged' && seen.has(key);
				const { ticketId } = result;
				const ticketUrl = ticketId === null ? null : `${zendesk.origin}/agent/tickets/${ticketId}`;
				const again = isRepeat ? { outcome: 'duplicate', concernsAgent: false } : {};
				finish(itemIndex, { ...result, ...again, ticketUrl, externalId });
				seen.add(key);
			}
		} catch (error) {
			failures.push(...texts.map(({ itemIndex }): [number, unknown] => [itemIndex, error]));
		}
	};
	const fate = await withoutTicket(zendesk, conversations).catch((error: unknown) => error);
	const limit = pLimit(SIDE_BY_SIDE);
	await Promise.all(
		[...conversations].map(([externalId, texts]) =>
			limit(async () => {
				if (!(fate instanceof Set)) {
					failures.push(...texts.map(({ itemIndex }): [number, unknown] => [itemIndex, fate]));
				} else if (fate.has(externalId)) {
					const none = { outcome: 'noTicket', ticketId: null, concernsAgent: false };
					for (const { itemIndex } of texts)
						finish(itemIndex, { ...none, ticketUrl: null, externalId });
				} else await note(externalId, texts);
			}),
		),
	);
	// Only now: an item that fails keeps no other from being noted.
	for (const [itemIndex, error] of failures.sort(([a], [b]) => a - b)) {
		const shown = itemError(context, error, itemIndex);
		if (!context.continueOnFail()) throw shown;
		outputs[itemIndex] = asFailure(items[itemIndex] ?? { json: {} }, shown, itemIndex);
	}
	return outputs;
};

/** A text that came twice in one execution, by webhook and by catch-up, is one text. */
const onceEach = (texts: PlacedOutbound[]): PlacedOutbound[] => [
	...new Map(texts.map((text) => [text.key, text])).values(),
];
