/** Writes what is known of customers, such as how many tickets they have open. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import pLimit from 'p-limit';
import { sizeOf } from '../../../../domain/tracking/event';
import { itemError } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { trimmedParameter } from '../../../shared/parameters';
import { settle, settledBy } from '../../../shared/settled';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { OPEN_TICKET_COUNT } from '../../api/openTicketCount';
import { importProfile, type ProfileChange } from '../../api/profileRecords';
import { linkResults } from '../linkResults';
import { identifiersAt } from '../profileParameters';
import { propertiesAt } from '../propertyFields';
import { simpleProfile } from './simple';

/** Profiles at once. At a tenth of a second each that is within the 75 a second that Klaviyo takes. */
const SIDE_BY_SIDE = 6;

/** Bytes of a whole request. */
const LARGEST = 100_000;

/** Attribute by the field's name. */
const ATTRIBUTES: Record<string, string> = {
	firstName: 'first_name',
	lastName: 'last_name',
	organization: 'organization',
	title: 'title',
};

/** @throws NodeOperationError when something cannot be written */
function changeAt(context: IExecuteFunctions, itemIndex: number): ProfileChange {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	const identifiers = identifiersAt(context, itemIndex);
	const written = trimmedParameter(context, 'openTicketCount', itemIndex);
	const count = Number(written);
	if (written !== '' && !(Number.isInteger(count) && count >= 0))
		throw refuse(
			`'${written}' is no number of tickets`,
			"Give the field 'Open Ticket Count' a whole number, 0 or more, or leave it empty.",
		);
	const fields = context.getNodeParameter('additionalFields', itemIndex, {}) as Record<
		string,
		unknown
	>;
	const attributes: IDataObject = Object.fromEntries(
		Object.entries(ATTRIBUTES).flatMap(([field, attribute]) =>
			fields[field] ? [[attribute, String(fields[field])]] : [],
		),
	);
	const change = {
		identifiers,
		attributes,
		properties: {
			...propertiesAt(context, itemIndex),
			...(written === '' ? {} : { [OPEN_TICKET_COUNT]: count }),
		},
	};
	const size = sizeOf(change);
	if (size > LARGEST)
		throw refuse(
			'The profile is too large',
			`Klaviyo takes ${LARGEST} bytes of a profile at a time; these are ${size}. Give fewer or shorter properties.`,
		);
	return change;
}

async function upsertItem(
	context: IExecuteFunctions,
	klaviyo: Klaviyo,
	change: ProfileChange,
	itemIndex: number,
): Promise<IDataObject> {
	const { raw, profile, isNew } = await importProfile(klaviyo, change);
	return context.getNodeParameter('simplify', itemIndex, true) === true
		? { outcome: isNew ? 'created' : 'updated', ...simpleProfile(profile) }
		: raw;
}

export const execute: Execute = async (context, items) => {
	const klaviyo = await klaviyoOf(context);
	const limit = pLimit(SIDE_BY_SIDE);
	const lastOf = new Map<string, Promise<unknown>>();
	const results = items.map(async (_input, itemIndex) => {
		try {
			const change = changeAt(context, itemIndex);
			const customer = JSON.stringify(change.identifiers);
			const key = settledBy(items[itemIndex]?.json ?? {});
			const write = async () => {
				const written = await upsertItem(context, klaviyo, change, itemIndex);
				if (key) settle(context, key);
				return written;
			};
			// A customer's items one after the other: the last one counts.
			const before = lastOf.get(customer) ?? Promise.resolve();
			const done = before.then(
				async () => await limit(write),
				async () => await limit(write),
			);
			lastOf.set(customer, done);
			return await done;
		} catch (error) {
			return itemError(context, error, itemIndex);
		}
	});
	return linkResults(context, items, await Promise.all(results));
};
