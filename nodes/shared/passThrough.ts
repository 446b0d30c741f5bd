/** What a trigger's own execution does. Its work was done by the webhook or poll that started it. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/**
 * Passes on what started the workflow. If the workflow is run by hand without a webhook, n8n gives a blank item: then
 * real events are fetched.
 */
export async function passThrough(
	context: IExecuteFunctions,
	sample: (context: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const isBlank = items.every(({ json, binary }) => !binary && Object.keys(json).length === 0);
	return context.getMode() === 'manual' && isBlank ? await sample(context) : [items];
}
