/** Ticket: Reopen. For builders who draw the status logic. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { ticketIdField } from './fields';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Pass Over Duplicates',
		name: 'passOverDuplicates',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave the ticket alone when the message was in it already (outcome "duplicate") and an agent has changed its status since. A message that comes again then does not reopen a ticket that was solved since.',
	},
];

export const reopen: Operation = {
	properties,
	load: async () => await import('./reopen.execute'),
};
