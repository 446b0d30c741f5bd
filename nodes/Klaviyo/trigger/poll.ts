/** What polling brings: texts that a webhook, or an execution that died, may have missed. */
import type { IExecuteFunctions, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { TextEvent } from '../../../domain/items';
import { catchUp, scheduleOf } from '../../shared/catchUp';
import { mendHourly } from '../../shared/mend';
import { type Klaviyo, klaviyoOf } from '../api/client';
import { eventsOf, newestEvent } from '../api/events';
import { klaviyoMetricId } from '../api/metrics';
import { textEventOf } from '../api/textEvent';
import { textMetrics, type TextMetricName } from '../api/textMetrics';
import { asItems } from './receive';
import { mend } from './registration';

type PollingContext = IPollFunctions | IExecuteFunctions;

const parameter = <T>(context: PollingContext, name: string, index: number): T =>
	(context as IExecuteFunctions).getNodeParameter(name, index) as T;

/** @returns null when there is nothing new, as n8n asks for */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	const klaviyo = await klaviyoOf(context);
	const events = parameter<TextMetricName[]>(context, 'events', 0);
	const schedule = scheduleOf(context.getNodeParameter('options', {}) as object);
	if (context.getNodeParameter('source') === 'polling') schedule.ages = [0, ...schedule.ages];
	const trigger = `${context.getWorkflow().id ?? ''} ${context.getNode().id}`;
	const texts = await catchUp(trigger, Date.now(), schedule, async (window) => {
		const found: TextEvent[] = [];
		for (const event of events) {
			const metricId = await klaviyoMetricId(klaviyo, textMetrics[event].name);
			if (metricId === undefined) continue;
			const raw = await eventsOf(klaviyo, metricId, window);
			found.push(...raw.flatMap((one) => textEventOf(one, textMetrics[event], true) ?? []));
		}
		return found;
	});
	if (context.getNodeParameter('source') !== 'polling')
		await mendHourly(context, trigger, async () => await mend(context, klaviyo));
	const once = new Map(texts.map((text) => [text.key, text]));
	return once.size > 0 ? [asItems([...once.values()])] : null;
}

/** The newest real text of each kind of event, to build a workflow with. Moves nothing. */
export async function sample(context: PollingContext): Promise<INodeExecutionData[][]> {
	const klaviyo = await klaviyoOf(context);
	const events = parameter<TextMetricName[]>(context, 'events', 0);
	const texts: TextEvent[] = [];
	for (const event of events) {
		const text = await newestText(klaviyo, event);
		if (text) texts.push(text);
	}
	if (texts.length > 0) return [asItems(texts)];
	throw new NodeOperationError(context.getNode(), 'There is no text to show yet', {
		description:
			'Klaviyo has no event of this kind. Text your sending number in Klaviyo from a phone, wait a minute, and try again.',
	});
}

async function newestText(klaviyo: Klaviyo, event: TextMetricName): Promise<TextEvent | undefined> {
	const metricId = await klaviyoMetricId(klaviyo, textMetrics[event].name);
	if (metricId === undefined) return undefined;
	return textEventOf(await newestEvent(klaviyo, metricId), textMetrics[event], true);
}
