/** Reads an item's parameters. n8n need not evaluate simple expressions, such as the fields' defaults. */
import {
	type IDataObject,
	type IExecuteFunctions,
	jsonParse,
	NodeOperationError,
} from 'n8n-workflow';
import { type ItemReader, itemReaderOf } from './itemExpression';
import { valueIn } from './locator';
import type { VendorContext } from './send';

/** By expression: a workflow has few of them, but many items. Limited, because people may type anything. */
const readers = new Map<string, ItemReader | undefined>();
const MAX_READERS = 500;

function readerFor(expression: string): ItemReader | undefined {
	if (readers.has(expression)) return readers.get(expression);
	const reader = itemReaderOf(expression);
	if (readers.size >= MAX_READERS) readers.clear();
	readers.set(expression, reader);
	return reader;
}

/**
 * By context, since n8n copies the node each time. In an agent's tool, expressions refer to the agent's item, not to
 * the input.
 */
const tools = new WeakMap<object, boolean>();

function isTool(context: IExecuteFunctions): boolean {
	const known = tools.get(context) ?? context.getNode().type.endsWith('Tool');
	tools.set(context, known);
	return known;
}

/**
 * A parameter's value for one item, as `getNodeParameter` gives it; of a resource locator, what was chosen.
 *
 * @param fallback if the operation has no parameter with this name
 */
export function itemParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	fallback?: unknown,
): unknown {
	const raw = valueIn(
		context.getNodeParameter(name, itemIndex, fallback, { rawExpressions: true }),
	);
	if (typeof raw === 'string' && raw.startsWith('={{')) {
		const json = isTool(context) ? undefined : context.getInputData()[itemIndex]?.json;
		const reading = json && readerFor(raw)?.(json);
		if (reading) return reading.value;
	}
	return valueIn(context.getNodeParameter(name, itemIndex, fallback));
}

/** A parameter as trimmed text; '' if it is empty or its expression found nothing. */
export function trimmedParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
): string {
	return String(itemParameter(context, name, itemIndex, '') ?? '').trim();
}

/**
 * A parameter of type `json`: an object if an expression returned one, text if it was typed.
 *
 * @param parameter its name, and its label in the editor
 * @throws NodeOperationError if it is neither an object nor the JSON of one
 */
export function objectParameter(
	context: IExecuteFunctions,
	{ name, label }: { name: string; label: string },
	itemIndex: number,
): IDataObject {
	const value = itemParameter(context, name, itemIndex);
	const { found, fault } = typeof value === 'string' ? parse(value) : { found: value };
	if (typeof found === 'object' && found !== null && !Array.isArray(found))
		return found as IDataObject;
	throw new NodeOperationError(
		context.getNode(),
		fault === undefined
			? `'${label}' is not a JSON object`
			: `'${label}' is not valid JSON: ${fault}`,
		{
			itemIndex,
			description:
				'Give an object such as { "ticketId": "1" }, or an expression that gives one, such as {{ $json }}.',
		},
	);
}

/** @returns what is wrong with the text if it is not JSON, in the words of the parser, which say where */
function parse(text: string): { found?: unknown; fault?: string } {
	try {
		return { found: JSON.parse(text) as unknown };
	} catch (error) {
		return { fault: (error as Error).message };
	}
}

/** A value that an expression returned, as text; '' for anything but text, a number or a boolean. */
export const toPlainString = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
		? String(value)
		: '';

/**
 * A parameter that holds a list: an array from an expression, the JSON of one, or words separated by commas or
 * spaces.
 *
 * @returns an empty list if the parameter is empty, or the operation has no parameter with this name
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

/**
 * A parameter that is the same for all items, in any of n8n's contexts: only execute takes an item's index here, the
 * others take it as a default.
 */
export const nodeParameter = (context: VendorContext, name: string): unknown =>
	(context as IExecuteFunctions).getNodeParameter(name, 0);
