/** Which of Zendesk's ticket events a builder may choose. */
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
			'Only tickets of these brands; all when empty. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
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
				description: "A conversation by message that 'Create or Reopen From Message' has filed",
			},
			{ name: 'Social Media', value: 'socialMedia' },
			{ name: 'Web', value: 'web', description: 'A web form, or made by an agent' },
		],
		default: [],
		description:
			'Only tickets that came by these channels; all when empty. Agent Replied starts the workflow for SMS conversations only, unless channels are chosen here.',
	},
	{
		...scopeOption,
		description:
			"Only tickets of conversations with this scope, as 'Create or Reopen From Message' has it; all when empty. Write - for conversations without a scope. With a Klaviyo account for each brand, set it in the workflow of each: else any of them messages the reply.",
	},
	{
		displayName: 'Replies on Other Tickets',
		name: 'repliesOnOtherTickets',
		type: 'boolean',
		default: false,
		description:
			'Whether replies on tickets that are no SMS conversation, such as emails, start the workflow too',
	},
	{
		displayName: 'Tag Names or IDs',
		name: 'tags',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getTags' },
		default: [],
		description:
			'Only tickets with any of these tags; all when empty. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];
