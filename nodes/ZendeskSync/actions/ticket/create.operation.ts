/**
 * Ticket: Create. For builders who draw the status logic.
 *
 * Files a message into a new ticket: safe to repeat, and no second open ticket unless told so.
 */

import type { INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { customerPhoneField, messageFields, openingFields } from './messageFields';
import { openingOptions, optionsField } from './messageOptions';
import { addItems } from './addItems';

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

const execute: Execute = async (context, items) =>
	await addItems(context, items, {
		placementOf: (itemIndex) => {
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
