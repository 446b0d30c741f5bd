/**
 * Profile: Get.
 *
 * Finds customers by any of their identifiers.
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

/** The profiles that were found, by identifier. */
type Found = Map<IdentifierName, Map<string, FoundProfile>>;

/** Finds all profiles at once, a hundred per call. Each identifier is tried only for those not found by an earlier one. */
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
	// Started once and awaited by each item, so that a refusal by Klaviyo fails each item.
	const finding = findAll(context, wanted);
	return await eachItem(context, items, async (_input, itemIndex) => {
		const found = await finding;
		const identifiers = wanted[itemIndex] ?? {};
		if (identifiers instanceof Error) throw identifiers;
		const known = profileIn(found, identifiers);
		if (known === undefined)
			throw new NodeOperationError(context.getNode(), 'No profile was found', {
				itemIndex,
				description: `Klaviyo has no profile with ${Object.values(identifiers).join(', ')}. If the profile was merged into another, its ID no longer exists: add an email address or phone number.`,
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
	eventRole: 'readsOnly',
};
