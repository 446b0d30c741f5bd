/**
 * Execution: Fail Until Retried. For what leaves by an output for errors.
 *
 * Where items end that failed. n8n retries an execution from the node that ended it, with what that node got: so this
 * one gives it back, and the node before does what it has left.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { withoutFailure } from '../../../shared/items';

const properties: INodeProperties[] = [
	{
		displayName:
			"Put this node behind the error output of another, as the lowest branch, and link its output back to that node. It makes the execution fail when everything else is done. n8n's Retry then hands the items that failed back to be done again, once in each retry.",
		name: 'wiring',
		type: 'notice',
		default: '',
	},
];

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

const execute: Execute = async (context, items) => {
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

export const failUntilRetried: Operation = {
	properties,
	execute,
};
