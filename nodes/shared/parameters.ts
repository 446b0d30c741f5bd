/** Reading parameters of an item: where a field is left at its default, without asking n8n to evaluate it. */
import {
	type IDataObject,
	type IExecuteFunctions,
	jsonParse,
	NodeOperationError,
} from 'n8n-workflow';
import { type ItemReader, itemReaderOf } from './itemExpression';

/** By expression: workflows have few, items many. Bounded, as what people type is not. */
const readers = new Map<string, ItemReader | undefined>();
const MAX_READERS = 500;

function readerFor(expression: string): ItemReader | undefined {
	if (readers.has(expression)) return readers.get(expression);
	const reader = itemReaderOf(expression);
	if (readers.size >= MAX_READERS) readers.clear();
	readers.set(expression, reader);
	return reader;
}

/** As an agent's tool a node's expressions are about the agent's item, which is not the input. n8n copies a node it gives. */
const tools = new WeakMap<object, boolean>();

function isTool(context: IExecuteFunctions): boolean {
	const known = tools.get(context) ?? context.getNode().type.endsWith('Tool');
	tools.set(context, known);
	return known;
}

/**
 * A parameter's value for one item, as `getNodeParameter` gives it.
 *
 * @param fallback for an operation that has no parameter of the name
 */
export function itemParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	fallback?: unknown,
): unknown {
	const raw: unknown = context.getNodeParameter(name, itemIndex, fallback, {
		rawExpressions: true,
	});
	if (typeof raw === 'string' && raw.startsWith('={{')) {
		const json = isTool(context) ? undefined : context.getInputData()[itemIndex]?.json;
		const reading = json && readerFor(raw)?.(json);
		if (reading) return reading.value;
	}
	return context.getNodeParameter(name, itemIndex, fallback);
}

/** A parameter as text without space around it; '' when it was left empty or its expression found nothing. */
export function trimmedParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
): string {
	return String(itemParameter(context, name, itemIndex, '') ?? '').trim();
}

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
	const value = itemParameter(context, name, itemIndex);
	const found =
		typeof value === 'string' ? jsonParse<unknown>(value, { fallbackValue: null }) : value;
	if (typeof found === 'object' && found !== null && !Array.isArray(found))
		return found as IDataObject;
	throw new NodeOperationError(context.getNode(), `'${label}' is not a JSON object`, {
		itemIndex,
		description:
			'Give an object such as { "ticketId": "1" }, or an expression that gives one, such as {{ $json }}.',
	});
}

/** A value that an expression gave in place of words: '' for what is none. */
export const toPlainString = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
		? String(value)
		: '';

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
	const value = itemParameter(context, name, itemIndex, null);
	if (value === null || value === undefined || value === '') return [];
	if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
	const found = jsonParse<unknown>(value, { fallbackValue: null });
	return Array.isArray(found) ? found : value.split(/[\s,]+/).filter(Boolean);
}
