/**
 * Ticket: Add Message. For builders who draw the status logic.
 *
 * Files a message into the ticket that is named, once.
 */

import type { INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { ticketIdField, ticketIdOf } from './fields';
import { customerPhoneField, messageFields } from './messageFields';
import { optionsField, writingOptions } from './messageOptions';
import { leaveStatus } from '../../../../domain/conversation/rules';
import { addItems } from './addItems';

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

const execute: Execute = async (context, items) =>
	await addItems(context, items, {
		placementOf: (itemIndex) => {
			const setsOpen = context.getNodeParameter('options.setOpen', itemIndex, true) !== false;
			return {
				destination: { ticketId: ticketIdOf(context, itemIndex) },
				...(setsOpen ? {} : { rules: leaveStatus }),
			};
		},
	});

export const addMessage: Operation = {
	properties,
	execute,
};
