/**
 * Ticket: Add Message, for builders who draw the status logic themselves.
 *
 * Adds a message to the given ticket, once.
 */

import type { INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { ticketIdField, ticketIdOf } from './fields';
import { conversationFields, messageFields } from './messageFields';
import { optionsField, writingOptions } from './messageOptions';
import { leaveStatus } from '../../../../domain/conversation/rules';
import { addItems } from './addItems';

const openOption: INodeProperties = {
	displayName: 'Set Status to Open',
	name: 'setOpen',
	type: 'boolean',
	default: true,
	description:
		'Whether to set a solved, pending or on-hold ticket to open together with the message, so that the message is never left unseen. Turn off to use Ticket: Reopen instead.',
};

const properties: INodeProperties[] = [
	ticketIdField,
	...conversationFields({
		description:
			"The customer's phone number. It identifies the conversation: a message that is on another of its tickets already is not added again.",
	}),
	...messageFields,
	optionsField([...writingOptions, openOption]),
];

const execute: Execute = async (context, items) =>
	await addItems(context, items, {
		targetOf: (itemIndex) => {
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
