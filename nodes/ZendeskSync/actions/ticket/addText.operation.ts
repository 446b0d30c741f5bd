/** Ticket: Add Text. For builders who draw the status logic. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { ticketIdField } from './fields';
import { customerNumberField, textFields } from './textFields';
import { optionsField, writingOptions } from './textOptions';

const openOption: INodeProperties = {
	displayName: 'Set Open',
	name: 'setOpen',
	type: 'boolean',
	default: true,
	description:
		'Whether a ticket that is solved, pending or on hold is set to open with the text, in one step, so that the text is never unseen. Turn off to use Ticket: Reopen instead.',
};

const properties: INodeProperties[] = [
	ticketIdField,
	{
		...customerNumberField,
		description:
			"The customer's phone number, by which the conversation's other tickets are looked through: a text that is in one of them is not added again",
	},
	...textFields,
	optionsField([...writingOptions, openOption]),
];

export const addText: Operation = {
	properties,
	load: async () => await import('./addText.execute'),
};
