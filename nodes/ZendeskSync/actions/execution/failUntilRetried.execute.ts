/**
 * Where items end that failed. n8n retries an execution from the node that ended it, with what that node got: so this
 * one gives it back, and the node before does what it has left.
 */
import { type IDataObject, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { withoutFailure } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';

/** Another node's error may be an object with a message, or missing. */
function reasonOf({ error, message }: IDataObject): string {
	const said =
		typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
	return [said, message].find((each) => typeof each === 'string') ?? 'It is not said why';
}

/**
 * Whether the items may be tried again: once in each retry, or they would go round for ever. Kept with the execution,
 * where a retry finds it.
 */
function mayGoBack(context: IExecuteFunctions): boolean {
	if (context.getMode() !== 'retry') return false;
	const handedBack = context.getContext('node');
	const from = context.getInputSourceData().previousNode;
	const execution = context.getExecutionId();
	if (handedBack[from] === execution) return false;
	handedBack[from] = execution;
	return true;
}

export const execute: Execute = async (context, items) => {
	if (mayGoBack(context))
		return items.map((input, item) => ({ ...withoutFailure(input), pairedItem: { item } }));
	const [first] = items;
	const reason = reasonOf(first?.json ?? {});
	const details = first?.json.details;
	throw new NodeOperationError(
		context.getNode(),
		items.length > 1 ? `${items.length} items failed. The first: ${reason}` : reason,
		typeof details === 'string' ? { description: details } : {},
	);
};
