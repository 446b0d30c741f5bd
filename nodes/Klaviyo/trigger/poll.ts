/** What polling brings: texts that a webhook, or an execution that died, may have missed. */
import type { IExecuteFunctions, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { flowKeyOf } from '../../../domain/flowText';
import type { TextEvent } from '../../../domain/items';
import { catchUp, type CatchUpSchedule, scheduleOf, type TimeWindow } from '../../shared/catchUp';
import { mendHourly } from '../../shared/mend';
import { type Klaviyo, klaviyoOf } from '../api/client';
import { eventsOf } from '../api/events';
import { textEventOf } from '../api/textEvent';
import { textMetricIds } from '../api/textMetricIds';
import type { TextMetric } from '../api/textMetrics';
import { chosenMetrics, sourceOf } from './events';
import { newestTexts } from './newest';
import { asItems } from './receive';
import { mend } from './registration';

/** Milliseconds that an event may show late in the event log, and still come with the next poll. */
const LATE = 300_000;

/** @returns null when there is nothing new, as n8n asks for */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	const klaviyo = await klaviyoOf(context);
	const source = sourceOf(context);
	const trigger = `${context.getWorkflow().id ?? ''} ${context.getNode().id}`;
	const found = await catchUp(
		trigger,
		Date.now(),
		scheduleIn(context),
		textsReader(klaviyo, chosenMetrics(context)),
		({ key, sentAt }) => ({ key, at: Date.parse(sentAt) }),
	);
	if (source === 'systemWebhook')
		await mendHourly(context, trigger, async () => await mend(context, klaviyo));
	const once = [...new Map(found.map((text) => [text.key, text])).values()];
	// As the flow's own item has it, so that the two are known for one.
	const texts =
		source === 'flowWebhook' ? once.map((text) => ({ ...text, flowKey: flowKeyOf(text) })) : once;
	return texts.length > 0 ? [asItems(texts)] : null;
}

/** Without a webhook an event is emitted as soon as it is seen. */
function scheduleIn(context: IPollFunctions): CatchUpSchedule {
	const schedule = scheduleOf(context.getNodeParameter('options', {}) as object);
	return sourceOf(context) === 'polling'
		? { ...schedule, ages: [0, ...schedule.ages], overlap: LATE }
		: schedule;
}

/** Reads all chosen metrics; their ids are looked up at most once, however many windows there are. */
function textsReader(
	klaviyo: Klaviyo,
	metrics: readonly TextMetric[],
): (window: TimeWindow) => Promise<TextEvent[]> {
	let ids: Map<TextMetric, string> | undefined;
	return async (window) => {
		ids ??= await textMetricIds(klaviyo, metrics);
		const found: TextEvent[] = [];
		for (const [metric, id] of ids)
			for (const raw of await eventsOf(klaviyo, id, window)) {
				const text = textEventOf(raw, metric, true);
				if (text) found.push(text);
			}
		return found;
	};
}

/** The newest real text of each kind of event, to build a workflow with. Moves nothing. */
export async function sample(
	context: IPollFunctions | IExecuteFunctions,
): Promise<INodeExecutionData[][]> {
	const klaviyo = await klaviyoOf(context);
	const newest = await newestTexts(klaviyo, chosenMetrics(context));
	const texts = newest.map(({ text }) =>
		sourceOf(context) === 'flowWebhook' ? { ...text, flowKey: flowKeyOf(text) } : text,
	);
	if (texts.length > 0) return [asItems(texts)];
	throw new NodeOperationError(context.getNode(), 'There is no text to show yet', {
		description:
			'Klaviyo has no event of this kind. Text your sending number in Klaviyo from a phone, wait a minute, and try again.',
	});
}
