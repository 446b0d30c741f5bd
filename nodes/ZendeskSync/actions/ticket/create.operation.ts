/**
 * Ticket: Create, for builders who draw the status logic themselves.
 *
 * Creates a ticket with a message. Safe to repeat; creates no second open ticket unless told to.
 */

import type { INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { conversationFields, messageFields, openingFields } from './messageFields';
import { openingOptions, optionsField } from './messageOptions';
import { addItems } from './addItems';

const secondOption: INodeProperties = {
	displayName: 'Allow a Second Open Ticket',
	name: 'createSecond',
	type: 'boolean',
	default: false,
	description:
		'Whether to create a ticket even if the conversation has one that is not closed. If off, the outcome is "alreadyOpen", with that ticket.',
};

const properties: INodeProperties[] = [
	...conversationFields(),
	...messageFields,
	...openingFields,
	optionsField([...openingOptions, secondOption]),
];

const execute: Execute = async (context, items) =>
	await addItems(context, items, {
		targetOf: (itemIndex) => {
			const second = context.getNodeParameter('options.createSecond', itemIndex, false);
			return {
				destination: 'newTicket',
				...(second === true ? { rules: { target: () => undefined } } : {}),
			};
		},
	});

export const create: Operation = {
	properties,
	execute,
};
