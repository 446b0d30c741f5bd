/** Linking outputs to inputs, and continue-on-fail, said once for every operation. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import pLimit from 'p-limit';

export type ItemError = NodeApiError | NodeOperationError;

export const isItemError = (result: unknown): result is ItemError =>
	result instanceof NodeApiError || result instanceof NodeOperationError;

/** What an operation made of one input item: its output's JSON, one or several. */
export type ItemResult = IDataObject | IDataObject[];

export const asOutput = (made: ItemResult, itemIndex: number): INodeExecutionData[] =>
	[made].flat().map((json) => ({ json, pairedItem: { item: itemIndex } }));

/**
 * The output of an item that failed under "continue on fail": its input is kept, so that nothing is lost. Where the
 * node has an output for errors, n8n knows a failed item by having `error`, `message` and `details` only, and adds
 * the input itself; an `error` beside `json` would make it drop the input in both cases.
 */
export const asFailure = (
	input: INodeExecutionData,
	error: ItemError,
	itemIndex: number,
): INodeExecutionData => {
	const { message, description } = error;
	const isRouted = error.node.onError === 'continueErrorOutput';
	return {
		...input,
		json: isRouted
			? { error: message, ...(description ? { details: description } : {}) }
			: {
					...input.json,
					error: message,
					...(description ? { errorDescription: description } : {}),
				},
		pairedItem: { item: itemIndex },
	};
};

/** The item as it was before it failed: what was done at last must not look like a failure. */
export const withoutFailure = ({ json, ...input }: INodeExecutionData): INodeExecutionData => {
	const { error: _error, details: _details, errorDescription: _description, ...rest } = json;
	return { ...input, json: rest };
};

/** An error of any kind as n8n shows it, with the item that it belongs to. */
export function itemError(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
): ItemError {
	if (isItemError(error)) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	return error instanceof Error
		? new NodeOperationError(context.getNode(), error, { itemIndex })
		: new NodeApiError(context.getNode(), error as JsonObject, { itemIndex });
}

type Work<T> = (input: INodeExecutionData, itemIndex: number) => Promise<T>;

/**
 * Runs `work` on each item, one after the other. An item that fails ends the node with an error that names it, or,
 * under "continue on fail", becomes an item that keeps its input and carries `error`.
 */
export async function eachItem(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	work: Work<ItemResult>,
): Promise<INodeExecutionData[]> {
	const outputs: INodeExecutionData[] = [];
	for (const [itemIndex, input] of items.entries()) {
		const result = await tryItem(context, input, itemIndex, work);
		outputs.push(...linkResult(context, input, result, itemIndex));
	}
	return outputs;
}

/** Runs `work` on all items, `atOnce` in parallel. An item that fails does not keep others from being processed. */
export async function tryItems<T>(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	work: Work<T>,
	atOnce = 1,
): Promise<Array<T | ItemError>> {
	const limit = pLimit(atOnce);
	return await Promise.all(
		items.map((input, itemIndex) =>
			limit(async () => await tryItem(context, input, itemIndex, work)),
		),
	);
}

/**
 * @param results by item: its output, or why it failed
 * @throws the first error, unless the node continues on failure
 */
export const linkResults = (
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	results: ReadonlyArray<ItemResult | ItemError>,
): INodeExecutionData[] =>
	results.flatMap((result, itemIndex) =>
		linkResult(context, items[itemIndex] ?? { json: {} }, result, itemIndex),
	);

async function tryItem<T>(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
	work: Work<T>,
): Promise<T | ItemError> {
	try {
		return await work(input, itemIndex);
	} catch (error) {
		return itemError(context, error, itemIndex);
	}
}

/** @throws the item's error, unless the node continues on failure */
export function linkResult(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	result: ItemResult | ItemError,
	itemIndex: number,
): INodeExecutionData[] {
	if (!isItemError(result)) return asOutput(result, itemIndex);
	if (!context.continueOnFail()) throw result;
	return [asFailure(input, result, itemIndex)];
}
