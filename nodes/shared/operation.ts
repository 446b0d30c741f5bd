/** What an operation file exports, and the router that finds it. */
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

export interface Operation {
	/** The operation's own fields, shown only for it. */
	properties: INodeProperties[];
	/** Gets the whole list, so that an operation can use one request for many items. */
	execute(context: IExecuteFunctions, items: INodeExecutionData[]): Promise<INodeExecutionData[]>;
}

/** resource -> operation -> its file. */
export type OperationMap = Record<string, Record<string, Operation>>;

export const propertiesOf = (operations: OperationMap): INodeProperties[] =>
	Object.values(operations).flatMap((resource) =>
		Object.values(resource).flatMap((operation) => operation.properties),
	);

/** Runs the operation that the node's `resource` and `operation` parameters name. */
export async function runOperation(
	context: IExecuteFunctions,
	operations: OperationMap,
): Promise<INodeExecutionData[][]> {
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = operations[resource]?.[name];
	if (!operation) {
		throw new NodeOperationError(
			context.getNode(),
			`The operation '${name}' of '${resource}' is not known`,
			{
				description:
					'The workflow may come from a newer version of this package. Update the package, or choose another operation.',
			},
		);
	}
	return [await operation.execute(context, context.getInputData())];
}
