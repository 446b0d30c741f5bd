import { Lookup } from '../lookup';
import type { Profile } from './model';

const identifiers = {
	email: ({ email }: Profile) => email,
	phone_number: ({ phone }: Profile) => phone,
	external_id: ({ externalId }: Profile) => externalId,
} as const;
export type Identifier = keyof typeof identifiers;
export const isIdentifier = (name: string): name is Identifier => Object.hasOwn(identifiers, name);

/** The account's profiles by id, and found by their identifiers. */
export class ProfileBook extends Map<string, Profile> {
	private readonly lookups: Record<Identifier, Lookup<Profile>> = {
		email: new Lookup(),
		phone_number: new Lookup(),
		external_id: new Lookup(),
	};

	/** To be called after a profile's identifier was written. */
	note(profile: Profile): void {
		this.lookups.email.note(profile.email, profile);
		this.lookups.phone_number.note(profile.phone, profile);
		this.lookups.external_id.note(profile.externalId, profile);
	}

	/** The one profile with an identifier; no two have the same. */
	with(identifier: Identifier, value: string): Profile | undefined {
		const valueOf = identifiers[identifier];
		return this.lookups[identifier].of(value).find((profile) => valueOf(profile) === value);
	}
}
