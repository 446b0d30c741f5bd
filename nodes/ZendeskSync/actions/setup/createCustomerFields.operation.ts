/**
 * Setup: Create Customer Fields.
 *
 * Makes fields of users that are missing, and changes none that is there.
 */

import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { type CardPart, cardParts } from '../../../../domain/customerCard';
import { type CustomerField, fieldsOf } from '../../../../domain/customerFields';
import { eachItem } from '../../../shared/items';
import type { Execute, Operation } from '../../../shared/operation';
import { sharedByItem } from '../../../shared/tries';
import { type Zendesk, zendeskOf } from '../../api/client';
import { createUserField, listUserFields, type UserField } from '../../api/userFields';

const properties: INodeProperties[] = [
	{
		displayName: 'Parts',
		name: 'parts',
		type: 'multiOptions',
		options: [
			{
				name: 'Consent',
				value: 'consent',
				description: 'Whether the customer can receive marketing by email, SMS and WhatsApp',
			},
			{ name: 'Lists', value: 'lists', description: 'Lists that the customer is in' },
			{
				name: 'Orders',
				value: 'orders',
				description: 'How many there are, and when the last one was placed',
			},
			{
				name: 'Predicted Value',
				value: 'predictedValue',
				description: 'What Klaviyo predicts that the customer will spend',
			},
			{ name: 'Segments', value: 'segments', description: 'Segments that the customer is in' },
			{ name: 'Value', value: 'value', description: 'What the customer has spent so far' },
		],
		default: ['consent', 'orders', 'value'],
		description:
			"Parts of the customer card that have fields: choose those that you have chosen in 'Profile: Get Customer Card' of Klaviyo",
	},
];

const isPart = (name: unknown): name is CardPart => cardParts.some((part) => part === name);

const partsAt = (context: IExecuteFunctions, itemIndex: number): CardPart[] =>
	[context.getNodeParameter('parts', itemIndex, []) as unknown].flat().filter(isPart);

/** What somebody should check in a field that was there. */
function warningsOf(field: CustomerField, found: UserField): string[] {
	return [
		...(found.active === false
			? [
					`The field '${field.title}' is inactive. Activate it in Admin Center > People > User fields.`,
				]
			: []),
		...(found.type && found.type !== field.type
			? [
					`The field with the key '${field.key}' has the type '${found.type}', not '${field.type}'. Values may be refused.`,
				]
			: []),
	];
}

/** Keys that this run has created: the next try finds them there. */
const createdBy = sharedByItem(() => new Set<string>());

async function establish(
	zendesk: Zendesk,
	fields: readonly CustomerField[],
	created: Set<string>,
): Promise<IDataObject> {
	const there = new Map((await listUserFields(zendesk)).map((field) => [field.key, field]));
	for (const field of fields)
		if (!there.has(field.key) && (await createUserField(zendesk, field))) created.add(field.key);
	const existing = fields.filter(({ key }) => !created.has(key));
	return {
		outcome: created.size > 0 ? 'created' : 'exists',
		created: [...created],
		existing: existing.map(({ key }) => key),
		fieldsUrl: `${zendesk.origin}/admin/people/configuration/user_fields`,
		warnings: existing.flatMap((field) => {
			const found = there.get(field.key);
			return found ? warningsOf(field, found) : [];
		}),
	};
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItem(
		context,
		items,
		async (_input, itemIndex) =>
			await establish(
				zendesk,
				fieldsOf(partsAt(context, itemIndex)),
				createdBy(context, itemIndex),
			),
	);
};

export const createCustomerFields: Operation = {
	properties,
	execute,
};
