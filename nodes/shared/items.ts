/** Linking outputs to inputs, and continue-on-fail, said once for every operation. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

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
	error: NodeApiError | NodeOperationError,
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
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	return error instanceof Error
		? new NodeOperationError(context.getNode(), error, { itemIndex })
		: new NodeApiError(context.getNode(), error as JsonObject, { itemIndex });
}

type Work = (input: INodeExecutionData, itemIndex: number) => Promise<ItemResult>;

/**
 * Runs `work` on each item, one after the other. An item that fails ends the node with an error that names it, or,
 * under "continue on fail", becomes an item that keeps its input and carries `error`.
 */
export async function eachItem(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	work: Work,
): Promise<INodeExecutionData[]> {
	const outputs: INodeExecutionData[] = [];
	for (const [itemIndex, input] of items.entries()) {
		const made = await tryItem(context, input, itemIndex, work);
		if (!Array.isArray(made)) throw made;
		outputs.push(...made);
	}
	return outputs;
}

/**
 * As `eachItem`, for work that does no harm when it is done again: an item that fails keeps no other from being done,
 * and ends the node when all were tried.
 */
export async function eachItemToTheEnd(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	work: Work,
): Promise<INodeExecutionData[]> {
	const outputs: INodeExecutionData[] = [];
	let failure: NodeApiError | NodeOperationError | undefined;
	for (const [itemIndex, input] of items.entries()) {
		const made = await tryItem(context, input, itemIndex, work);
		if (Array.isArray(made)) outputs.push(...made);
		else failure ??= made;
	}
	if (failure) throw failure;
	return outputs;
}

/** @returns the error of an item that failed, where that ends the node */
async function tryItem(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
	work: Work,
): Promise<INodeExecutionData[] | NodeApiError | NodeOperationError> {
	try {
		return asOutput(await work(input, itemIndex), itemIndex);
	} catch (error) {
		const shown = itemError(context, error, itemIndex);
		return context.continueOnFail() ? [asFailure(input, shown, itemIndex)] : shown;
	}
}
