/** Segment: Create Open-Ticket Segment. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';

const properties: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'segmentName',
		type: 'string',
		required: true,
		default: 'Open Support Ticket',
		description:
			'The name of the segment. When there is one of this name already, it is left as it is and its ID is returned.',
	},
	{
		displayName: 'Open Tickets Are Known By',
		name: 'knownBy',
		type: 'options',
		options: [
			{
				name: 'Metrics',
				value: 'metrics',
				description:
					'People who had a ticket opened and none ended in the last days. Needs Event: Track Ticket; wrong for people with two tickets or an old one.',
			},
			{
				name: 'Number on the Profile',
				value: 'property',
				description:
					"People whose property 'Open Ticket Count' is above 0. Needs Zendesk Sync 'Count Open' and Profile: Create or Update in a workflow.",
			},
		],
		default: 'property',
		description: 'How Klaviyo knows who has open tickets',
	},
	{
		displayName: 'A Ticket Ends When',
		name: 'endMetric',
		type: 'options',
		options: [
			{ name: 'Closed', value: 'Resolved Ticket' },
			{ name: 'Solved', value: 'Solved Ticket' },
		],
		default: 'Solved Ticket',
		displayOptions: { show: { knownBy: ['metrics'] } },
		description: 'What ends a ticket. Zendesk closes tickets some time after they are solved.',
	},
	{
		displayName: 'Days',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		displayOptions: { show: { knownBy: ['metrics'] } },
		description: 'How many days back Klaviyo looks for tickets',
	},
];

export const createOpenTicketOperation: Operation = {
	properties,
	load: async () => await import('./createOpenTicket.execute'),
};
