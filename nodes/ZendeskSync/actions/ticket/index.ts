/** Tickets: from messages, and what agents do with them. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { addInternalNote } from './addInternalNote.operation';
import { addMessage } from './addMessage.operation';
import { claimReply } from './claimReply.operation';
import { countOpen } from './countOpen.operation';
import { create } from './create.operation';
import { createOrReopen } from './createOrReopen.operation';
import { findForConversation } from './findForConversation.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';
import { logOutbound } from './logOutbound.operation';
import { reopen } from './reopen.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['ticket'] } },
	options: [
		{
			name: 'Add Internal Note',
			value: 'addInternalNote',
			action: 'Add internal note to ticket',
			description: 'Write something that only agents see',
		},
		{
			name: 'Add Message',
			value: 'addMessage',
			action: 'Add text to ticket',
			description:
				"Put a customer's message into a ticket as their comment, once. For a workflow that decides by itself which ticket it is.",
		},
		{
			name: 'Claim Reply',
			value: 'claimReply',
			action: 'Claim reply on ticket',
			description:
				"Make sure that an agent's reply is sent once. Put before Klaviyo: Message: Send Reply.",
		},
		{
			name: 'Count Open',
			value: 'countOpen',
			action: 'Count open tickets of customer',
			description: 'Say how many tickets of a customer are new, open, pending or on hold',
		},
		{
			name: 'Create',
			value: 'create',
			action: 'Create ticket from text',
			description:
				"Open a ticket with a customer's message, once, if the conversation has none that is not closed. For a workflow that decides by itself when to do so.",
		},
		{
			name: 'Create or Reopen From Message',
			value: 'createOrReopen',
			action: 'Create or reopen ticket from text',
			description:
				"Put a customer's message into the conversation's ticket, exactly once: a new ticket, a comment, or a reopened ticket",
		},
		{
			name: 'Find for Conversation',
			value: 'findForConversation',
			action: 'Find ticket of conversation',
			description:
				"Find the newest ticket of a customer's SMS conversation that is not closed, and its status",
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get ticket',
			description: 'Read a ticket with names, e-mail addresses and field titles',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many tickets',
			description: 'Export tickets, or what happened to them, from any time on',
		},
		{
			name: 'Log Outbound Message',
			value: 'logOutbound',
			action: 'Log outbound message on ticket',
			description:
				"Note on the customer's open ticket what a campaign, a flow, Klaviyo's Inbox or an automatic response sent them, and replies that were not delivered",
		},
		{
			name: 'Reopen',
			value: 'reopen',
			action: 'Reopen ticket',
			description: 'Set a ticket that is solved, pending or on hold to open',
		},
	],
	default: 'createOrReopen',
};

export const ticket = {
	selector,
	operations: {
		addInternalNote,
		addMessage,
		claimReply,
		countOpen,
		create,
		createOrReopen,
		findForConversation,
		get,
		getMany,
		logOutbound,
		reopen,
	},
} satisfies Resource;
