/** Tickets: made from messages, and answered by agents. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { addInternalNote } from './addInternalNote.operation';
import { addMessage } from './addMessage.operation';
import { claimReply } from './claimReply.operation';
import { countOpen } from './countOpen.operation';
import { create } from './create.operation';
import { createOrReopen } from './createOrReopen.operation';
import { fileRating } from './fileRating.operation';
import { findForConversation } from './findForConversation.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';
import { getWaitingReplies } from './getWaitingReplies.operation';
import { logOutbound } from './logOutbound.operation';
import { reopen } from './reopen.operation';
import { startConversation } from './startConversation.operation';

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
			description: 'Add a note that only agents can see',
		},
		{
			name: 'Add Message',
			value: 'addMessage',
			action: 'Add message to ticket',
			description:
				"Add a customer's message to a ticket as the customer's comment, once. For workflows that choose the ticket themselves.",
		},
		{
			name: 'Claim Reply',
			value: 'claimReply',
			action: 'Claim reply on ticket',
			description:
				"Reserve an agent's reply on the ticket, so that it is sent only once. Use before Message: Send Reply of Klaviyo.",
		},
		{
			name: 'Count Open',
			value: 'countOpen',
			action: 'Count open tickets of customer',
			description: "Count a customer's tickets that are new, open, pending or on hold",
		},
		{
			name: 'Create',
			value: 'create',
			action: 'Create ticket from message',
			description:
				"Create a ticket with a customer's message, once, unless the conversation has one that is not closed. For workflows that decide themselves when to create tickets.",
		},
		{
			name: 'Create or Reopen From Message',
			value: 'createOrReopen',
			action: 'Create or reopen ticket from message',
			description:
				"Add a customer's message to the conversation's ticket, exactly once. Creates a ticket if there is none, and reopens a solved one.",
		},
		{
			name: 'File Rating',
			value: 'fileRating',
			action: 'File rating on ticket',
			description:
				"Note a customer's answer to a request to rate a solved ticket, so that it does not reopen the ticket. Use before Create or Reopen From Message.",
		},
		{
			name: 'Find for Conversation',
			value: 'findForConversation',
			action: 'Find ticket of conversation',
			description:
				"Find the newest ticket of a customer's conversation that is not closed, and its status",
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get ticket',
			description: 'Get a ticket with the names, email addresses and field titles behind its IDs',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many tickets',
			description: 'Get the tickets of any period, or their opening and closing events',
		},
		{
			name: 'Get Waiting Replies',
			value: 'getWaitingReplies',
			action: 'Get waiting replies of customer',
			description:
				'Get the replies that wait until a customer writes again on WhatsApp. Use after Customer Messaged of Klaviyo Trigger.',
		},
		{
			name: 'Log Outbound Message',
			value: 'logOutbound',
			action: 'Log outbound message on ticket',
			description:
				"Note on the customer's open ticket what a campaign, a flow, Klaviyo's Inbox or an automatic response sent them, and which replies were not delivered",
		},
		{
			name: 'Reopen',
			value: 'reopen',
			action: 'Reopen ticket',
			description: 'Set a solved, pending or on-hold ticket to open',
		},
		{
			name: 'Start Conversation',
			value: 'startConversation',
			action: 'Start conversation on ticket',
			description:
				"Make a ticket that an agent opened for a customer's number the customer's conversation by SMS. Use before Claim Reply.",
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
		fileRating,
		findForConversation,
		get,
		getMany,
		getWaitingReplies,
		logOutbound,
		reopen,
		startConversation,
	},
} satisfies Resource;
