/**
 * User: Update Customer Fields.
 *
 * Writes the customer card into fields of Zendesk users. One request for each user.
 */

import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { FieldValues } from '../../../../domain/customerFields';
import { beforeGiven, linkResults, tryItems } from '../../../shared/items';
import type { Execute, Operation } from '../../../shared/operation';
import { objectParameter, trimmedParameter } from '../../../shared/parameters';
import { zendeskOf } from '../../api/client';
import { writeUserFields } from '../../api/userFields';
import { isZendeskId } from '../../api/paths';

const FIELDS = { name: 'userFields', label: 'Fields' };

const properties: INodeProperties[] = [
	{
		displayName: 'User ID',
		name: 'userId',
		type: 'string',
		required: true,
		default: "={{ $json.requesterId ?? '' }}",
		description: "The customer's user ID in Zendesk",
	},
	{
		displayName: FIELDS.label,
		name: FIELDS.name,
		type: 'json',
		required: true,
		default: '={{ $json.userFields }}',
		description:
			"Values by the fields' keys, as 'Profile: Get Customer Card' of Klaviyo returns them. Null empties a field.",
	},
];

/** Requests at once: far below the 700 a minute that Zendesk accepts. */
const CONCURRENCY = 4;

const values = z.record(z.union([z.string(), z.number(), z.null()]));

interface Wanted {
	userId: string;
	fields: FieldValues;
}

/** @throws NodeOperationError if a parameter is not valid */
function wantedAt(context: IExecuteFunctions, itemIndex: number): Wanted {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	const userId = trimmedParameter(context, 'userId', itemIndex);
	if (!isZendeskId(userId))
		throw refuse(
			userId ? `'User ID' is not a valid user ID: '${userId}'` : "'User ID' is empty",
			"Map the 'requesterId' of an earlier node to it.",
		);
	const fields = values.safeParse(objectParameter(context, FIELDS, itemIndex));
	if (fields.success) return { userId, fields: fields.data };
	throw refuse(
		"'Fields' has a value that no field can have",
		'Each value has to be text, a number or null.',
	);
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const limit = pLimit(CONCURRENCY);
	/** One after the other for each user: the last item's values stay. */
	const ofUser = new Map<string, Promise<unknown>>();
	const results = await tryItems(
		context,
		items,
		async (input, itemIndex) => {
			const { userId, fields } = wantedAt(context, itemIndex);
			const before = ofUser.get(userId);
			const writing = (async () => {
				await before?.catch(() => undefined);
				return await limit(writeUserFields, zendesk, userId, fields);
			})();
			ofUser.set(userId, writing);
			const missing = await writing;
			const keys = Object.keys(fields);
			return beforeGiven(
				{
					outcome: missing.length === keys.length && keys.length > 0 ? 'noFields' : 'updated',
					userId,
					missingFields: missing,
				},
				input,
			);
		},
		items.length || 1,
	);
	return linkResults(context, items, results);
};

export const updateCustomerFields: Operation = {
	properties,
	execute,
};
