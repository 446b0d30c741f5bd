/** Filters for ticket events. */
import type { INodeProperties } from 'n8n-workflow';
import { scopeOption } from '../actions/ticket/messageOptions';

export const filterOptions: INodeProperties[] = [
	{
		displayName: 'Brand Names or IDs',
		name: 'brands',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getBrands' },
		default: [],
		description:
			'Only tickets of these brands. Leave empty for all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Channels',
		name: 'channels',
		type: 'multiOptions',
		options: [
			{ name: 'API', value: 'api' },
			{ name: 'Chat', value: 'chat' },
			{ name: 'Email', value: 'email' },
			{ name: 'Help Center', value: 'helpCenter' },
			{ name: 'Messaging', value: 'messaging' },
			{ name: 'Mobile', value: 'mobile' },
			{ name: 'Other', value: 'other', description: 'Any channel that is not in this list' },
			{ name: 'Phone', value: 'phone' },
			{
				name: 'SMS Conversation',
				value: 'sms',
				description:
					"A conversation by SMS or RCS whose ticket 'Create or Reopen From Message' created",
			},
			{ name: 'Social Media', value: 'socialMedia' },
			{ name: 'Web', value: 'web', description: 'A web form, or created by an agent' },
			{
				name: 'WhatsApp Conversation',
				value: 'whatsapp',
				description: "A conversation whose ticket 'Create or Reopen From Message' created",
			},
		],
		default: [],
		description:
			"Only tickets from these channels. Leave empty for all. 'Agent Replied' starts the workflow only for conversations by SMS or WhatsApp, unless you choose channels here.",
	},
	{
		displayName: 'Closed by a Merge',
		name: 'closedByMerge',
		type: 'boolean',
		default: false,
		description:
			"Whether 'Closed' starts the workflow for a ticket that was closed because it was merged into another, too. 'Merged' does in any case.",
	},
	{
		...scopeOption,
		description:
			"Only conversations with this scope, as set in 'Create or Reopen From Message'. Leave empty for all, or enter - for conversations without a scope. If each brand has its own Klaviyo account, set the scope in each brand's workflow: otherwise any of them may send the reply.",
	},
	{
		displayName: 'Leave Out Tag Names or IDs',
		name: 'leaveOutTags',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getTags' },
		default: [],
		description:
			'No events of tickets with any of these tags, whatever the other filters say. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Replies on Other Tickets',
		name: 'repliesOnOtherTickets',
		type: 'boolean',
		default: false,
		description:
			'Whether replies on tickets that are not conversations by SMS or WhatsApp, such as emails, start the workflow too',
	},
	{
		displayName: 'Tag Names or IDs',
		name: 'tags',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getTags' },
		default: [],
		description:
			'Only tickets with any of these tags. Leave empty for all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];
