/** Outputs of an operation that does its items at once. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { asFailure, asOutput, type ItemResult } from '../../shared/items';

/**
 * @param results by item: what was made of it, or why it failed
 * @throws the first error, unless the node goes on when items fail: the others are done all the same
 */
export function linkResults(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	results: ReadonlyArray<ItemResult | NodeApiError | NodeOperationError>,
): INodeExecutionData[] {
	const failure = results.find((result) => result instanceof Error);
	if (failure instanceof Error && !context.continueOnFail()) throw failure;
	return results.flatMap((result, itemIndex) =>
		result instanceof Error
			? [asFailure(items[itemIndex] ?? { json: {} }, result, itemIndex)]
			: asOutput(result, itemIndex),
	);
}
