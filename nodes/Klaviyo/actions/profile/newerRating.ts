/** Ratings may arrive in another order than they were given: catch-up brings one whose webhook was lost minutes later. */
import type { Klaviyo } from '../../api/client';
import { identifierNames, LAST_RATING, LAST_RATING_AT, profilesBy } from '../../api/profiles';
import type { ProfileChange } from '../../api/profileWriter';

/** Milliseconds since 1970; NaN if it is no time. */
const timeIn = (properties: Readonly<Record<string, unknown>>): number =>
	Date.parse(String(properties[LAST_RATING_AT] ?? ''));

/** @returns the change without its rating, if the profile has a newer one. Only a rating costs the call that looks */
export async function withoutOlderRating(
	klaviyo: Klaviyo,
	change: ProfileChange,
): Promise<ProfileChange> {
	const time = timeIn(change.properties);
	if (Number.isNaN(time)) return change;
	for (const name of identifierNames) {
		const value = change.identifiers[name];
		if (value === undefined) continue;
		const profile = (await profilesBy(klaviyo, name, [value])).find(value);
		if (!profile) continue;
		if (!(timeIn(profile.properties) > time)) return change;
		const properties = Object.entries(change.properties).filter(
			([property]) => property !== LAST_RATING && property !== LAST_RATING_AT,
		);
		return { ...change, properties: Object.fromEntries(properties) };
	}
	return change;
}
