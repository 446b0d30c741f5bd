/**
 * Profile: Create or Update.
 *
 * Writes properties of customers, such as their number of open tickets.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import pLimit from 'p-limit';
import type { Execute, Operation } from '../../../shared/operation';
import {
	filledIn,
	lastTicketFields,
	lastTicketProperties,
	openTicketCountAt,
	openTicketCountField,
} from '../countFields';
import { profileFields } from '../profileFields';
import { propertiesAt, propertyFields } from '../propertyFields';
import { profileNamesOf } from '../../../../domain/customerProfiles';
import { sizeOf } from '../../../../domain/tracking/event';
import { isItemError, itemError, linkResults, tryAllItems } from '../../../shared/items';
import { sharedByItem } from '../../../shared/tries';
import { outputAt, outputFields } from '../../../shared/output';
import { listParameter, toPlainString, trimmedParameter } from '../../../shared/parameters';
import { completedBy, markCompleted } from '../../../shared/completedEvents';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { LAST_RATING, LAST_RATING_AT } from '../../api/profiles';
import { importProfile, type ProfileChange } from '../../api/profileWriter';
import { identifiersAt } from '../profileParameters';
import { type CountToWrite, writeOtherCounts } from './otherProfiles';
import { withoutOlderRating } from './newerRating';
import { simpleProfile, simpleProfileNames } from './simpleProfile';

const attributeField = (
	displayName: string,
	name: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
});

const CUSTOM_PROPERTIES = 'Custom Properties';

const properties: INodeProperties[] = [
	...profileFields,
	openTicketCountField,
	{
		displayName: 'Also Known As',
		name: 'alsoKnownAs',
		type: 'string',
		default: "={{ $json.alsoKnownAs ?? '' }}",
		placeholder: 'e.g. name@email.com, +12125550123',
		description:
			"Other email addresses and phone numbers of the customer, separated by commas. Existing profiles with one of them get the same 'Open Ticket Count'.",
	},
	...propertyFields(CUSTOM_PROPERTIES, 'Custom properties of the profile'),
	...outputFields(['outcome', ...simpleProfileNames], "Klaviyo's own profile"),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			attributeField('First Name', 'firstName', "The customer's first name"),
			attributeField('Last Name', 'lastName', "The customer's last name"),
			attributeField(
				LAST_RATING,
				'lastRating',
				`How the customer rated a ticket: good, neutral or bad. Written to the property '${LAST_RATING}', unless the profile has a newer rating by '${LAST_RATING_AT}'. Leave empty to keep the present value.`,
			),
			attributeField(
				LAST_RATING_AT,
				'lastRatingAt',
				`When the customer gave it. Written to the property '${LAST_RATING_AT}'. Leave empty to keep the present value.`,
			),
			...lastTicketFields,
			attributeField('Organization', 'organization', 'Where the customer works'),
			attributeField('Title', 'title', 'What the customer works as'),
		],
	},
];

/** Profiles in parallel. At a tenth of a second each, this is within the 75 a second that Klaviyo accepts. */
const CONCURRENCY = 6;

/** Klaviyo's limit for a request, in bytes. */
const MAX_BYTES = 100_000;

/** Klaviyo's attributes, by the field's name. */
const ATTRIBUTES: Record<string, string> = {
	firstName: 'first_name',
	lastName: 'last_name',
	organization: 'organization',
	title: 'title',
};

/** Custom properties, by the field's name. */
const PROPERTIES: Record<string, string> = {
	lastRating: LAST_RATING,
	lastRatingAt: LAST_RATING_AT,
	...lastTicketProperties,
};

/** @throws NodeOperationError if a parameter is not valid */
function changeAt(context: IExecuteFunctions, itemIndex: number): ProfileChange {
	const identifiers = identifiersAt(context, itemIndex);
	const fields = context.getNodeParameter('additionalFields', itemIndex, {}) as Record<
		string,
		unknown
	>;
	const change = {
		identifiers,
		attributes: filledIn(fields, ATTRIBUTES),
		properties: {
			...filledIn(fields, PROPERTIES),
			...propertiesAt(context, CUSTOM_PROPERTIES, itemIndex),
			...openTicketCountAt(context, itemIndex),
		},
	};
	const size = sizeOf(change);
	if (size > MAX_BYTES)
		throw new NodeOperationError(context.getNode(), 'The profile is too large', {
			itemIndex,
			description: `Klaviyo accepts ${MAX_BYTES} bytes of a profile at a time, but this has ${size}. Use fewer or shorter properties.`,
		});
	return change;
}

/** Whether this run has created the item's profile: its next try finds the profile. */
const creationOf = sharedByItem(() => ({ isDone: false }));

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
	// First: what is wrong with it must not be found out after the profile was written.
	const shown = outputAt(context, itemIndex);
	const { profile, isNew } = await importProfile(
		klaviyo,
		await withoutOlderRating(klaviyo, change),
	);
	const creation = creationOf(context, itemIndex);
	creation.isDone ||= isNew;
	const outcome = creation.isDone ? 'created' : 'updated';
	return {
		output: shown({ simplified: { outcome, ...simpleProfile(profile) }, raw: profile.raw }),
		profileId: profile.id,
	};
}

/** The counts to write to other profiles, by item. */
function countsOf(
	context: IExecuteFunctions,
	written: ReadonlyArray<Upserted | Error>,
): Map<number, CountToWrite> {
	const counts = written.flatMap((one, itemIndex): Array<[number, CountToWrite]> => {
		const count = trimmedParameter(context, 'openTicketCount', itemIndex);
		if (one instanceof Error || count === '') return [];
		const given = listParameter(context, 'alsoKnownAs', itemIndex).map(toPlainString);
		const names = profileNamesOf({ emails: given, phones: given, externalIds: [] });
		return [[itemIndex, { names, count: Number(count), ownId: one.profileId }]];
	});
	return new Map(counts);
}

/** An event is completed when all that is written for it has been written. */
function markCompletedEvents(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	results: ReadonlyArray<IDataObject | Error>,
): void {
	const keys = items.map(({ json }) => completedBy(json));
	const failed = new Set(keys.filter((_key, itemIndex) => results[itemIndex] instanceof Error));
	for (const key of new Set(keys)) if (key && !failed.has(key)) markCompleted(context, key);
}

const execute: Execute = async (context, items) => {
	const klaviyo = await klaviyoOf(context);
	const limit = pLimit(CONCURRENCY);
	const lastOf = new Map<string, Promise<unknown>>();
	const inTurn = async (_input: INodeExecutionData, itemIndex: number): Promise<Upserted> => {
		const change = changeAt(context, itemIndex);
		const customer = JSON.stringify(change.identifiers);
		const write = async () => await limit(() => upsertItem(context, klaviyo, change, itemIndex));
		// A customer's items one after the other: the last one counts.
		const done = (lastOf.get(customer) ?? Promise.resolve()).then(write, write);
		lastOf.set(customer, done);
		return await done;
	};
	const written = await tryAllItems(context, items, inTurn);
	const failures = await writeOtherCounts(klaviyo, countsOf(context, written));
	const results = written.map((one, itemIndex) => {
		if (isItemError(one)) return one;
		const failure = failures.get(itemIndex);
		return failure === undefined ? one.output : itemError(context, failure, itemIndex);
	});
	markCompletedEvents(context, items, results);
	return linkResults(context, items, results);
};

export const upsert: Operation = {
	properties,
	execute,
	eventRole: 'completes',
};
