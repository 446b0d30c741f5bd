/** Finds customers by any of their identifiers, for many items at once. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Identifiers } from '../../../../domain/tracking/event';
import { itemError } from '../../../shared/items';
import { klaviyoOf } from '../../api/client';
import type { Profile } from '../../api/profile';
import {
	type IdentifierName,
	identifierNames,
	type ProfileLookup,
	profilesBy,
	type ProfileRequest,
} from '../../api/profiles';
import { identifiersAt } from '../profileParameters';

export type Lookups = Map<IdentifierName, ProfileLookup>;

/** Finds all profiles at once, a hundred per call. Each identifier is tried only for those not found by an earlier one. */
export async function findAll(
	context: IExecuteFunctions,
	wanted: ReadonlyArray<Identifiers | Error>,
	request: ProfileRequest,
): Promise<Lookups> {
	const lookups: Lookups = new Map();
	const klaviyo = await klaviyoOf(context);
	for (const name of identifierNames) {
		const values = wanted.flatMap((identifiers) => {
			if (identifiers instanceof Error || profileIn(lookups, identifiers)) return [];
			return identifiers[name] ?? [];
		});
		lookups.set(name, await profilesBy(klaviyo, name, values, request));
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

export const profileIn = (lookups: Lookups, identifiers: Identifiers): Profile | undefined =>
	firstOf(identifiers, (name, value) => lookups.get(name)?.find(value));

export const refusalIn = (lookups: Lookups, identifiers: Identifiers): Error | undefined =>
	firstOf(identifiers, (name, value) => lookups.get(name)?.refusalOf(value));

/** @returns an error if none is set, or one is not valid */
export function wantedAt(context: IExecuteFunctions, itemIndex: number): Identifiers | Error {
	try {
		return identifiersAt(context, itemIndex);
	} catch (error) {
		return itemError(context, error, itemIndex);
	}
}

/** All profiles that the first identifier that finds any means: several may have one number. */
export const profilesIn = (lookups: Lookups, identifiers: Identifiers): readonly Profile[] =>
	firstOf(identifiers, (name, value) => {
		const found = lookups.get(name)?.all(value) ?? [];
		return found.length > 0 ? found : undefined;
	}) ?? [];
