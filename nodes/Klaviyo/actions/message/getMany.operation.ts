/**
 * Message: Get Many.
 *
 * Reads the messages of a customer's conversations on all channels, inbound and outbound, oldest first.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { historyFilters } from './historyFilters';
import { type MessageEvent, messageEvent } from '../../../../domain/items';
import { toE164 } from '../../../../domain/phone';
import { fieldError, phoneFault } from '../../../shared/fieldFaults';
import { type ItemResult, linkResults, tryItems } from '../../../shared/items';
import { outputAt, outputFields } from '../../../shared/output';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { type HistorySelection, readHistory } from '../../api/messageHistory';
import { type CustomerNames, profilesOf, wasJustRead } from '../../api/profiles';
import { selectionAt } from './historySelection';
import { withoutRaw } from './recentHistory';
import { messageParameter, tryOr } from './messageParameter';

const properties: INodeProperties[] = [
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: "={{ $json.profileId ?? '' }}",
		description: "The ID of the customer's profile in Klaviyo",
	},
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		placeholder: 'e.g. +12125550123',
		default:
			'={{ $json.phone ?? ($json.direction === "outbound" ? $json.to : $json.from) ?? $json.externalId?.split(":")[2] ?? "" }}',
		description:
			"The customer's phone number, with + and country code. Finds the profile if there is no profile ID, or if that profile was merged into another. By default the item's number, whether it is a message, a claimed reply, a profile or a ticket.",
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
	...outputFields(
		Object.keys(messageEvent.omit({ raw: true }).shape),
		"The simplified fields, and Klaviyo's own event as 'raw'",
	),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: historyFilters,
	},
];

const customerNamesAt = (context: IExecuteFunctions, itemIndex: number): CustomerNames => ({
	id: messageParameter(context, 'profileId', itemIndex),
	phone: messageParameter(context, 'customerPhone', itemIndex),
});

/** Somebody who need not be looked up. */
const NOBODY: CustomerNames = { id: null, phone: null };

/** Finds all customers at once. Each history is read in its item's turn. */
async function prepare(context: IExecuteFunctions, itemCount: number) {
	const klaviyo = await klaviyoOf(context);
	const customers = Array.from({ length: itemCount }, (_, itemIndex) => {
		const { id, phone } = tryOr(() => customerNamesAt(context, itemIndex), {
			id: null,
			phone: null,
		});
		return { id, phone: toE164(phone) };
	});
	const asked = customers.map((customer) =>
		customer.id !== null && wasJustRead(klaviyo, customer.id) ? NOBODY : customer,
	);
	const found = await profilesOf(klaviyo, asked);
	const profiles = customers.map(({ id }, index) =>
		asked[index] === NOBODY ? { id: id ?? '' } : found[index],
	);
	return { profiles, read: once(klaviyo) };
}

/** Items with the same selection for the same customer share one read. */
function once(klaviyo: Klaviyo) {
	const reads = new Map<string, Promise<MessageEvent[]>>();
	let first: Promise<unknown> | undefined;
	/** The first read asks for the metrics' ids, and the others know them then. */
	const afterFirst = async (profileId: string, selection: HistorySelection) => {
		await first?.catch(() => undefined);
		return await readHistory(klaviyo, profileId, selection);
	};
	return async (profileId: string, selection: HistorySelection): Promise<MessageEvent[]> => {
		const { metrics, since, until, limit, kinds, ownNumber } = selection;
		const key = JSON.stringify([
			profileId,
			metrics.map(({ name }) => name),
			since,
			until,
			String(limit),
			kinds,
			ownNumber,
		]);
		const known = reads.get(key) ?? afterFirst(profileId, selection);
		reads.set(key, known);
		first ??= known;
		return await known;
	};
}

/** Why there is no profile, for the builder. */
function noProfile(
	context: IExecuteFunctions,
	{ id, phone }: CustomerNames,
	itemIndex: number,
): NodeOperationError {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!id && !phone)
		return refuse(
			'No customer is specified',
			"Fill in 'Profile ID' or 'Customer Phone'. By default they are taken from the incoming item, which has neither.",
		);
	if (!id && !toE164(phone))
		return fieldError(context, itemIndex, phoneFault('Customer Phone', phone ?? ''));
	return refuse(
		`Klaviyo has no profile ${[id && `'${id}'`, phone && `with the phone number ${phone}`].filter(Boolean).join(', and none ')}`,
		phone
			? 'The customer may have been deleted in Klaviyo, or belong to another account.'
			: "The profile may have been deleted, or merged into another. Fill in 'Customer Phone' too, which finds the other one.",
	);
}

/** Histories that are read in parallel. */
const CONCURRENCY = 10;

const execute: Execute = async (context, items) => {
	// Started once and awaited by each item, so that a refusal by Klaviyo fails each item.
	const prepared = prepare(context, items.length);
	const readItem = async (_input: INodeExecutionData, itemIndex: number): Promise<ItemResult> => {
		const { profiles, read } = await prepared;
		const customer = customerNamesAt(context, itemIndex);
		const selection = selectionAt(context, itemIndex);
		const shown = outputAt(context, itemIndex);
		const profile = profiles[itemIndex];
		if (profile instanceof Error) throw profile;
		if (!profile) throw noProfile(context, customer, itemIndex);
		const messages = await read(profile.id, selection);
		return messages.map((message) =>
			shown({ simplified: { ...withoutRaw(message) }, raw: { ...message } as IDataObject }),
		);
	};
	return linkResults(context, items, await tryItems(context, items, readItem, CONCURRENCY));
};

export const getMany: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
