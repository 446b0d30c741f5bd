/** Fields of the operations that add a customer's message to a ticket. */
import type { INodeProperties } from 'n8n-workflow';
import { channelField } from '../../../shared/channel';

export const customerPhoneField: INodeProperties = {
	displayName: 'Customer Phone',
	name: 'customerPhone',
	type: 'string',
	required: true,
	default: '={{ $json.from ?? $json.customer?.phone }}',
	description:
		"The customer's phone number. Identifies the conversation, together with the channel. By default the number that the message came from or, if it shows none, that of the customer's profile.",
};

/** What identifies the conversation. */
export const conversationFields = (customerPhone: Partial<INodeProperties> = {}) => [
	{ ...customerPhoneField, ...customerPhone },
	channelField,
];

/** The message itself. */
export const messageFields: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.body }}',
		description: 'What the customer wrote',
	},
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		required: true,
		default: '={{ $json.key }}',
		description: 'Unique key of the message. A message with the same key is never added twice.',
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'dateTime',
		required: true,
		default: '={{ $json.sentAt }}',
		description:
			'When the customer sent the message. Must be the same each time the same message is processed.',
	},
	{
		displayName: 'Media URLs',
		name: 'mediaUrls',
		type: 'json',
		default: '={{ $json.mediaUrls ?? [] }}',
		description:
			'List of URLs of the pictures and files in the message. They are added as links, and attached if they can be downloaded.',
	},
];

/** Fields for a ticket that the message opens. */
export const openingFields: INodeProperties[] = [
	{
		displayName: 'History',
		name: 'history',
		type: 'json',
		default: '={{ $json.history ?? [] }}',
		description:
			"List of earlier messages, from Message: Screen of Klaviyo with 'Include Recent History'. Added to a new ticket as an internal note.",
	},
	{
		displayName: 'Customer Name',
		name: 'customerName',
		type: 'string',
		default: "={{ $json.customer?.name ?? '' }}",
		description: 'Name of the user to create, if the customer is not in Zendesk yet',
	},
	{
		displayName: 'Customer Email',
		name: 'customerEmail',
		type: 'string',
		placeholder: 'e.g. name@email.com',
		default: "={{ $json.customer?.email ?? '' }}",
		description:
			"Distinguishes users who share a phone number in Zendesk. It does not find a user by itself, unless you turn on 'Trust Email Address'.",
	},
];
