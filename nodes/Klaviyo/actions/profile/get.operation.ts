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
import type { Profile } from '../../api/profile';
import {
	type IdentifierName,
	identifierNames,
	type ProfileLookup,
	profilesBy,
} from '../../api/profiles';
import { identifiersAt } from '../profileParameters';
import { simpleProfile, smsConsent } from './simpleProfile';

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

type Lookups = Map<IdentifierName, ProfileLookup>;

/** Finds all profiles at once, a hundred per call. Each identifier is tried only for those not found by an earlier one. */
async function findAll(
	context: IExecuteFunctions,
	wanted: ReadonlyArray<Identifiers | Error>,
): Promise<Lookups> {
	const lookups: Lookups = new Map();
	const klaviyo = await klaviyoOf(context);
	for (const name of identifierNames) {
		const values = wanted.flatMap((identifiers) => {
			if (identifiers instanceof Error || profileIn(lookups, identifiers)) return [];
			return identifiers[name] ?? [];
		});
		lookups.set(name, await profilesBy(klaviyo, name, values, { conversations: true }));
	}
	return lookups;
}

/** What the first identifier says that says anything. */
function firstOf<T>(
	identifiers: Identifiers,
	of: (name: IdentifierName, value: string) => T | undefined,
): T | undefined {
	for (const name of identifierNames) {
		const value = identifiers[name];
		const found = value === undefined ? undefined : of(name, value);
		if (found !== undefined) return found;
	}
	return undefined;
}

const profileIn = (lookups: Lookups, identifiers: Identifiers): Profile | undefined =>
	firstOf(identifiers, (name, value) => lookups.get(name)?.find(value));

const refusalIn = (lookups: Lookups, identifiers: Identifiers): Error | undefined =>
	firstOf(identifiers, (name, value) => lookups.get(name)?.refusalOf(value));

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
		const lookups = await finding;
		const identifiers = wanted[itemIndex] ?? {};
		if (identifiers instanceof Error) throw identifiers;
		const profile = profileIn(lookups, identifiers);
		if (profile === undefined) {
			const refusal = refusalIn(lookups, identifiers);
			if (refusal) throw refusal;
			throw new NodeOperationError(context.getNode(), 'No profile was found', {
				itemIndex,
				description: `Klaviyo has no profile with ${Object.values(identifiers).join(', ')}. If the profile was merged into another, its ID no longer exists: add an email address or phone number.`,
			});
		}
		return context.getNodeParameter('simplify', itemIndex, true) === true
			? {
					...simpleProfile(profile),
					...smsConsent(profile),
					conversationId: profile.conversationIds.sms ?? null,
					whatsAppConversationId: profile.conversationIds.whatsapp ?? null,
				}
			: profile.raw;
	});
};

export const get: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
