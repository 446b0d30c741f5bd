/** Message: Get Many. What was texted with a customer, both ways, oldest first. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError, updateDisplayOptions } from 'n8n-workflow';
import type { TextEvent } from '../../../../domain/items';
import { toE164 } from '../../../../domain/phone';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { klaviyoOf } from '../../api/client';
import { HistoryReader, type HistorySelection } from '../../api/history';
import { findPeople } from '../../api/people';
import { historyFilters, selectionAt } from './historyFilters';
import { withoutRaw } from './recentHistory';
import { orElse, textParameter } from './textParameter';

const properties: INodeProperties[] = [
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: '={{ $json.profileId }}',
		description: "The customer's profile in Klaviyo",
	},
	{
		displayName: 'Customer Number',
		name: 'customerNumber',
		type: 'string',
		placeholder: 'e.g. +12125550123',
		default:
			'={{ $json.number ?? ($json.direction === "outbound" ? $json.to : $json.from) ?? $json.phone ?? $json.externalId?.split(":")[2] }}',
		description:
			"The customer's phone number, with + and country code. It finds the profile when there is no profile ID, or when that has gone in a merge. By default the item's: of a text, a claimed reply, a profile, or the conversation of a ticket.",
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
	number: string | null;
}

const named = (context: IExecuteFunctions, itemIndex: number): Named => ({
	id: textParameter(context, 'profileId', itemIndex),
	number: textParameter(context, 'customerNumber', itemIndex),
});

/** Every customer at once; the histories are read when their item's turn comes. */
async function prepare(context: IExecuteFunctions, itemCount: number) {
	const klaviyo = await klaviyoOf(context);
	const people = Array.from({ length: itemCount }, (_, itemIndex) => {
		const { id, number } = orElse(() => named(context, itemIndex), { id: null, number: null });
		return { id, number: toE164(number) };
	});
	return { profiles: await findPeople(klaviyo, people), read: once(new HistoryReader(klaviyo)) };
}

/** Items that want the same of the same customer cost one read. */
function once(reader: HistoryReader) {
	const reads = new Map<string, Promise<TextEvent[]>>();
	return async (profileId: string, selection: HistorySelection): Promise<TextEvent[]> => {
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
	{ id, number }: Named,
	itemIndex: number,
): NodeOperationError {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!id && !number)
		return refuse(
			'No customer is given',
			"Fill in 'Profile ID' or 'Customer Number'. By default they are taken from the incoming item, which has neither.",
		);
	if (!id && !toE164(number))
		return refuse(
			`'${number}' is no phone number`,
			"Give 'Customer Number' a number with + and country code, such as +12125550123.",
		);
	return refuse(
		`Klaviyo has no profile ${[id && `'${id}'`, number && `with the number ${number}`].filter(Boolean).join(', and none ')}`,
		number
			? 'The customer may have been deleted in Klaviyo, or belong to another account.'
			: "The profile may have been deleted, or merged into another: give 'Customer Number' as well, which finds the other.",
	);
}

export const getManyOperation: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['message'], operation: ['getMany'] } },
		properties,
	),

	async execute(context, items) {
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
			const texts = await read(profile.id, selection);
			return isSimple ? texts.map(withoutRaw) : texts.map((text) => ({ ...text }));
		});
	},
};
