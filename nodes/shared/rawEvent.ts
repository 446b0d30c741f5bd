/** The vendor's own event on a trigger's items: long, and needed by no node of this package. */
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { rawLast } from './items';

/** One of a trigger's options. */
export const rawEventOption: INodeProperties = {
	displayName: 'Include Raw Event',
	name: 'includeRaw',
	type: 'boolean',
	default: false,
	description: "Whether to add the event as the vendor sent it, in the field 'raw'",
};

/** @returns the trigger's items with or without `raw`, as the builder chose */
export function withChosenRaw(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
): INodeExecutionData[] {
	const { includeRaw } = context.getNodeParameter('options', 0, {}) as { includeRaw?: unknown };
	return items.map(({ json, ...item }) => {
		const { raw: _raw, ...event } = json;
		return { ...item, json: includeRaw === true ? rawLast(json) : event };
	});
}
