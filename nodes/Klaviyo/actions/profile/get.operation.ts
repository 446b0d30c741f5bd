/**
 * Profile: Get.
 *
 * Finds customers by whatever is known of them.
 */

import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { profileFields } from '../profileFields';
import type { Identifiers } from '../../../../domain/tracking/event';
import { eachItem, itemError } from '../../../shared/items';
import { klaviyoOf } from '../../api/client';
import {
	findProfiles,
	type FoundProfile,
	type IdentifierName,
	identifierNames,
	normalizedIdentifier,
} from '../../api/profileRecords';
import { identifiersAt } from '../profileParameters';
import { simpleProfile, smsConsent } from './simple';

const properties: INodeProperties[] = [
	...profileFields,
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
];

/** By identifier: the profiles that were found by it. */
type Found = Map<IdentifierName, Map<string, FoundProfile>>;

/** All at once, a hundred a call. The next identifier is asked for only by who was not found by the one before. */
async function findAll(
	context: IExecuteFunctions,
	wanted: ReadonlyArray<Identifiers | Error>,
): Promise<Found> {
	const found: Found = new Map();
	const klaviyo = await klaviyoOf(context);
	for (const name of identifierNames) {
		const values = wanted.flatMap((identifiers) => {
			if (identifiers instanceof Error || profileIn(found, identifiers)) return [];
			return identifiers[name] ?? [];
		});
		found.set(name, await findProfiles(klaviyo, name, values));
	}
	return found;
}

function profileIn(found: Found, identifiers: Identifiers): FoundProfile | undefined {
	for (const name of identifierNames) {
		const value = identifiers[name];
		const profile = value && found.get(name)?.get(normalizedIdentifier(name, value));
		if (profile) return profile;
	}
	return undefined;
}

function wantedAt(context: IExecuteFunctions, itemIndex: number): Identifiers | Error {
	try {
		return identifiersAt(context, itemIndex);
	} catch (error) {
		return itemError(context, error, itemIndex);
	}
}

const execute: Execute = async (context, items) => {
	const wanted = items.map((_input, itemIndex) => wantedAt(context, itemIndex));
	// Started once, and awaited by each item: when Klaviyo refuses, every item says so.
	const finding = findAll(context, wanted);
	return await eachItem(context, items, async (_input, itemIndex) => {
		const found = await finding;
		const identifiers = wanted[itemIndex] ?? {};
		if (identifiers instanceof Error) throw identifiers;
		const known = profileIn(found, identifiers);
		if (known === undefined)
			throw new NodeOperationError(context.getNode(), 'No profile was found', {
				itemIndex,
				description: `Klaviyo has nobody with ${Object.values(identifiers).join(', ')}. Where a profile was merged into another its ID is gone: give an address or number too.`,
			});
		return context.getNodeParameter('simplify', itemIndex, true) === true
			? {
					...simpleProfile(known.profile),
					...smsConsent(known.profile),
					conversationId: known.conversationId,
				}
			: known.raw;
	});
};

export const get: Operation = {
	properties,
	execute,
};
