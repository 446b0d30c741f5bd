import { Lookup } from '../lookup';
import type { User } from './model';

export const emailsOf = ({ email, others }: User): string[] => [
	...(email === null ? [] : [email]),
	...others.emails,
];

const searchable = {
	phone: ({ phone }: User) => phone,
	email: (user: User) => emailsOf(user).join(' '),
	external_id: ({ externalId }: User) => externalId,
} as const;
type Searchable = keyof typeof searchable;
export const isSearchable = (property: string | undefined): property is Searchable =>
	property !== undefined && Object.hasOwn(searchable, property);

/** The account's users by id, and found by their identifiers. */
export class UserBook extends Map<number, User> {
	private readonly byEmail = new Lookup<User>();
	private readonly byPhone = new Lookup<User>();
	private readonly byExternalId = new Lookup<User>();
	/** For each property and length of a searched part: searches are mostly for whole numbers and ids. */
	private readonly byPart = new Map<string, PartTable>();

	add(user: User): void {
		this.set(user.id, user);
		this.note(user);
	}

	/** To be called after a user's identifier was changed. */
	note(user: User): void {
		for (const email of emailsOf(user)) this.byEmail.note(email, user);
		this.byPhone.note(user.phone, user);
		this.byExternalId.note(user.externalId?.toLowerCase() ?? null, user);
		for (const table of this.byPart.values()) table.note(user);
	}

	withEmail(email: string): User | undefined {
		const same = email.toLowerCase();
		return this.byEmail.of(same).find((user) => emailsOf(user).includes(same));
	}

	withPhone(phone: string): User[] {
		return this.byPhone.of(phone).filter((user) => user.phone === phone);
	}

	/** Regardless of case, as Zendesk compares them. */
	withExternalId(externalId: string): User[] {
		const same = externalId.toLowerCase();
		return inOrder(
			this.byExternalId.of(same).filter((user) => user.externalId?.toLowerCase() === same),
		);
	}

	/** Users who have, or had, `part` in a property; `part` in lower case. */
	maybeWith(property: Searchable, part: string): User[] {
		const name = `${property}:${part.length}`;
		let table = this.byPart.get(name);
		if (table === undefined) {
			table = new PartTable(searchable[property], part.length);
			for (const user of this.values()) table.note(user);
			this.byPart.set(name, table);
		}
		return inOrder(table.of(part));
	}
}

class PartTable {
	private readonly users = new Lookup<User>();

	constructor(
		private readonly valueOf: (user: User) => string | null,
		private readonly length: number,
	) {}

	note(user: User): void {
		const value = this.valueOf(user)?.toLowerCase() ?? '';
		for (let at = 0; at + this.length <= value.length; at += 1)
			this.users.note(value.slice(at, at + this.length), user);
	}

	of(part: string): User[] {
		return this.users.of(part);
	}
}

const inOrder = (users: User[]): User[] => users.sort((a, b) => a.id - b.id);
