/** Which texts of a conversation a builder wants. */
import type { INodeProperties } from 'n8n-workflow';

export const historyFilters: INodeProperties[] = [
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: [
			{ name: 'Both', value: 'both' },
			{ name: 'Inbound', value: 'inbound', description: 'What the customer texted' },
			{ name: 'Outbound', value: 'outbound', description: 'What the customer was texted' },
		],
		default: 'both',
		description: 'Which way the texts went',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{ name: 'Automatic Response', value: 'autoResponse' },
			{ name: 'Customer Texted In', value: 'textedIn' },
			{ name: 'Text Delivered', value: 'delivered' },
			{ name: 'Text Failed', value: 'failed' },
		],
		default: [],
		description: 'What happened with the text. Empty for all.',
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
			"Where the text came from; 'Conversation' is what an agent or a person in Klaviyo wrote. Empty for all.",
	},
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: 'Only texts from then on',
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description: 'Only texts up to then',
	},
];
