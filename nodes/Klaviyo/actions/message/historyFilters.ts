/** Which messages of a conversation a builder wants. */
import type { INodeProperties } from 'n8n-workflow';

export const historyFilters: INodeProperties[] = [
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: [
			{ name: 'Both', value: 'both' },
			{ name: 'Inbound', value: 'inbound', description: 'What the customer wrote' },
			{ name: 'Outbound', value: 'outbound', description: 'What the customer was sent' },
		],
		default: 'both',
		description: 'Which way the messages went',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{ name: 'Automatic Response', value: 'autoResponse' },
			{ name: 'Customer Messaged', value: 'customerMessaged' },
			{ name: 'Message Delivered', value: 'delivered' },
			{ name: 'Message Failed', value: 'failed' },
		],
		default: [],
		description: 'What happened with the message. Empty for all.',
	},
	{
		displayName: 'Kinds',
		name: 'kinds',
		type: 'multiOptions',
		options: [
			{ name: 'Automatic Response', value: 'autoResponse' },
			{ name: 'Campaign', value: 'campaign' },
			{ name: 'Conversation', value: 'conversation' },
			{ name: 'Customer', value: 'customer' },
			{ name: 'Flow', value: 'flow' },
		],
		default: [],
		description:
			"Where the message came from; 'Conversation' is what an agent or a person in Klaviyo wrote. Empty for all.",
	},
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: 'Only messages from then on',
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description: 'Only messages up to then',
	},
];
