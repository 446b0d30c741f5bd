/** Writes what is known of customers, such as how many tickets they have open. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import pLimit from 'p-limit';
import { profileNames } from '../../../../domain/customerProfiles';
import { sizeOf } from '../../../../domain/tracking/event';
import { itemError } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { toPlainString, listParameter, trimmedParameter } from '../../../shared/parameters';
import { markCompleted, completedBy } from '../../../shared/completedEvents';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { OPEN_TICKET_COUNT } from '../../api/openTicketCount';
import { importProfile, type ProfileChange } from '../../api/profileRecords';
import { linkResults } from '../linkResults';
import { identifiersAt } from '../profileParameters';
import { propertiesAt } from '../propertyFields';
import { type Counted, writeOtherCounts } from './otherProfiles';
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

interface Upserted {
	output: IDataObject;
	profileId: string;
}

async function upsertItem(
	context: IExecuteFunctions,
	klaviyo: Klaviyo,
	change: ProfileChange,
	itemIndex: number,
): Promise<Upserted> {
	const { raw, profile, isNew } = await importProfile(klaviyo, change);
	const isSimple = context.getNodeParameter('simplify', itemIndex, true) === true;
	const outcome = isNew ? 'created' : 'updated';
	return {
		output: isSimple ? { outcome, ...simpleProfile(profile) } : raw,
		profileId: profile.id,
	};
}

/** By item: whose other profiles get its count. */
function countsOf(
	context: IExecuteFunctions,
	written: ReadonlyArray<Upserted | Error>,
): Map<number, Counted> {
	const counts = written.flatMap((one, itemIndex): Array<[number, Counted]> => {
		const count = trimmedParameter(context, 'openTicketCount', itemIndex);
		if (one instanceof Error || count === '') return [];
		const given = listParameter(context, 'alsoKnownAs', itemIndex).map(toPlainString);
		const names = profileNames({ emails: given, phones: given, externalIds: [] });
		return [[itemIndex, { names, count: Number(count), ownId: one.profileId }]];
	});
	return new Map(counts);
}

/** An event is done with when all that is written of it is. */
function settleEvents(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	results: ReadonlyArray<IDataObject | Error>,
): void {
	const keys = items.map(({ json }) => completedBy(json));
	const failed = new Set(keys.filter((_key, itemIndex) => results[itemIndex] instanceof Error));
	for (const key of new Set(keys)) if (key && !failed.has(key)) markCompleted(context, key);
}

export const execute: Execute = async (context, items) => {
	const klaviyo = await klaviyoOf(context);
	const limit = pLimit(SIDE_BY_SIDE);
	const lastOf = new Map<string, Promise<unknown>>();
	const written = await Promise.all(
		items.map(async (_input, itemIndex) => {
			try {
				const change = changeAt(context, itemIndex);
				const customer = JSON.stringify(change.identifiers);
				const write = async () => await upsertItem(context, klaviyo, change, itemIndex);
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
		}),
	);
	const failures = await writeOtherCounts(klaviyo, countsOf(context, written));
	const results = written.map((one, itemIndex) => {
		if (one instanceof Error) return one;
		const failure = failures.get(itemIndex);
		return failure === undefined ? one.output : itemError(context, failure, itemIndex);
	});
	settleEvents(context, items, results);
	return linkResults(context, items, results);
};
