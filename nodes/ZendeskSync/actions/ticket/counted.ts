/** What is counted of a customer's tickets. */
import { isOpen } from '../../../../domain/outbound';
import type { Identities } from '../../api/users';
import type { WireTicket, WireUser } from '../../api/wire';

export interface Counted {
	/** Undefined if the credential's user may not see them. */
	identities: Identities | undefined;
	tickets: WireTicket[];
	requester: WireUser | undefined;
	requesterId: string | null;
}

/** The list, updated with the changed ticket if it is (still) the customer's. */
export const withChanged = (
	{ tickets, requesterId }: Counted,
	changedId: string,
	changed: WireTicket | undefined,
): WireTicket[] => {
	const others = tickets.filter(({ id }) => id !== changedId);
	return changed && changed.requester_id === requesterId ? [...others, changed] : others;
};

/** The value of a ticket's custom field, in words; its subject if no field was chosen. Null if it has none. */
function reasonOf({ custom_fields: fields, subject }: WireTicket, reasonField: string) {
	if (reasonField === '') return subject;
	const value = fields?.find(({ id }) => id === reasonField)?.value;
	const words = (Array.isArray(value) ? value : [value ?? '']).map(String).join(', ');
	return words === '' ? null : words;
}

/** Null if there is none: the list has no archived tickets, so the customer may have had some. */
function lastOf(tickets: readonly WireTicket[], reasonField: string) {
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
	tickets: WireTicket[],
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
