/** What an operation file and a resource's index export, and the router that finds them. */
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { takeCompleted } from './completedEvents';
import { shareCompleted } from './deliveredEvents';

/** Gets the whole list, so that an operation can use one request for many items. */
export type Execute = (
	context: IExecuteFunctions,
	items: INodeExecutionData[],
) => Promise<INodeExecutionData[]>;

/**
 * What an operation does for an event that a trigger brought, so that catch-up knows whether to bring it again
 * (`completedEvents.ts`): it marks the event as completed, or has nothing to do for a reply that Send Reply has
 * completed, or changes nothing anywhere, or adds what an event that is completed by another node can do without.
 */
export type EventRole = 'completes' | 'followsReply' | 'readsOnly' | 'accompanies';

export interface Operation {
	/** The operation's own fields. `propertiesOf` shows them only for this operation. */
	properties: INodeProperties[];
	execute: Execute;
	/** Left out: it changes something, and does not say when it is done. Catch-up then brings every event again. */
	eventRole?: EventRole;
}

export interface Resource<Name extends string = string> {
	/** The field in which a builder chooses the operation. */
	selector: INodeProperties;
	/** By the selector's values. A unit test compares the two. */
	operations: Record<Name, Operation>;
}

/** resource -> its operations. */
export type ResourceMap = Record<string, Resource>;

/** As n8n-workflow's `updateDisplayOptions`, but without its deep copies, which would slow down n8n's start. */
const shownFor =
	(resource: string, operation: string) =>
	({ displayOptions, ...field }: INodeProperties): INodeProperties => ({
		...field,
		displayOptions: {
			...displayOptions,
			show: { ...displayOptions?.show, resource: [resource], operation: [operation] },
		},
	});

/** The selector of each resource, then the fields of each operation, shown only for that operation. */
export const propertiesOf = (resources: ResourceMap): INodeProperties[] => [
	...Object.values(resources).map(({ selector }) => selector),
	...Object.entries(resources).flatMap(([resource, { operations }]) =>
		Object.entries(operations).flatMap(([operation, { properties }]) =>
			properties.map(shownFor(resource, operation)),
		),
	),
];

/** Runs the operation that the node's `resource` and `operation` parameters name. */
export async function runOperation(
	context: IExecuteFunctions,
	resources: ResourceMap,
): Promise<INodeExecutionData[][]> {
	const resource = context.getNodeParameter('resource', 0) as string;
	const name = context.getNodeParameter('operation', 0) as string;
	const operation = resources[resource]?.operations[name];
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
	try {
		return [await operation.execute(context, inputOf(context))];
	} finally {
		await shareCompleted(context, takeCompleted(context));
	}
}

/**
 * The node's items. As an AI agent's tool, the node gets one: the agent's own input, mixed with what the model filled
 * in. The parameters have already taken their values from it. The rest (such as a webhook's headers) is not an item
 * to work on, and must not be returned to the model.
 */
const inputOf = (context: IExecuteFunctions): INodeExecutionData[] => {
	const items = context.getInputData();
	// n8n adds this ending if the node is used as a tool.
	return context.getNode().type.endsWith('Tool') ? items.map(() => ({ json: {} })) : items;
};
