/** What a builder can choose about messages, and about the tickets that they open. */
import type { INodeProperties } from 'n8n-workflow';
import { byDisplayName } from '../../../shared/compareDisplayName';

export const scopeOption: INodeProperties = {
	displayName: 'Conversation Scope',
	name: 'scope',
	type: 'string',
	default: '',
	placeholder: 'e.g. outlet',
	description:
		'Keeps conversations of the same customer apart, such as one for each brand or for each number of yours. Leave empty for one conversation a customer.',
};

/** For every operation that writes a message. */
export const writingOptions: INodeProperties[] = [
	{
		displayName: 'Attach Media',
		name: 'attachMedia',
		type: 'boolean',
		default: true,
		description:
			'Whether to attach pictures and files of the message to the ticket, in a comment of their own. What cannot be fetched stays a link, and is named in mediaErrors.',
	},
	scopeOption,
	{
		displayName: 'Warn on Opt-Out',
		name: 'warnOnOptOut',
		type: 'boolean',
		default: true,
		description:
			'Whether to tell agents, in an internal note, that a message has unsubscribed the customer, so that an answer by SMS may not reach them',
	},
];

const newTicketOptions: INodeProperties[] = [
	{
		displayName: 'Brand Name or ID',
		name: 'brandId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getBrands' },
		default: '',
		description:
			'The brand of new tickets. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Custom Fields',
		name: 'customFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add field',
		default: {},
		description:
			"Values of your own ticket fields for new tickets. They must depend on the message alone, since the same message may come twice: no time of day, no 'now'.",
		options: [
			{
				displayName: 'Field',
				name: 'field',
				values: [
					{
						displayName: 'Field Name or ID',
						name: 'fieldId',
						type: 'options',
						typeOptions: { loadOptionsMethod: 'getCustomFields' },
						default: '',
						description:
							'The ticket field. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						description:
							'What it is set to. A drop-down field takes the tag of a choice; for a checkbox or several choices, use an expression that gives true, false or a list.',
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
			"Whether a new ticket of a conversation with closed tickets is made as Zendesk's follow-up of the newest one, which links the two",
	},
	{
		displayName: 'Form Name or ID',
		name: 'formId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getForms' },
		default: '',
		description:
			'The ticket form of new tickets. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Group Name or ID',
		name: 'groupId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getGroups' },
		default: '',
		description:
			'The group that new tickets are assigned to. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
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
		placeholder: 'e.g. SMS from Ana',
		description:
			"The subject of new tickets. Must depend on the message alone, since the same message may come twice. By default 'SMS from' and the customer.",
	},
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: 'sms',
		description: 'Tags of new tickets, separated by commas',
	},
	{
		displayName: 'Trust Email Address',
		name: 'trustEmail',
		type: 'boolean',
		default: false,
		description:
			"Whether a customer is taken for the Zendesk user with 'Customer Email', and made with that address. Anybody can type another person's address into a form of yours: the message then shows in that person's name, and the answer goes to the number that wrote. Turn it on only where your addresses are confirmed.",
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

/** Collections are read by name. */
export const optionsField = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...options].sort(byDisplayName),
});

export const openingOptions: INodeProperties[] = [...writingOptions, ...newTicketOptions];
