/** Fields of the operations that put a customer's message into a ticket. */
import type { INodeProperties } from 'n8n-workflow';

export const customerPhoneField: INodeProperties = {
	displayName: 'Customer Phone',
	name: 'customerPhone',
	type: 'string',
	required: true,
	default: '={{ $json.from }}',
	description: "The customer's phone number. It is what makes a conversation.",
};

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
		description:
			'What tells this message from all others. A message with the same key is never put into a ticket twice.',
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'dateTime',
		required: true,
		default: '={{ $json.sentAt }}',
		description: 'When the customer sent it. Must not change when the same message comes again.',
	},
	{
		displayName: 'Media URLs',
		name: 'mediaUrls',
		type: 'json',
		default: '={{ $json.mediaUrls }}',
		description:
			'Addresses of the pictures and files of the message, as a list. They are shown as links, and attached where they can be fetched.',
	},
];

/** What a ticket that the message opens may need. */
export const openingFields: INodeProperties[] = [
	{
		displayName: 'History',
		name: 'history',
		type: 'json',
		default: '={{ $json.history }}',
		description:
			"Messages before this one, as a list from Klaviyo: Message: Screen ('Include Recent History'). A new ticket gets them as an internal note.",
	},
	{
		displayName: 'Customer Name',
		name: 'customerName',
		type: 'string',
		default:
			"={{ [$json.customer?.firstName, $json.customer?.lastName].filter(Boolean).join(' ') }}",
		description: 'For a customer whom Zendesk does not know yet',
	},
	{
		displayName: 'Customer Email',
		name: 'customerEmail',
		type: 'string',
		placeholder: 'e.g. name@email.com',
		default: '={{ $json.customer?.email }}',
		description:
			"Tells people apart who share a number in Zendesk. Nobody is found by it alone, unless you turn on 'Trust Email Address'.",
	},
];
