/** What is counted of a customer's tickets. */
import { isOpen } from '../../../../domain/outbound';
import type { Zendesk } from '../../api/client';
import { type CustomerName, findRequester, requestedTickets } from '../../api/customers';
import { Gone } from '../../api/gone';
import { manyCustomers } from '../../api/manyCustomers';
import { type Identities, identitiesOf, readUser } from '../../api/users';
import type { WireTicket, WireUser } from '../../api/wire';

type Field = 'id' | 'status' | 'requester_id' | 'created_at' | 'external_id' | 'subject';
/** The fields of a ticket that are counted, or say why the customer wrote. */
export type CountedTicket = Pick<WireTicket, Field | 'custom_fields'>;

export interface Counted {
	/** Undefined if the credential's user may not see them. */
	identities: Identities | undefined;
	tickets: CountedTicket[];
	requester: WireUser | undefined;
	requesterId: string | null;
}

const NOBODY: Counted = {
	tickets: [],
	requester: undefined,
	requesterId: null,
	identities: { emails: [], phones: [] },
};

async function countOf(zendesk: Zendesk, customer: CustomerName): Promise<Counted | Gone> {
	const requesterId = await findRequester(zendesk, customer);
	if (!requesterId) return NOBODY;
	const requested = await requestedTickets(zendesk, requesterId);
	if (requested instanceof Gone) return requested;
	const requester = requested.requester ?? (await readUser(zendesk, requesterId));
	if (requester instanceof Gone) return requester;
	return {
		tickets: requested.tickets,
		requesterId,
		requester,
		identities: await identitiesOf(zendesk, requesterId),
	};
}

/**
 * @param requesterIds of those who will be asked for, to read many at once
 * @returns the tickets of a customer, who is read once
 */
export function counterOf(
	zendesk: Zendesk,
	requesterIds: readonly string[],
): (customer: CustomerName) => Promise<Counted | Gone> {
	const many = manyCustomers(zendesk, [...new Set(requesterIds)]);
	// Avoids an unhandled rejection if no item awaits it.
	many.catch(() => undefined);
	const counts = new Map<string, Promise<Counted | Gone>>();
	const count = async (customer: CustomerName): Promise<Counted | Gone> => {
		const { by, value: requesterId } = customer;
		const known = by === 'requesterId' ? (await many).get(requesterId) : undefined;
		if (!known) return await countOf(zendesk, customer);
		const { user: requester, identities, tickets } = known;
		return { requesterId, requester, identities, tickets };
	};
	return async (customer) => {
		const name = `${customer.by} ${customer.value}`;
		const counting = counts.get(name) ?? count(customer);
		counts.set(name, counting);
		return await counting;
	};
}

/** The customer's tickets, updated with those that have changed, by their ids: null if such a ticket is gone. */
export const withChanged = (
	{ tickets, requesterId }: Counted,
	changed: ReadonlyMap<string, CountedTicket | null>,
): CountedTicket[] => [
	...tickets.filter(({ id }) => !changed.has(id)),
	...[...changed.values()].flatMap((ticket) =>
		ticket?.requester_id === requesterId ? ticket : [],
	),
];

/** The value of a ticket's custom field, in words; its subject if no field was chosen. Null if it has none. */
function reasonOf({ custom_fields: fields, subject }: CountedTicket, reasonField: string) {
	if (reasonField === '') return subject;
	const value = fields?.find(({ id }) => id === reasonField)?.value;
	const words = (Array.isArray(value) ? value : [value ?? '']).map(String).join(', ');
	return words === '' ? null : words;
}

/** Null if there is none: the list has no archived tickets, so the customer may have had some. */
function lastOf(tickets: readonly CountedTicket[], reasonField: string) {
	const [last] = [...tickets].sort(
		(one, other) => Date.parse(other.created_at) - Date.parse(one.created_at),
	);
	return {
		lastTicketAt: last ? new Date(last.created_at).toISOString() : null,
		lastTicketReason: last ? reasonOf(last, reasonField) : null,
	};
}

export function openOf(
	{ requesterId, identities }: Counted,
	tickets: CountedTicket[],
	reasonField: string,
) {
	const open = tickets.filter(({ status }) => status !== undefined && isOpen({ status }));
	return {
		openTickets: open.length,
		ticketIds: open.map(({ id }) => id),
		...lastOf(tickets, reasonField),
		requesterId,
		// If false, Klaviyo may know the customer by addresses or numbers that are not in this item.
		allIdentitiesKnown: identities !== undefined,
	};
}
