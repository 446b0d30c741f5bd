/** Reading parameters that hold a whole item. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/**
 * A parameter of type `json`: an object when an expression gave one, text when it was typed.
 *
 * @param parameter its name, and the label that people see
 * @throws NodeOperationError when it is neither an object nor the text of one
 */
export function objectParameter(
	context: IExecuteFunctions,
	{ name, label }: { name: string; label: string },
	itemIndex: number,
): IDataObject {
	const value = context.getNodeParameter(name, itemIndex) as unknown;
	const found = typeof value === 'string' ? parsed(value) : value;
	if (typeof found === 'object' && found !== null && !Array.isArray(found))
		return found as IDataObject;
	throw new NodeOperationError(context.getNode(), `The field '${label}' holds no JSON object`, {
		itemIndex,
		description:
			'Give an object such as { "ticketId": "1" }, or an expression that gives one, such as {{ $json }}.',
	});
}

/** A value that an expression gave in place of words: '' for what is none. */
export const asWords = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
		? String(value)
		: '';

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
 * A parameter that holds a list: one that an expression gave, the JSON of one, or words set apart by commas or spaces.
 *
 * @returns an empty list where the parameter is empty, or the operation has none of the name
 */
export function listParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
): unknown[] {
	const value = context.getNodeParameter(name, itemIndex, null) as unknown;
	if (value === null || value === undefined || value === '') return [];
	if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
	const found = parsed(value);
	return Array.isArray(found) ? found : value.split(/[\s,]+/).filter(Boolean);
}
