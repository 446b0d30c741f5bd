/** What a builder can choose for the tickets that a text opens. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { NewTicket } from '../../api/desk';

export interface NewTicketOptions {
	brandId?: string;
	groupId?: string;
	priority?: string;
	scope?: string;
	subject?: string;
	tags?: string;
	type?: string;
}

export const newTicketFields: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
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
			displayName: 'Conversation Scope',
			name: 'scope',
			type: 'string',
			default: '',
			placeholder: 'e.g. outlet',
			description:
				'Keeps conversations of the same customer apart, such as one for each brand or for each number of yours. Leave empty for one conversation a customer.',
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
				"The subject of new tickets. Must depend on the text alone, since the same text may come twice. By default 'SMS from' and the customer.",
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'string',
			default: 'sms',
			description: 'Tags of new tickets, separated by commas',
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
	],
};

/** The same for the same text, whenever it is asked for: Zendesk compares it under its idempotency key. */
export function newTicketOf(
	options: NewTicketOptions,
	name: string | null,
	number: string,
): NewTicket {
	const { brandId, groupId, priority, type } = options;
	const fields: IDataObject = {
		...(brandId ? { brand_id: Number(brandId) } : {}),
		...(groupId ? { group_id: Number(groupId) } : {}),
		...(priority ? { priority } : {}),
		...(type ? { type } : {}),
	};
	const tags = (options.tags ?? 'sms').split(/[,\s]+/).filter(Boolean);
	const customer = name ? `${name} (${number})` : number;
	return { subject: options.subject?.trim() || `SMS from ${customer}`, tags, fields };
}
