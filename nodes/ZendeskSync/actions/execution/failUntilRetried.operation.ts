/**
 * Execution: Fail Until Retried, for items that leave a node by its error output.
 *
 * n8n retries an execution from the node that failed it, with that node's input. On a retry this node hands the items
 * back to the node before, which then does what is left.
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
			'Connect this node to the error output of another node, as the lowest branch, and connect its output back to that node. It fails the execution after everything else is done. Retrying the execution in n8n then hands the failed items back to that node, once per retry.',
		name: 'wiring',
		type: 'notice',
		default: '',
	},
];

/** Another node's error may be an object with a message, or missing. */
function reasonOf({ error, message }: IDataObject): string {
	const said =
		typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
	return [said, message].find((each) => typeof each === 'string') ?? 'No reason was given';
}

/**
 * Whether the items may be handed back: once per retry, or they would go round forever. This is kept with the execution,
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
	eventRole: 'readsOnly',
};
