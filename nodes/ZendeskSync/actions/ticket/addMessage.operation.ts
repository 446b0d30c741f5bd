/** Ticket: Add Message. For builders who draw the status logic. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { ticketIdField } from './fields';
import { customerPhoneField, messageFields } from './messageFields';
import { optionsField, writingOptions } from './messageOptions';

const openOption: INodeProperties = {
	displayName: 'Set Open',
	name: 'setOpen',
	type: 'boolean',
	default: true,
	description:
		'Whether a ticket that is solved, pending or on hold is set to open with the message, in one step, so that the message is never unseen. Turn off to use Ticket: Reopen instead.',
};

const properties: INodeProperties[] = [
	ticketIdField,
	{
		...customerPhoneField,
		description:
			"The customer's phone number, by which the conversation's other tickets are looked through: a message that is in one of them is not added again",
	},
	...messageFields,
	optionsField([...writingOptions, openOption]),
];

export const addMessage: Operation = {
	properties,
	load: async () => await import('./addMessage.execute'),
};
