/** Polling brings messages that a webhook, or an execution that died, may have missed. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import { flowKeyOf } from '../../../domain/flowMessage';
import type { MessageEvent } from '../../../domain/items';
import { backlogOf, type EventKind } from '../../shared/backlog';
import { type CatchUpSchedule, scheduleIn } from '../../shared/catchUp';
import { catchUpInParts } from '../../shared/catchUpParts';
import { repairHourly } from '../../shared/webhookHealth';
import { deadlineOf, isInTime, isOver } from '../../shared/pollBudget';
import { faultsOf } from '../../shared/pollFault';
import { enterAccount, nodeKey } from '../../shared/processMemory';
import { notYetCompleted } from '../../shared/completedEvents';
import { rememberPolling } from '../../shared/deliveredEvents';
import { deliveryOf, isDoneKnown } from '../../shared/delivery';
import { retriesOf } from '../../shared/retries';
import { withDeadlineFor } from '../../shared/transport';
import { klaviyoOf } from '../api/client';
import { chosenMetrics, sourceOf } from './events';
import { newestMessages } from './sampleEvents';
import { asItems } from './receive';
import { isWithoutWebhook, repair } from './registration';
import { messagesReader, type Cursor } from './messages';

/** Milliseconds by which an event may appear late in the log and still be brought by the next poll. */
const LATE = 300_000;

/** The higher ages are read only this often: each costs a request even if there is nothing. */
const REST = 600_000;

/** Messages that were found and wait for their turn. */
const kind: EventKind<MessageEvent> = {
	keyOf: ({ key }) => key,
	timeOf: ({ sentAt }) => Date.parse(sentAt),
	groupOf: ({ direction, from, to, key }) => (direction === 'inbound' ? from : to) ?? key,
};
const backlog = backlogOf(kind);
const retries = retriesOf(kind);

/** @returns null if there is nothing new, as n8n requires */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	rememberPolling(context);
	const now = Date.now();
	const deadline = deadlineOf(context, now);
	const schedule = scheduleOf(context);
	const trigger = nodeKey(context);
	const undoneAhead = (ahead: number): ((message: MessageEvent) => boolean) => {
		const isUndone = notYetCompleted(context, { ahead, isOnce: deliveryOf(context) === 'once' });
		return ({ key, flowKey }) => isUndone(key, flowKey);
	};
	const isUndone = undoneAhead(0);
	const bring = (found: MessageEvent[]): INodeExecutionData[][] | null => {
		const again = retries.due(trigger, now, isUndone, undoneAhead(schedule.lookBack));
		const messages = backlog.portion(context, [...again, ...found], isUndone, isInTime(deadline));
		if (isDoneKnown(context)) retries.plan(trigger, messages, now, schedule.lookBack);
		return messages.length > 0 ? [asItems(messages)] : null;
	};
	const orThrow = faultsOf(context);
	const asked = await klaviyoOf(context).catch(orThrow);
	if (asked === undefined) return null;
	enterAccount(trigger, asked.account);
	if (backlog.isOwed(context)) return bring([]);
	const klaviyo = withDeadlineFor(asked, deadline.end);
	const source = sourceOf(context);
	const { found, fault } = await catchUpInParts<MessageEvent, Cursor>(
		trigger,
		now,
		schedule,
		messagesReader(klaviyo, chosenMetrics(context), deadline),
		{
			identify: ({ key, sentAt }) => ({ key, at: Date.parse(sentAt) }),
			isFull: backlog.isFull(context),
			isOver: () => isOver(deadline),
		},
	);
	if (fault !== undefined && found.length === 0) orThrow(fault);
	else if (fault !== undefined) context.logger.warn(`${context.getNode().name}: ${String(fault)}`);
	if (source === 'systemWebhook')
		await repairHourly(context, trigger, async () => await repair(context, klaviyo));
	// The key that the flow's own item has, so that the two are recognized as one message.
	return bring(
		source === 'flowWebhook'
			? found.map((message) => ({ ...message, flowKey: flowKeyOf(message) }))
			: found,
	);
}

/** Without a webhook, an event is emitted as soon as it is seen. */
function scheduleOf(context: IPollFunctions): CatchUpSchedule {
	const schedule = { ...scheduleIn(context), rest: REST };
	return sourceOf(context) === 'polling' || isWithoutWebhook(context)
		? { ...schedule, ages: [0, ...schedule.ages], overlap: LATE }
		: schedule;
}

/** The newest real message of each event, to build a workflow with. Changes no state. */
export async function sample(
	context: IPollFunctions | IExecuteFunctions,
): Promise<INodeExecutionData[][]> {
	const klaviyo = await klaviyoOf(context);
	const newest = await newestMessages(klaviyo, chosenMetrics(context));
	const messages = newest.map(({ message }) =>
		sourceOf(context) === 'flowWebhook' ? { ...message, flowKey: flowKeyOf(message) } : message,
	);
	if (messages.length > 0) return [asItems(messages)];
	throw new NodeOperationError(context.getNode(), 'There is no message to show yet', {
		description:
			'Klaviyo has no such event. Send a message from a phone to your sending number in Klaviyo, wait a minute and try again.',
	});
}
