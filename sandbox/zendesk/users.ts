import type { Core } from '../core';
import type { Ticket, User, UserField } from './model';
import type { Store } from './store';
import { emailsOf, isSearchable, type UserBook } from './userBook';
import { invalidRecord } from './wording';

/** Creates a user; a number that another user has becomes a shared one, without an error. */
export function addUser(core: Core, store: Store, wanted: Partial<User> & { name: string }): User {
	refuseTaken(store, wanted.email ?? null, undefined);
	if (core.switches.uniqueUserExternalIds) refuseTakenId(store, wanted.externalId ?? null);
	const phone = wanted.phone ?? null;
	const user: User = {
		id: store.nextId(),
		name: wanted.name,
		alias: wanted.alias ?? '',
		role: wanted.role ?? 'end-user',
		email: wanted.email?.toLowerCase() ?? null,
		phone,
		sharedPhone: phone === null ? null : isTaken(store, phone, undefined),
		others: { emails: [], phones: [] },
		externalId: wanted.externalId ?? null,
		tags: wanted.tags ?? [],
		notes: wanted.notes ?? '',
		fields: knownFields(store, wanted.fields),
		suspended: wanted.suspended ?? false,
		createdAt: core.clock.now(),
		updatedAt: core.clock.now(),
	};
	store.users.add(user);
	core.changes.announce();
	return user;
}

/** Zendesk leaves out, without a word, fields that the account does not have. */
function knownFields(store: Store, fields: User['fields'] = {}): User['fields'] {
	const known = Object.entries(fields).flatMap(([key, value]) => {
		const field = store.userFields.get(key);
		return field ? [{ field, key, value }] : [];
	});
	for (const { field, key, value } of known)
		if (!isValid(field, value))
			throw invalidRecord({
				base: [{ description: `${field.title}: '${value}' is invalid`, error: 'InvalidValue' }],
				[key]: [],
			});
	return Object.fromEntries(known.map(({ key, value }) => [key, value]));
}

function isValid({ type, options }: UserField, value: unknown): boolean {
	if (value === null) return true;
	if (type === 'dropdown') return options.some((option) => option.value === value);
	if (type === 'integer') return Number.isInteger(value);
	if (type === 'decimal') return typeof value === 'number';
	if (type === 'date') return /^\d{4}-\d\d-\d\d/.test(String(value));
	return typeof value === 'string';
}

/** Changes a user. An e-mail address for a user who has one is a second address: the first stays. */
export function changeUser(core: Core, store: Store, user: User, wanted: Partial<User>): User {
	refuseTaken(store, wanted.email ?? null, user.id);
	if (wanted.phone !== undefined && wanted.phone !== user.phone) {
		user.phone = wanted.phone;
		user.sharedPhone = wanted.phone === null ? null : isTaken(store, wanted.phone, user.id);
	}
	user.name = wanted.name ?? user.name;
	const email = wanted.email?.toLowerCase() ?? null;
	if (email !== null && user.email !== null && email !== user.email) add(user.others.emails, email);
	user.email = user.email ?? email;
	if (wanted.externalId !== undefined) user.externalId = wanted.externalId;
	if (wanted.tags !== undefined) user.tags = wanted.tags;
	user.fields = { ...user.fields, ...knownFields(store, wanted.fields) };
	if (wanted.notes !== undefined) user.notes = wanted.notes;
	if (wanted.role !== undefined) user.role = wanted.role;
	if (wanted.suspended !== undefined) user.suspended = wanted.suspended;
	user.updatedAt = core.clock.now();
	store.users.note(user);
	core.changes.announce();
	return user;
}

/**
 * The kept user gets the other's tickets, addresses and numbers, and the other is gone. Whether Zendesk sends webhooks for
 * the tickets' new requester is not documented: a switch.
 *
 * @param report writes down that a ticket is the kept user's now
 * https://developer.zendesk.com/api-reference/ticketing/users/users/#merge-end-users
 */
