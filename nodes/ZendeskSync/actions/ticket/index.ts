/** Tickets: from texts, and what agents do with them. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { addInternalNote } from './addInternalNote.operation';
import { claimReply } from './claimReply.operation';
import { createOrReopen } from './createOrReopen.operation';
import { get } from './get.operation';
import { logOutbound } from './logOutbound.operation';

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
			action: 'Add an internal note to a ticket',
			description: 'Write something that only agents see',
		},
		{
			name: 'Claim Reply',
			value: 'claimReply',
			action: 'Claim a reply',
			description:
				"Make sure that an agent's reply is texted once. Put before Klaviyo: Message: Send Reply.",
		},
		{
			name: 'Create or Reopen From Text',
			value: 'createOrReopen',
			action: 'Create or reopen a ticket from a text',
			description:
				"Put a customer's text into the conversation's ticket, exactly once: a new ticket, a comment, or a reopened ticket",
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get a ticket',
			description: 'Read a ticket with names, e-mail addresses and field titles',
		},
		{
			name: 'Log Outbound Text',
			value: 'logOutbound',
			action: 'Log an outbound text',
			description:
				"Note on the customer's open ticket what a campaign, a flow, Klaviyo's Inbox or an automatic response texted them, and replies that were not delivered",
		},
	],
	default: 'createOrReopen',
};

export const ticket = {
	selector,
	operations: { addInternalNote, claimReply, createOrReopen, get, logOutbound },
} satisfies Resource;
