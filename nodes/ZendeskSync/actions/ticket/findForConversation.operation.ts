/**
 * Ticket: Find for Conversation, for builders who draw the status logic themselves.
 *
 * Finds the ticket that a message would go to. Items of one conversation share one list.
 */

import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { conversationFields } from './messageFields';
import { optionsField, scopeOption } from './messageOptions';
import { conversationRules, newestOf } from '../../../../domain/conversation/rules';
import type { ListedTicket } from '../../../../domain/conversation/ticketStore';
import { beforeGiven, eachItem } from '../../../shared/items';
import { type Zendesk, zendeskOf } from '../../api/client';
import { mustListConversation } from '../../api/conversationTickets';
import { readCustomer } from './messageInput';

const properties: INodeProperties[] = [...conversationFields(), optionsField([scopeOption])];

function found(zendesk: Zendesk, externalId: string, tickets: ListedTicket[]): IDataObject {
	const ticket = conversationRules.target(tickets);
	const closed = tickets.filter(({ status }) => status === 'closed');
	return {
		found: ticket !== undefined,
		ticketId: ticket?.id ?? null,
		status: ticket?.status ?? null,
		updatedAt: ticket ? new Date(ticket.updatedAt).toISOString() : null,
		ticketUrl: ticket ? `${zendesk.origin}/agent/tickets/${ticket.id}` : null,
		externalId,
		closedTicketId: newestOf(closed)?.id ?? null,
		openTickets: tickets.length - closed.length,
	};
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const lists = new Map<string, Promise<ListedTicket[]>>();
	return await eachItem(context, items, async (input, itemIndex) => {
		const { externalId } = readCustomer(context, itemIndex);
		const list = lists.get(externalId) ?? mustListConversation(zendesk, externalId);
		lists.set(externalId, list);
		return beforeGiven(found(zendesk, externalId, await list), input);
	});
};

export const findForConversation: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
