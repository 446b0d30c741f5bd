/** Polling brings ticket events that a webhook, or an execution that died, may have missed. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import type { TicketEvent, TicketEventName } from '../../../domain/items';
import { claimLimits } from '../../../domain/reply/claim';
import { backlogOf, type EventKind } from '../../shared/backlog';
import { type CatchUpSchedule, oldestOf, scheduleIn } from '../../shared/catchUp';
import { catchUpInParts } from '../../shared/catchUpParts';
import { isUnpublished } from '../../shared/firstPublication';
import { repairHourly } from '../../shared/webhookHealth';
import { type Deadline, deadlineOf, isInTime, isOver } from '../../shared/pollBudget';
import { faultsOf } from '../../shared/pollFault';
import { forgetAfter, notYetCompleted } from '../../shared/completedEvents';
import { rememberPolling } from '../../shared/deliveredEvents';
import { deliveryOf, isDoneKnown } from '../../shared/delivery';
import { sendsAgentReplies } from '../../shared/eventRoles';
import { enterAccount, nodeKey, processMemory } from '../../shared/processMemory';
import { comesSoon, retriesOf } from '../../shared/retries';
import { withDeadlineFor } from '../../shared/transport';
import { type Zendesk, zendeskOf } from '../api/client';
import { eventsWanted, filterOf, filtersChosen } from './filter';
import type { Cursor } from './histories';
import { newestEvents } from './sampleEvents';
import { accountKey } from './accountKey';
import { mayExport, readPart, type Reader } from './catchUpReader';
import { repair } from './registration';
import { dueSecondChecks, isNew, planSecondCheck, SECOND_CHECK } from './secondChecks';
import { asItems } from './ticketEvents';

type PollingContext = IPollFunctions | IExecuteFunctions;

const MINUTE = 60_000;
const REPLY_AGE = 5 * MINUTE;

/** Zendesk allows an account ten export requests a minute, for all triggers together. */
const REST = 10 * MINUTE;

/** If catch-up is further behind than this, n8n's log says so once an hour. */
const LATE = 30 * MINUTE;
const lastWarned = processMemory<number>();

/** A newer reply is most likely being sent at this moment, by the execution that its webhook started. */
const isDue = (event: TicketEvent, now: number): boolean =>
	event.event !== 'agentReplied' || now - Date.parse(event.occurredAt) >= REPLY_AGE;

/** Replies are not due at a lower age, and the next one may be hours later: one age is that at which they become due. */
const repliesToo = (schedule: CatchUpSchedule): CatchUpSchedule =>
	Math.min(...schedule.ages) >= REPLY_AGE || schedule.ages.includes(REPLY_AGE)
		? schedule
		: { ...schedule, ages: [...schedule.ages, REPLY_AGE] };

interface Found {
	event: TicketEvent;
	/** Whether it is the second check of a reply that was brought shortly before. */
	isSecondCheck: boolean;
}

/** Events that were found and wait for their turn. Only as many replies as can be claimed and sent in a minute go at once. */
const kind: EventKind<Found> = {
	keyOf: ({ event }) => event.key ?? '',
	timeOf: ({ event }) => Date.parse(event.occurredAt),
	groupOf: ({ event }) => event.ticketId,
	maxOf: ({ event }) => (event.event === 'agentReplied' ? claimLimits.together : Infinity),
};
const backlog = backlogOf(kind);
const retries = retriesOf(kind);

/** @returns null if there is nothing new, as n8n requires */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	if (isUnpublished(context)) return null;
	rememberPolling(context);
	const now = Date.now();
	const deadline = deadlineOf(context, now);
	const schedule = repliesToo({ ...scheduleIn(context), rest: REST });
	forgetAfter(context, schedule.lookBack);
	const orThrow = faultsOf(context);
	const asked = await zendeskOf(context).catch(orThrow);
	if (asked === undefined) return null;
	const zendesk = withDeadlineFor(asked, deadline.end);
	const trigger = nodeKey(context);
	enterAccount(trigger, zendesk.account);
	if (backlog.isOwed(context)) return bring(context, zendesk, [], schedule, deadline);
	const warn = (message: string): void =>
		context.logger.warn(`${context.getNode().name}: ${message}`);
	const reader: Reader = {
		zendesk,
		account: accountKey(context, zendesk),
		wanted: eventsWanted(context),
		isUndone: notYetCompleted(context, {
			ahead: SECOND_CHECK,
			account: zendesk.account,
			isOnce: deliveryOf(context) === 'once',
		}),
		deadline,
		since: oldestOf(schedule, now),
		warn,
		tickets: new Map(),
		users: new Map(),
	};
	const { found, behindSince, fault } = await catchUpInParts<TicketEvent, Cursor>(
		trigger,
		now,
		schedule,
		async (window) => await readPart(reader, window),
		{ isFull: backlog.isFull(context), isOver: () => isOver(deadline) },
	);
	warnWhenLate(trigger, now - (behindSince ?? now), mayExport(reader.account), warn);
	await repairHourly(context, trigger, async () => await repair(context, zendesk));
	if (fault !== undefined && found.length === 0) orThrow(fault);
	else if (fault !== undefined) warn(String(fault));
	return bring(context, zendesk, found, schedule, deadline);
}

