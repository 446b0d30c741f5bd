/** Ticket: Create. For builders who draw the status logic. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { customerPhoneField, openingFields, messageFields } from './messageFields';
import { openingOptions, optionsField } from './messageOptions';

const secondOption: INodeProperties = {
	displayName: 'Create Second Ticket',
	name: 'createSecond',
	type: 'boolean',
	default: false,
	description:
		'Whether to make a ticket even if the conversation has one that is not closed. Otherwise the outcome is "alreadyOpen", with that ticket.',
};

const properties: INodeProperties[] = [
	customerPhoneField,
	...messageFields,
	...openingFields,
	optionsField([...openingOptions, secondOption]),
];

export const create: Operation = {
	properties,
	load: async () => await import('./create.execute'),
};