export function mergeUsers(
	core: Core,
	store: Store,
	[gone, kept]: [User, User],
	report: (ticket: Ticket) => void,
): void {
	for (const email of [gone.email, ...gone.others.emails])
		if (email !== null && email !== kept.email) add(kept.others.emails, email);
	for (const phone of [gone.sharedPhone ? null : gone.phone, ...gone.others.phones])
		if (phone !== null && phone !== kept.phone) add(kept.others.phones, phone);
	Object.assign(gone, { email: null, phone: null, externalId: null });
	gone.others = { emails: [], phones: [] };
	store.users.delete(gone.id);
	store.users.note(kept);
	for (const ticket of store.tickets.maybeRequestedBy(gone.id)) {
		if (ticket.state.requesterId !== gone.id) continue;
		if (core.switches.userMergeReported && ticket.state.status !== 'closed') {
			report(ticket);
			continue;
		}
		ticket.state = { ...ticket.state, requesterId: kept.id };
		ticket.history.push({ at: core.clock.now(), state: ticket.state });
		store.tickets.note(ticket);
	}
	core.changes.announce();
}

const add = (list: string[], value: string): void =>
	void (list.includes(value) || list.push(value));

function isTaken(store: Store, phone: string, but: number | undefined): boolean {
	return store.users.withPhone(phone).some(({ id }) => id !== but);
}

function refuseTaken(store: Store, email: string | null, but: number | undefined): void {
	if (email === null) return;
	const owner = store.users.withEmail(email);
	if (owner === undefined || owner.id === but) return;
	throw invalidRecord({
		email: [
			{
				description: `Email: ${email} is already being used by another user`,
				error: 'DuplicateValue',
			},
		],
	});
}

function refuseTakenId(store: Store, externalId: string | null): void {
	if (externalId === null) return;
	if (store.users.withExternalId(externalId).length === 0) return;
	throw invalidRecord({
		external_id: [{ description: 'External: has already been taken', error: 'DuplicateValue' }],
	});
}

/** Users that a search finds, by id: the words are part of any property, or of the one that `property:` names. */
export function matchingUsers(users: UserBook, query: string): User[] {
	const terms = (query.match(/(?:[^\s"]+|"[^"]*")+/g) ?? []).map(termOf);
	let found: Iterable<User> = users.values();
	for (const { property, wanted } of terms)
		if (isSearchable(property) && wanted !== '' && !isAnySpelling(wanted))
			found = users.maybeWith(property, wanted);
	return [...found].filter((user) => terms.every((term) => matches(user, term)));
}

interface Term {
	property: string | undefined;
	/** In lower case. */
	wanted: string;
}

function termOf(term: string): Term {
	const [, property, raw = ''] = /^(?:(\w+):)?(.*)$/.exec(term) ?? [];
	return { property, wanted: raw.replace(/"/g, '').toLowerCase() };
}

function matches(user: User, { property, wanted }: Term): boolean {
	const values: Record<string, string | null> = {
		name: user.name,
		email: emailsOf(user).join(' '),
		phone: user.phone,
		external_id: user.externalId,
		role: user.role,
		notes: user.notes,
		tags: user.tags.join(' '),
	};
	if (property === 'type') return wanted === 'user';
	if (property === 'phone' && isAnySpelling(wanted)) return endsIn(user.phone, wanted.slice(1));
	const chosen = property === undefined ? Object.values(values) : [values[property] ?? null];
	return chosen.some((value) => value !== null && value.toLowerCase().includes(wanted));
}

/**
 * `phone:*5135557611` finds a number in every spelling; without the asterisk a number is found as it is written.
 * https://developer.zendesk.com/documentation/voice/talk-partner-edition/retrieving-the-zendesk-user-id-of-a-caller/
 */
const isAnySpelling = (wanted: string): boolean => /^\*\d+$/.test(wanted);

/** Whether the number, with or without its extension, ends in these digits. */
function endsIn(phone: string | null, digits: string): boolean {
	const [dialled = ''] = (phone ?? '').split(/[x#,;]|ext/i);
	return dialled.replace(/\D/g, '').endsWith(digits);
}
