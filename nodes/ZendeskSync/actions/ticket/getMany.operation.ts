/** Ticket: Get Many. The account's history, for instance to bring Klaviyo up to date. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { simplifyField } from './fields';

const properties: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{
				name: 'Ticket Events',
				value: 'events',
				description:
					'One item for each ticket that was opened or closed, as Klaviyo: Event: Track Ticket takes it',
			},
			{
				name: 'Tickets',
				value: 'tickets',
				description: 'One item for each ticket that has changed, as it is now',
			},
		],
		default: 'events',
		description: 'What the items are',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{
				name: 'Closed',
				value: 'closed',
				description: "The ticket's last change",
			},
			{ name: 'Opened', value: 'opened' },
		],
		default: ['opened', 'closed'],
		description:
			'What happened. When tickets were solved or reopened, no list of Zendesk says: the trigger brings that from now on.',
		displayOptions: { show: { output: ['events'] } },
	},
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: 'The beginning of the time that matters. Empty for all there is.',
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description: 'Its end. Empty for now; Zendesk never gives the last minute.',
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
	simplifyField,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Brand Names or IDs',
				name: 'brandIds',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getBrands' },
				default: [],
				description:
					'Tickets of these brands only. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
			{
				displayName: 'Conversations Only',
				name: 'conversationsOnly',
				type: 'boolean',
				default: false,
				description: 'Whether to leave out tickets that are no SMS conversation',
			},
			{
				displayName: 'Include Deleted',
				name: 'includeDeleted',
				type: 'boolean',
				default: false,
				description:
					"Whether to return deleted tickets as well, without a status. Needs an administrator's credential, and 'Output' to be 'Tickets'.",
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				default: '',
				placeholder: 'e.g. sms, vip',
				description: 'Tickets with any of these tags only, separated by commas',
			},
		],
	},
];

export const getMany: Operation = {
	properties,
	load: async () => await import('./getMany.execute'),
};
