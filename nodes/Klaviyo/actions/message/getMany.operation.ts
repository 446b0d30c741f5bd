/**
 * Message: Get Many.
 *
 * Reads what was sent with a customer, both ways, oldest first.
 */

import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { historyFilters } from './historyFilters';
import type { MessageEvent } from '../../../../domain/items';
import { toE164 } from '../../../../domain/phone';
import { eachItem } from '../../../shared/items';
import { klaviyoOf } from '../../api/client';
import { HistoryReader, type HistorySelection } from '../../api/history';
import { findPeople } from '../../api/people';
import { selectionAt } from './historySelection';
import { withoutRaw } from './recentHistory';
import { messageParameter, tryOr } from './messageParameter';

const properties: INodeProperties[] = [
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: '={{ $json.profileId }}',
		description: "The customer's profile in Klaviyo",
	},
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		placeholder: 'e.g. +12125550123',
		default:
			'={{ $json.phone ?? ($json.direction === "outbound" ? $json.to : $json.from) ?? $json.externalId?.split(":")[2] }}',
		description:
			"The customer's phone number, with + and country code. It finds the profile when there is no profile ID, or when that has gone in a merge. By default the item's: of a message, a claimed reply, a profile, or the conversation of a ticket.",
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: historyFilters,
	},
];

interface Named {
	id: string | null;
	phone: string | null;
}

const named = (context: IExecuteFunctions, itemIndex: number): Named => ({
	id: messageParameter(context, 'profileId', itemIndex),
	phone: messageParameter(context, 'customerPhone', itemIndex),
});

/** Every customer at once; the histories are read when their item's turn comes. */
async function prepare(context: IExecuteFunctions, itemCount: number) {
	const klaviyo = await klaviyoOf(context);
	const people = Array.from({ length: itemCount }, (_, itemIndex) => {
		const { id, phone } = tryOr(() => named(context, itemIndex), { id: null, phone: null });
		return { id, phone: toE164(phone) };
	});
	return { profiles: await findPeople(klaviyo, people), read: once(new HistoryReader(klaviyo)) };
}

/** Items that want the same of the same customer cost one read. */
function once(reader: HistoryReader) {
	const reads = new Map<string, Promise<MessageEvent[]>>();
	return async (profileId: string, selection: HistorySelection): Promise<MessageEvent[]> => {
		const { metrics, since, until, limit, kinds } = selection;
		const key = JSON.stringify([
			profileId,
			metrics.map(({ name }) => name),
			since,
			until,
			String(limit),
			kinds,
		]);
		const known = reads.get(key) ?? reader.read(profileId, selection);
		reads.set(key, known);
		return await known;
	};
}

/** Why there is no profile, in words for the builder. */
function noProfile(
	context: IExecuteFunctions,
	{ id, phone }: Named,
	itemIndex: number,
): NodeOperationError {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!id && !phone)
		return refuse(
			'No customer is given',
			"Fill in 'Profile ID' or 'Customer Phone'. By default they are taken from the incoming item, which has neither.",
		);
	if (!id && !toE164(phone))
		return refuse(
			`'${phone}' is no phone number`,
			"Give 'Customer Phone' a number with + and country code, such as +12125550123.",
		);
	return refuse(
		`Klaviyo has no profile ${[id && `'${id}'`, phone && `with the number ${phone}`].filter(Boolean).join(', and none ')}`,
		phone
			? 'The customer may have been deleted in Klaviyo, or belong to another account.'
			: "The profile may have been deleted, or merged into another: give 'Customer Phone' as well, which finds the other.",
	);
}

const execute: Execute = async (context, items) => {
	// Started once, and awaited by each item: when Klaviyo refuses, every item says so.
	const prepared = prepare(context, items.length);
	return await eachItem(context, items, async (_input, itemIndex) => {
		const { profiles, read } = await prepared;
		const customer = named(context, itemIndex);
		const selection = selectionAt(context, itemIndex);
		const isSimple = context.getNodeParameter('simplify', itemIndex, true) === true;
		const profile = profiles[itemIndex];
		if (profile instanceof Error) throw profile;
		if (!profile) throw noProfile(context, customer, itemIndex);
		const messages = await read(profile.id, selection);
		return isSimple ? messages.map(withoutRaw) : messages.map((message) => ({ ...message }));
	});
};

export const getMany: Operation = {
	properties,
	execute,
};
