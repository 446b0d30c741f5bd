/** Links outputs to inputs and handles continue-on-fail, for every operation. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import pLimit from 'p-limit';
import { sharedByTries } from './tries';

export type ItemError = NodeApiError | NodeOperationError;

export const isItemError = (result: unknown): result is ItemError =>
	result instanceof NodeApiError || result instanceof NodeOperationError;

/** What an operation made of one input item: its output's JSON, one or several. */
export type ItemResult = IDataObject | IDataObject[];

/**
 * What an operation found, and after it what it was given: n8n shows the first fields of an item. What was found takes
 * the place of what was given under the same name.
 */
export const beforeGiven = (
	found: IDataObject,
	given: Pick<INodeExecutionData, 'json'> | undefined,
): IDataObject => ({ ...found, ...given?.json, ...found });

/** A vendor's own record is long: it comes last. */
export const rawLast = ({ raw, ...json }: IDataObject): IDataObject =>
	raw === undefined ? json : { ...json, raw };

export const asOutput = (made: ItemResult, itemIndex: number): INodeExecutionData[] =>
	[made].flat().map((json) => ({ json: rawLast(json), pairedItem: { item: itemIndex } }));

/**
 * The output of an item that failed under "continue on fail". It keeps its input, so that nothing is lost. If the
 * node has an error output, n8n recognizes a failed item by having only `error`, `message` and `details`, and adds
 * the input itself. An `error` beside `json` would make n8n drop the input in both cases.
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
			: beforeGiven(
					{ error: message, ...(description ? { errorDescription: description } : {}) },
					input,
				),
		pairedItem: { item: itemIndex },
	};
};

/** The item as it was before it failed: an item that succeeded in the end must not look like a failure. */
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

/** The results of this run's earlier tries, by item index: with *Retry On Fail*, those items are not done again. */
const finished = sharedByTries(() => new Map<number, ItemResult>());

/** The items that no earlier try of this run has finished, by their index. */
export function itemsLeft(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Array<[itemIndex: number, input: INodeExecutionData]> {
	const results = finished(context);
	return [...items.entries()].filter(([itemIndex]) => !results.has(itemIndex));
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
	const results = finished(context);
	const outputs: INodeExecutionData[] = [];
	for (const [itemIndex, input] of items.entries()) {
		const result = results.get(itemIndex) ?? (await tryItem(context, input, itemIndex, work));
		if (!isItemError(result)) results.set(itemIndex, result);
		outputs.push(...linkResult(context, input, result, itemIndex));
	}
	return outputs;
}

/** Runs `work` on all items, `atOnce` in parallel. An item that fails does not keep others from being processed. */
export async function tryItems<T extends ItemResult>(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	work: Work<T>,
	atOnce = 1,
): Promise<Array<ItemResult | ItemError>> {
	const results = finished(context);
	const limit = pLimit(atOnce);
	return await Promise.all(
		items.map(
			(input, itemIndex) =>
				results.get(itemIndex) ?? limit(async () => await tryItem(context, input, itemIndex, work)),
		),
	);
}

/**
 * As `tryItems`, but each try of a run does all items again. For operations where one item may undo what another did.
 */
export async function tryAllItems<T>(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	work: Work<T>,
): Promise<Array<T | ItemError>> {
	return await Promise.all(
		items.map(async (input, itemIndex) => await tryItem(context, input, itemIndex, work)),
	);
}

/**
 * @param results for each item its output, or why it failed; nothing for an item that an earlier try has finished
 * @param mayFail false if a failed item must not discard what was done for the others
 * @throws the first error, unless the node continues on failure
 */
export function linkResults(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	results: ReadonlyArray<ItemResult | ItemError | undefined>,
	mayFail = true,
): INodeExecutionData[] {
	const earlier = finished(context);
	for (const [itemIndex, result] of results.entries())
		if (result && !isItemError(result)) earlier.set(itemIndex, result);
	return items.flatMap((input, itemIndex) => {
		const result = results[itemIndex] ?? earlier.get(itemIndex);
		if (!result) return [];
		return isItemError(result) && !mayFail
			? [asFailure(input, result, itemIndex)]
			: linkResult(context, input, result, itemIndex);
	});
}

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
function linkResult(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	result: ItemResult | ItemError,
	itemIndex: number,
): INodeExecutionData[] {
	if (!isItemError(result)) return asOutput(result, itemIndex);
	if (!context.continueOnFail()) throw result;
	return [asFailure(input, result, itemIndex)];
}
