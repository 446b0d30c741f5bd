/** Segments of the account. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { createOpenTicket } from './createOpenTicket.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['segment'] } },
	options: [
		{
			name: 'Create Open-Ticket Segment',
			value: 'createOpenTicket',
			action: 'Create segment of people with open tickets',
			description:
				'Find or create the segment of people with open tickets, so that you can exclude them from campaigns',
		},
	],
	default: 'createOpenTicket',
};

export const segment = { selector, operations: { createOpenTicket } } satisfies Resource;
