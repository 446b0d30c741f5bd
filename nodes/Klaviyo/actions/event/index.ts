/** Events that become metrics on a customer's profile. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { track } from './track.operation';
import { trackTicket } from './trackTicket.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['event'] } },
	options: [
		{
			name: 'Track',
			value: 'track',
			action: 'Track event',
			description: "Record an event of any metric on a customer's timeline",
		},
		{
			name: 'Track Ticket',
			value: 'trackTicket',
			action: 'Track ticket event',
			description: 'Record that a ticket was opened, solved, reopened or closed, as a metric',
		},
	],
	default: 'trackTicket',
};

export const event = { selector, operations: { track, trackTicket } } satisfies Resource;
