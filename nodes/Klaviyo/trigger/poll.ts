/** Polling brings messages that a webhook, or an execution that died, may have missed. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import { flowKeyOf } from '../../../domain/flowMessage';
import type { MessageEvent } from '../../../domain/items';
import { backlogOf } from '../../shared/backlog';
import { type CatchUpSchedule, scheduleIn } from '../../shared/catchUp';
import { catchUpInParts } from '../../shared/catchUpParts';
import { repairHourly } from '../../shared/webhookHealth';
import { deadlineOf, isInTime, isOver } from '../../shared/pollBudget';
import { faultsOf } from '../../shared/pollFault';
import { enterAccount, nodeKey } from '../../shared/processMemory';
import { notYetCompleted } from '../../shared/completedEvents';
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
const backlog = backlogOf<MessageEvent>({
	keyOf: ({ key }) => key,
	timeOf: ({ sentAt }) => Date.parse(sentAt),
	groupOf: ({ direction, from, to, key }) => (direction === 'inbound' ? from : to) ?? key,
});

/** @returns null if there is nothing new, as n8n requires */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	const now = Date.now();
	const deadline = deadlineOf(context, now);
	const isUndone = notYetCompleted(context);
	const bring = (found: MessageEvent[]): INodeExecutionData[][] | null => {
		const messages = backlog.portion(
			context,
			found,
			({ key, flowKey }) => isUndone(key, flowKey),
			isInTime(deadline),
		);
		return messages.length > 0 ? [asItems(messages)] : null;
	};
	const orThrow = faultsOf(context);
	const asked = await klaviyoOf(context).catch(orThrow);
	if (asked === undefined) return null;
	const trigger = nodeKey(context);
	enterAccount(trigger, asked.account);
	if (backlog.isOwed(context)) return bring([]);
	const klaviyo = withDeadlineFor(asked, deadline.end);
	const source = sourceOf(context);
	const { found, fault } = await catchUpInParts<MessageEvent, Cursor>(
		trigger,
		now,
		scheduleOf(context, now),
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
function scheduleOf(context: IPollFunctions, now: number): CatchUpSchedule {
	const schedule = { ...scheduleIn(context, now), rest: REST };
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
