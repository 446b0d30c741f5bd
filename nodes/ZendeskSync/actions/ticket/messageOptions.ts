/** Options for messages, and for the tickets that they open. */
import type { INodeProperties } from 'n8n-workflow';
import { byDisplayName } from '../../../shared/compareDisplayName';
import { locatorField } from '../../../shared/locator';
import { brandLocator, fieldLocator, formLocator, groupLocator } from '../locators';

export const scopeOption: INodeProperties = {
	displayName: 'Conversation Scope',
	name: 'scope',
	type: 'string',
	default: '',
	placeholder: 'e.g. outlet',
	description:
		'Separates conversations of one customer, for example by brand or by your phone number. Leave empty for one conversation per customer.',
};

/** For each operation that adds a message. */
export const writingOptions: INodeProperties[] = [
	{
		displayName: 'Attach Media',
		name: 'attachMedia',
		type: 'boolean',
		default: true,
		description:
			"Whether to attach the message's pictures and files to the ticket, in a separate comment. A file that cannot be downloaded stays a link and is listed in mediaErrors.",
	},
	scopeOption,
	{
		displayName: 'Warn on Opt-Out',
		name: 'warnOnOptOut',
		type: 'boolean',
		default: true,
		description:
			'Whether to add an internal note if a message may have unsubscribed the customer, so that agents know that a message may not reach them',
	},
];

const newTicketOptions: INodeProperties[] = [
	locatorField(brandLocator, {
		displayName: 'Brand',
		name: 'brandId',
		description: 'The brand of new tickets',
	}),
	{
		displayName: 'Custom Fields',
		name: 'customFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add field',
		default: {},
		description:
			'Values for custom fields of new tickets. They must be the same each time the same message is processed: do not use the current time.',
		options: [
			{
				displayName: 'Field',
				name: 'field',
				values: [
					locatorField(fieldLocator, {
						displayName: 'Field',
						name: 'fieldId',
						description: 'The ticket field',
					}),
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						description:
							"The field's value. For a drop-down field, enter the tag of a choice. For a checkbox or a multi-select field, use an expression that returns true, false or a list.",
					},
				],
			},
		],
	},
	{
		displayName: 'Follow Up Closed Ticket',
		name: 'followUp',
		type: 'boolean',
		default: false,
		description:
			"Whether to create a new ticket as a follow-up of the conversation's newest closed ticket. Zendesk then links the two.",
	},
	locatorField(formLocator, {
		displayName: 'Form',
		name: 'formId',
		description: 'The ticket form of new tickets',
	}),
	locatorField(groupLocator, {
		displayName: 'Group',
		name: 'groupId',
		description: 'The group that new tickets are assigned to',
	}),
	{
		displayName: 'Priority',
		name: 'priority',
		type: 'options',
		options: [
			{ name: 'High', value: 'high' },
			{ name: 'Low', value: 'low' },
			{ name: 'Normal', value: 'normal' },
			{ name: 'Urgent', value: 'urgent' },
		],
		default: 'normal',
		description: 'The priority of new tickets',
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'e.g. Message from Ana',
		description:
			"The subject of new tickets. It must be the same each time the same message is processed: do not use the current time. Leave empty for the channel and the customer, such as 'SMS from Ana'.",
	},
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: '',
		placeholder: 'e.g. vip, outlet',
		description:
			'More tags for new tickets, separated by commas. Each new ticket has the tag sms or whatsapp in any case.',
	},
	{
		displayName: 'Trust Email Address',
		name: 'trustEmail',
		type: 'boolean',
		default: false,
		description:
			"Whether to find the customer's Zendesk user by 'Customer Email', and to create new users with that address. Turn on only if your addresses are confirmed: anybody can type another person's address into a form. The message then appears in that person's name, while replies go to the phone number that wrote.",
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: [
			{ name: 'Incident', value: 'incident' },
			{ name: 'Problem', value: 'problem' },
			{ name: 'Question', value: 'question' },
			{ name: 'Task', value: 'task' },
		],
		default: 'question',
		description: 'The type of new tickets',
	},
];

/** Options are sorted by name, as n8n's lint asks. */
export const optionsField = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...options].sort(byDisplayName),
});

export const openingOptions: INodeProperties[] = [...writingOptions, ...newTicketOptions];
