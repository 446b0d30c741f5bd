/** Ticket: Add Internal Note. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { ticketIdField } from './fields';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		description: 'What agents will read. Customers never see it.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Key',
				name: 'key',
				type: 'string',
				default: '',
				placeholder: 'e.g. {{ $json.key }}:notSent',
				description:
					'With a key, a note that was added with it in the last seven days is not added again',
			},
		],
	},
];

export const addInternalNote: Operation = {
	properties,
	load: async () => await import('./addInternalNote.execute'),
};
