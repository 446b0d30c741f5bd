/** Polling brings messages that a webhook, or an execution that died, may have missed. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import { flowKeyOf } from '../../../domain/flowMessage';
import { backlogOf, type EventKind } from '../../shared/backlog';
import { type CatchUpSchedule, scheduleIn } from '../../shared/catchUp';
import {
	type CatchUpResult,
	catchUpInParts,
	type PartResult,
	type UnreadWindow,
} from '../../shared/catchUpParts';
import { isUnpublished } from '../../shared/firstPublication';
import { repairHourly } from '../../shared/webhookHealth';
import { deadlineOf, isInTime, isOver } from '../../shared/pollBudget';
import { faultsOf } from '../../shared/pollFault';
import { enterAccount, nodeKey } from '../../shared/processMemory';
import { forgetAfter, notYetCompleted } from '../../shared/completedEvents';
import { rememberPolling } from '../../shared/deliveredEvents';
import { deliveryOf, isDoneKnown } from '../../shared/delivery';
import { retriesOf } from '../../shared/retries';
import { withDeadlineFor } from '../../shared/transport';
import { klaviyoOf } from '../api/client';
import { messageMetricIds } from '../api/messageMetricIds';
import { chosenMetrics, happenedAt, type KlaviyoEvent, otherMetricOf, sourceOf } from './events';
import { newestMessages } from './sampleEvents';
import { asItems } from './receive';
import { isWithoutWebhook, repair, unheardMetrics } from './registration';
import { messagesReader } from './messages';
import { metricReader, newestOfMetric } from './otherMetric';
import type { Cursor } from './readGroups';

/** Milliseconds by which an event may appear late in the log and still be brought by the next poll. */
const LATE = 300_000;

/** The higher ages are read only this often: each costs a request even if there is nothing. */
const REST = 600_000;

/** Events that were found and wait for their turn. */
const kind: EventKind<KlaviyoEvent> = {
	keyOf: ({ key }) => key,
	timeOf: happenedAt,
	groupOf,
};
const backlog = backlogOf(kind);
const retries = retriesOf(kind);

/** What keeps its order: a conversation, or what happened to a customer. */
function groupOf(event: KlaviyoEvent): string {
	if (event.event === 'otherMetric') return event.profileId ?? event.key;
	return (event.direction === 'inbound' ? event.from : event.to) ?? event.key;
}

const flowKeyIn = (event: KlaviyoEvent): string | undefined =>
	event.event === 'otherMetric' ? undefined : event.flowKey;

/** @returns null if there is nothing new, as n8n requires */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	if (isUnpublished(context)) return null;
	rememberPolling(context);
	const now = Date.now();
	const deadline = deadlineOf(context, now);
	const schedule = { ...scheduleIn(context), rest: REST };
	forgetAfter(context, schedule.lookBack);
	const otherMetric = otherMetricOf(context);
	const trigger = nodeKey(context);
	const undoneAhead = (ahead: number): ((event: KlaviyoEvent) => boolean) => {
		const isUndone = notYetCompleted(context, { ahead, isOnce: deliveryOf(context) === 'once' });
		return (event) => isUndone(event.key, flowKeyIn(event));
	};
	const isUndone = undoneAhead(0);
	const bring = (found: KlaviyoEvent[]): INodeExecutionData[][] | null => {
		const again = retries.due(trigger, now, isUndone, undoneAhead(schedule.lookBack));
		const events = backlog.portion(context, [...again, ...found], isUndone, isInTime(deadline));
		if (isDoneKnown(context)) retries.plan(trigger, events, now, schedule.lookBack);
		return events.length > 0 ? [asItems(events)] : null;
	};
	const orThrow = faultsOf(context);
	const asked = await klaviyoOf(context).catch(orThrow);
	if (asked === undefined) return null;
	enterAccount(trigger, asked.account);
	if (backlog.isOwed(context)) return bring([]);
	const klaviyo = withDeadlineFor(asked, deadline.end);
	const source = sourceOf(context);
	const read = async <T extends KlaviyoEvent>(
		name: string,
		due: CatchUpSchedule,
		readPart: (window: UnreadWindow<Cursor>) => Promise<PartResult<T, Cursor>>,
	): Promise<CatchUpResult<KlaviyoEvent>> => {
		enterAccount(name, asked.account);
		return await catchUpInParts<T, Cursor>(name, now, due, readPart, {
			identify: (event) => ({ key: event.key, at: happenedAt(event) }),
			isFull: backlog.isFull(context),
			isOver: () => isOver(deadline),
		});
	};
	const isPolled = source === 'polling' || isWithoutWebhook(context);
	const messages = await read(
		trigger,
		isPolled ? atOnce(schedule) : schedule,
		messagesReader(klaviyo, chosenMetrics(context), deadline),
	);
	const unheard = isPolled || source === 'flowWebhook' ? [] : unheardMetrics(context);
	const isUsed = (await messageMetricIds(klaviyo, unheard)).size > 0;
	const polled: CatchUpResult<KlaviyoEvent> = isUsed
		? await read(`${trigger} unheard`, atOnce(schedule), messagesReader(klaviyo, unheard, deadline))
		: { found: [] };
	const others: CatchUpResult<KlaviyoEvent> =
		otherMetric === undefined
			? { found: [] }
			: await read(
					`${trigger} metric`,
					atOnce(schedule),
					metricReader(klaviyo, otherMetric, deadline),
				);
	const found = [...messages.found, ...polled.found, ...others.found];
	const fault = messages.fault ?? polled.fault ?? others.fault;
	if (fault !== undefined && found.length === 0) orThrow(fault);
	else if (fault !== undefined) context.logger.warn(`${context.getNode().name}: ${String(fault)}`);
	if (source === 'systemWebhook')
		await repairHourly(context, trigger, async () => await repair(context, klaviyo));
	// The key that the flow's own item has, so that the two are recognized as one message.
	return bring(source === 'flowWebhook' ? found.map(withFlowKey) : found);
}

const withFlowKey = (event: KlaviyoEvent): KlaviyoEvent =>
	event.event === 'otherMetric' ? event : { ...event, flowKey: flowKeyOf(event) };

/** For what no webhook brings: an event is emitted as soon as it is seen. */
const atOnce = (schedule: CatchUpSchedule): CatchUpSchedule => ({
	...schedule,
	ages: [0, ...schedule.ages],
	overlap: LATE,
});

/** The newest real event of each kind, to build a workflow with. Changes no state. */
export async function sample(
	context: IPollFunctions | IExecuteFunctions,
): Promise<INodeExecutionData[][]> {
	const klaviyo = await klaviyoOf(context);
	const isFlow = sourceOf(context) === 'flowWebhook';
	const newest = await newestMessages(klaviyo, chosenMetrics(context));
	const messages = newest.map(({ message }) => (isFlow ? withFlowKey(message) : message));
	const otherMetric = otherMetricOf(context);
	const other = otherMetric === undefined ? undefined : await newestOfMetric(klaviyo, otherMetric);
	const events = [...messages, ...(other ? [other] : [])];
	if (events.length > 0) return [asItems(events)];
	if (otherMetric !== undefined)
		throw new NodeOperationError(context.getNode(), 'There is no event to show yet', {
			description:
				'Klaviyo has no event of this metric. Make one happen, wait a minute and try again.',
		});
	throw new NodeOperationError(context.getNode(), 'There is no message to show yet', {
		description:
			'Klaviyo has no such event. Send a message from a phone to your sending number in Klaviyo, wait a minute and try again.',
	});
}
