/** What is wrong with a field's value, by the name that the panel shows, and what to do. */
import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

export interface FieldFault {
	message: string;
	description: string;
}

/** @param mapTo what to map to the field, such as `the customer's number` */
const empty = (field: string, mapTo: string): FieldFault => ({
	message: `'${field}' is empty`,
	description: `Map ${mapTo} to it. If it holds an expression, that finds nothing in this item.`,
});

export const phoneFault = (field: string, typed: string): FieldFault =>
	typed === ''
		? empty(field, "the customer's number")
		: {
				message: `'${field}' is not a valid phone number: '${typed}'`,
				description: 'Enter a number with + and country code, such as +12125550123.',
			};

export const sentAtFault = (field: string, typed: string): FieldFault =>
	typed === ''
		? empty(field, "the trigger's 'sentAt'")
		: {
				message: `'${field}' is not a valid date: '${typed}'`,
				description:
					"Map the trigger's 'sentAt' to it, or enter a time such as 2026-11-22T10:00:00Z.",
			};

export const fieldError = (
	context: IExecuteFunctions,
	itemIndex: number,
	{ message, description }: FieldFault,
): NodeOperationError =>
	new NodeOperationError(context.getNode(), message, { itemIndex, description });
