/** A customer's other profiles: Klaviyo may have their address and number as separate profiles. All get the same count. */
import { asIdentifier } from '../../../../domain/customerProfiles';
import type { Klaviyo } from '../../api/client';
import type { Profile } from '../../api/profile';
import { OPEN_TICKET_COUNT, profilesBy } from '../../api/profiles';
import { importProfile } from '../../api/profileWriter';

/** The count to write for one item. */
export interface CountToWrite {
	/** E-mail addresses and phone numbers. */
	names: readonly string[];
	count: number;
	/** The id of the profile that was written for the item itself. */
	ownId: string;
}

async function profilesNamed(
	klaviyo: Klaviyo,
	names: readonly string[],
): Promise<ReadonlyMap<string, Profile>> {
	const found = new Map<string, Profile>();
	for (const identifier of ['email', 'phone_number'] as const) {
		const values = names.filter((name) => identifier in asIdentifier(name));
		const { find } = await profilesBy(klaviyo, identifier, values);
		for (const value of values) {
			const profile = find(value);
			if (profile) found.set(value, profile);
		}
	}
	return found;
}

/**
 * Creates no profile: only existing ones get the count. If several items mean one profile, the last one counts.
 *
 * @param items by their index
 * @returns the errors, by the item's index
 */
export async function writeOtherCounts(
	klaviyo: Klaviyo,
	items: ReadonlyMap<number, CountToWrite>,
): Promise<Map<number, unknown>> {
	const failures = new Map<number, unknown>();
	const all = [...items].filter(([, { names }]) => names.length > 0);
	if (all.length === 0) return failures;
	const ownOf = new Map([...items].map(([place, { ownId }]) => [ownId, place]));
	const writes = new Map<string, { count: number; places: number[]; known: unknown }>();
	try {
		const profiles = await profilesNamed(
			klaviyo,
			all.flatMap(([, { names }]) => names),
		);
		for (const [place, { names, count }] of all)
			for (const profile of names.flatMap((name) => profiles.get(name) ?? [])) {
				if ((ownOf.get(profile.id) ?? -1) >= place) continue;
				const { places = [] } = writes.get(profile.id) ?? {};
				const known = ownOf.has(profile.id)
					? undefined
					: (profile.properties[OPEN_TICKET_COUNT] ?? 0);
				writes.set(profile.id, { count, places: [...places, place], known });
			}
	} catch (error) {
		for (const [place] of all) failures.set(place, error);
	}
	for (const [id, { count, places, known }] of writes) {
		if (known === count) continue;
		try {
			const properties = { [OPEN_TICKET_COUNT]: count };
			await importProfile(klaviyo, { identifiers: { id }, attributes: {}, properties });
		} catch (error) {
			for (const place of places) failures.set(place, error);
		}
	}
	return failures;
}
