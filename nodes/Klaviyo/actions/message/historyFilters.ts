/** Filters for the messages of a conversation. */
import type { INodeProperties } from 'n8n-workflow';
import { channelOptions } from '../../../shared/channel';
import { locatorField } from '../../../shared/locator';
import { sendingNumberLocator } from '../locators';

export const historyFilters: INodeProperties[] = [
	{
		displayName: 'Channels',
		name: 'channels',
		type: 'multiOptions',
		options: [...channelOptions],
		default: [],
		description: 'Only return messages on these channels. Leave empty for all.',
	},
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: [
			{ name: 'Both', value: 'both' },
			{ name: 'Inbound', value: 'inbound', description: 'Messages from the customer' },
			{ name: 'Outbound', value: 'outbound', description: 'Messages to the customer' },
		],
		default: 'both',
		description: 'Only return messages in this direction',
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
		description: 'Only return messages with these events. Leave empty for all.',
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
			"Only return messages from these sources. 'Conversation' is what an agent, or a person in Klaviyo, wrote. Leave empty for all.",
	},
	locatorField(sendingNumberLocator, {
		displayName: 'Sending Number',
		name: 'sendingNumber',
		description:
			'Only return messages from and to this number of yours. A message for which Klaviyo does not show the number is returned too.',
	}),
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: 'Start of the period. Leave empty for no limit.',
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description: 'End of the period. Leave empty for now.',
	},
];