/** Events of which nodes say when they are done. Another one would be retried to the end of the look-back. */
const SAID_DONE: ReadonlySet<TicketEventName> = new Set([
	'agentReplied',
	'closed',
	'opened',
	'rated',
	'reopened',
	'solved',
]);

/** Milliseconds. If a held reply is not checked again for longer, its agent is told. */
const MAX_SILENCE = 3 * 60 * 60_000;

/** Brings a portion of what was found, and plans a second check of replies soon after the first time. */
function bring(
	context: IPollFunctions,
	{ account }: Zendesk,
	found: readonly TicketEvent[],
	{ ages, lookBack }: CatchUpSchedule,
	deadline: Deadline,
): INodeExecutionData[][] | null {
	const now = Date.now();
	const trigger = nodeKey(context);
	const isWanted = filterOf(context);
	const isOnce = deliveryOf(context) === 'once';
	const isUndone = notYetCompleted(context, { account, isOnce });
	const isUndoneLater = notYetCompleted(context, { ahead: SECOND_CHECK, account, isOnce });
	const isUndoneForGood = notYetCompleted(context, { ahead: lookBack, account, isOnce });
	const isReply = ({ event }: TicketEvent): boolean => event === 'agentReplied';
	const checksAgain = !isOnce && sendsAgentReplies(context);
	const due = found.filter((event) => isWanted(event) && isDue(event, now));
	for (const event of due.filter(isReply))
		if (checksAgain && !isUndone(event.key) && isUndoneLater(event.key))
			planSecondCheck(trigger, event, Date.parse(event.occurredAt) + SECOND_CHECK);
	const looks = dueSecondChecks(trigger, now, isUndone, isUndoneLater);
	const portion = backlog.portion(
		context,
		[
			...looks.map((event) => ({ event, isSecondCheck: true })),
			...retries.due(
				trigger,
				now,
				({ event }) => isUndone(event.key),
				({ event }) => isUndoneForGood(event.key),
			),
			...due.map((event) => ({ event, isSecondCheck: false })),
		],
		({ event }) => isUndone(event.key),
		isInTime(deadline),
	);
	const isRetried = isDoneKnown(context);
	if (isRetried) {
		const again = portion
			.filter(({ event }) => SAID_DONE.has(event.event))
			.map((one) => ({ ...one, isSecondCheck: false }));
		retries.plan(trigger, again, now, lookBack);
	}
	const brought = portion.map(({ event, isSecondCheck }) => {
		if (!isReply(event)) return event;
		const age = now - Date.parse(event.occurredAt);
		const hasMoreAges =
			!isOnce &&
			((isRetried && comesSoon(age, lookBack)) ||
				ages.some((next) => next > age && next - age <= MAX_SILENCE));
		const isCheckedAgain = checksAgain && !isSecondCheck && (isNew(trigger, event) || !hasMoreAges);
		if (isCheckedAgain) planSecondCheck(trigger, event, now + SECOND_CHECK);
		return { ...event, comesAgain: isCheckedAgain || hasMoreAges };
	});
	return brought.length > 0 ? [asItems(brought)] : null;
}

function warnWhenLate(
	trigger: string,
	late: number,
	isExport: boolean,
	warn: (message: string) => void,
): void {
	const now = Date.now();
	if (late < LATE || now - (lastWarned.get(trigger) ?? 0) < 60 * MINUTE) return;
	lastWarned.set(trigger, now);
	const advice = isExport
		? "Zendesk allows an account ten export requests a minute, whoever makes them. A smaller 'Look Back (Hours)' needs fewer."
		: "The credential's user may not read the incremental export, so the history of each ticket is read. Connect an administrator's credential to speed this up.";
	warn(`catch-up is ${Math.round(late / MINUTE)} minutes behind. Nothing is skipped. ${advice}`);
}

/** Real events to build a workflow with. Changes no state. */
export async function sample(context: PollingContext): Promise<INodeExecutionData[][]> {
	const { newest, seen } = await newestEvents(context);
	if (newest.length > 0) return [asItems(newest)];
	const filters = filtersChosen(context);
	throw new NodeOperationError(context.getNode(), 'There is no ticket event to show yet', {
		description:
			seen > 0
				? `${seen} such ${seen === 1 ? 'event' : 'events'} occurred in the last 24 hours, but none passes the filters: ${filters}. Change the filters, or cause such an event in Zendesk, wait two minutes and try again.`
				: 'No event of this kind occurred in the last 24 hours. Cause one in Zendesk, wait two minutes and try again.',
	});
}
