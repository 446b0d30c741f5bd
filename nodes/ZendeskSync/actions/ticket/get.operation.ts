/** Ticket: Get. For an item that is a ticket event, the event stays, and its key is found where it has none. */
import { type IDataObject, type INodeProperties, updateDisplayOptions } from 'n8n-workflow';
import { ticketEvent } from '../../../../domain/items';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { zendeskOf } from '../../api/client';
import { findEventKey } from '../../api/eventKey';
import { fieldTitles, readTicket, readUser, ticketSide } from '../../api/tickets';
import { ticketIdField } from './fields';

const properties: INodeProperties[] = [ticketIdField];

/** What an event knows better than the ticket, which may have gone on since. */
const eventSide = ticketEvent.pick({
	event: true,
	key: true,
	occurredAt: true,
	previousStatus: true,
	status: true,
	requesterId: true,
	comment: true,
	catchUp: true,
});

export const get: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['ticket'], operation: ['get'] } },
		properties,
	),
	async execute(context, items) {
		const zendesk = await zendeskOf(context);
		let titles: Promise<Map<string, string>> | undefined;
		return await eachItem(context, items, async (input, itemIndex) => {
			const ticketId = String(context.getNodeParameter('ticketId', itemIndex)).trim();
			const event = eventSide.safeParse(input.json).data;
			const record = await readTicket(zendesk, ticketId);
			// The event's requester: a metric belongs to the person it happened to.
			const requesterId = event?.requesterId ?? record.ticket.requester_id;
			const requester =
				requesterId === null
					? undefined
					: (record.users.get(requesterId) ?? (await readUser(zendesk, requesterId)));
			const ticket = ticketSide(
				zendesk,
				record,
				await (titles ??= fieldTitles(zendesk)),
				requester,
			);
			if (!event) return { ...ticket } as unknown as IDataObject;
			const { event: name, occurredAt } = event;
			const key =
				event.key ??
				(name === 'solved' || name === 'reopened'
					? await findEventKey(zendesk, name, ticketId, occurredAt)
					: null);
			const status = event.status ?? ticket.status;
			return { ...ticket, ...event, key, status, requesterId, raw: null } as unknown as IDataObject;
		});
	},
};
