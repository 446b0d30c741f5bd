/** What a trigger's own execution does. Its work was done by the webhook or poll that started it. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { deliver, explainDelivery, type IdentifyItems } from './delivery';
import { withChosenRaw } from './rawEvent';

/** Adds what a webhook did not say. */
export type CompleteItems = (items: INodeExecutionData[]) => Promise<INodeExecutionData[]>;

/**
 * Passes on what started the workflow, without what was delivered or completed before. If the workflow is run by hand
 * without a webhook, n8n gives a blank item: then real events are fetched.
 */
export async function passThrough(
	context: IExecuteFunctions,
	sample: (context: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
	identify: IdentifyItems,
	complete: CompleteItems = async (items) => await Promise.resolve(items),
): Promise<INodeExecutionData[][]> {
	const items = await complete(context.getInputData());
	if (context.getMode() !== 'manual')
		return [withChosenRaw(context, await deliver(context, items, identify))];
	explainDelivery(context);
	const isBlank = items.every(({ json, binary }) => !binary && Object.keys(json).length === 0);
	const events = isBlank ? (await sample(context)).flat() : items;
	return [withChosenRaw(context, events)];
}
