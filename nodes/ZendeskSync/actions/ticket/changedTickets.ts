/** The tickets whose events triggered a count, as they are now: Zendesk's lists may be behind them. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { currentTicket, ticketFacts } from '../../../../domain/ticketMetric';
import { trimmedParameter } from '../../../shared/parameters';
import type { Zendesk } from '../../api/client';
import { unlessGone } from '../../api/gone';
import { ticketReader } from '../../api/tickets';
import type { CountedTicket } from './counted';
import { isZendeskId } from '../../api/paths';

const ticketOnItem = ticketFacts
	.pick({ ticketId: true, externalId: true, subject: true, createdAt: true })
	.extend({ current: currentTicket });

/**
 * A ticket as *Ticket: Get* has put it on the item.
 *
 * @returns null if it found no such ticket; undefined if the item does not say
 */
function ticketOn(
	{ json }: INodeExecutionData,
	ticketId: string,
): CountedTicket | null | undefined {
	if (json.ticketId !== ticketId) return undefined;
	if (json.found === false) return null;
	const { data } = ticketOnItem.safeParse(json);
	if (!data) return undefined;
	return {
		id: data.ticketId,
		status: data.current.status ?? undefined,
		requester_id: data.current.requesterId,
		created_at: data.createdAt,
		external_id: data.externalId,
		subject: data.subject,
	};
}

/** By their ids. Null: the ticket no longer exists, so it is not open. */
interface ChangedTickets {
	/** Rejects if Zendesk refuses. */
	reads: ReadonlyMap<string, Promise<CountedTicket | null>>;
	/** Without those that could not be read. */
	readable: ReadonlyMap<string, CountedTicket | null>;
}

export async function changedTickets(
	context: IExecuteFunctions,
	zendesk: Zendesk,
	items: readonly INodeExecutionData[],
): Promise<ChangedTickets> {
	const readable = new Map<string, CountedTicket | null>();
	const ids = new Set<string>();
	for (const [itemIndex, item] of items.entries()) {
		const valueOf = (name: string): string => trimmedParameter(context, name, itemIndex);
		const id = valueOf('changedTicketId');
		if (!isZendeskId(id)) continue;
		// The item does not have custom fields by their ids.
		const isOnItem =
			context.getNodeParameter('options.useIncomingTicket', itemIndex, false) === true &&
			valueOf('options.reasonField') === '';
		const ticket = isOnItem ? ticketOn(item, id) : undefined;
		if (ticket === undefined) ids.add(id);
		else readable.set(id, ticket);
	}
	const ticketOf = ticketReader(zendesk, [...ids]);
	const read = async (id: string): Promise<CountedTicket | null> =>
		unlessGone(await ticketOf(id))?.ticket ?? null;
	const reads = new Map([...ids].map((id) => [id, read(id)]));
	for (const [id, reading] of reads)
		await reading.then(
			(ticket) => readable.set(id, ticket),
			() => undefined,
		);
	return { reads, readable };
}
