/** The items that Get Many returns for a ticket, and the filter for tickets. */
import type { IDataObject } from 'n8n-workflow';
import { fromExternalId } from '../../../../domain/conversation/externalId';
import { MERGE_TAG } from '../../../../domain/merge';
import type { TicketSide, TicketRecord } from '../../api/tickets';

export interface HistoryFilters {
	brandIds?: string[];
	closedByMerge?: boolean;
	conversationsOnly?: boolean;
	includeDeleted?: boolean;
	/** The customer whose tickets are wanted. */
	requesterId?: string;
	/** Separated by commas: tickets with any of them. */
	tags?: string;
}

export const tagsIn = (typed: string | undefined): string[] =>
	(typed ?? '')
		.toLowerCase()
		.split(/[,\s]+/)
		.filter(Boolean);

export function historyFilter({ brandIds = [], conversationsOnly, tags }: HistoryFilters) {
	const wanted = tagsIn(tags);
	return ({ ticket }: TicketRecord): boolean =>
		(brandIds.length === 0 || brandIds.map(String).includes(ticket.brand_id ?? '')) &&
		(!conversationsOnly || fromExternalId(ticket.external_id) !== undefined) &&
		(wanted.length === 0 || (ticket.tags ?? []).some((tag) => wanted.includes(tag)));
}

/** As far as the ticket shows it. A follow-up of a merged ticket inherits its tag. */
export const isClosedByMerge = ({ ticket: { tags, via } }: TicketRecord): boolean =>
	(tags ?? []).includes(MERGE_TAG) && via?.source?.rel !== 'follow_up';

export interface Period {
	/** Milliseconds since 1970, both inclusive. */
	since: number;
	until: number;
}

const within = ({ since, until }: Period, time: string): boolean =>
	Date.parse(time) >= since && Date.parse(time) <= until;

/**
 * A ticket's history as ticket events, with the keys that the trigger gives them. Zendesk's export does not say when a
 * ticket was solved or reopened. A closed ticket can no longer change, so its last change was its closing.
 */
export function ticketEventsOf(
	side: TicketSide,
	wanted: readonly string[],
	period: Period,
): IDataObject[] {
	const event = (name: 'opened' | 'closed', occurredAt: string): IDataObject[] =>
		wanted.includes(name) && within(period, occurredAt)
			? [
					{
						event: name,
						occurredAt,
						...side,
						previousStatus: null,
						comment: null,
						key: `${name}:${side.ticketId}`,
						catchUp: true,
					} as unknown as IDataObject,
				]
			: [];
	return [
		...event('opened', side.createdAt),
		...(side.status === 'closed' ? event('closed', side.updatedAt) : []),
	];
}

/** A ticket as Ticket: Get returns it. */
export const ticketItem = (side: TicketSide, period: Period): IDataObject[] =>
	within(period, side.updatedAt) ? [{ ...side } as unknown as IDataObject] : [];
