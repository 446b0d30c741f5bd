/** What polling brings: ticket events that a webhook, or an execution that died, may have missed. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import type { TicketEvent } from '../../../domain/items';
import { claimLimits } from '../../../domain/reply/claim';
import { backlogOf } from '../../shared/backlog';
import { type CatchUpSchedule, scheduleIn } from '../../shared/catchUp';
import { catchUpInParts } from '../../shared/catchUpParts';
import { repairHourly } from '../../shared/webhookHealth';
import { type Deadline, deadlineOf, isInTime, isOver } from '../../shared/pollBudget';
import { faultsOf } from '../../shared/pollFault';
import { notYetCompleted, sendsAgentReplies } from '../../shared/completedEvents';
import { enterAccount, nodeKey, processMemory } from '../../shared/processMemory';
import { withDeadlineFor } from '../../shared/transport';
import { type Zendesk, zendeskOf } from '../api/client';
import { eventsWanted, filterOf, filtersChosen } from './filter';
import type { Cursor } from './histories';
import { newestEvents } from './sampleEvents';
import { accountOf } from './account';
import { mayExport, readPart, type Reader } from './catchUpReader';
import { repair } from './registration';
import { dueLooks, isNew, planLook, SECOND_LOOK } from './secondLooks';
import { asItems } from './ticketEvents';

type PollingContext = IPollFunctions | IExecuteFunctions;

const MINUTE = 60_000;
const REPLY_AGE = 5 * MINUTE;

/** Zendesk allows an account ten requests a minute to the export, for all triggers together. */
const REST = 10 * MINUTE;

/** Catch-up that is later than this is worth a word in n8n's log, once an hour. */
const LATE = 30 * MINUTE;
const lastWarned = processMemory<number>();

/** A reply younger than this is most likely just being sent by the execution that its webhook started. */
const isDue = (event: TicketEvent, now: number): boolean =>
	event.event !== 'agentReplied' || now - Date.parse(event.occurredAt) >= REPLY_AGE;

/** At an age below it a reply is not due, and the next may be hours later: it comes as soon as it is due. */
const repliesToo = (schedule: CatchUpSchedule): CatchUpSchedule =>
	Math.min(...schedule.ages) >= REPLY_AGE || schedule.ages.includes(REPLY_AGE)
		? schedule
		: { ...schedule, ages: [...schedule.ages, REPLY_AGE] };

interface Found {
	event: TicketEvent;
	/** Whether it comes because it was brought shortly before. */
	isSecondCheck: boolean;
}

/** Events that were found and wait for their turn. Of replies, so many as can be claimed and sent in a minute. */
const backlog = backlogOf<Found>({
	keyOf: ({ event }) => event.key ?? '',
	timeOf: ({ event }) => Date.parse(event.occurredAt),
	groupOf: ({ event }) => event.ticketId,
	maxOf: ({ event }) => (event.event === 'agentReplied' ? claimLimits.together : Infinity),
});

/** @returns null when there is nothing new, as n8n asks for */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	const now = Date.now();
	const deadline = deadlineOf(context, now);
	const schedule = repliesToo({ ...scheduleIn(context), rest: REST });
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
		account: accountOf(context, zendesk),
		wanted: eventsWanted(context),
		isLeft: notYetCompleted(context, { ahead: SECOND_LOOK, account: zendesk.account }),
		deadline,
		since: now - schedule.lookBack,
		warn,
		tickets: new Map(),
		users: new Map(),
	};
	const { found, behindSince, fault } = await catchUpInParts<TicketEvent, Cursor>(
		trigger,
		now,
		schedule,
		async (stretch) => await readPart(reader, stretch),
		{ isFull: backlog.isFull(context), isOver: () => isOver(deadline) },
	);
	warnWhenLate(trigger, now - (behindSince ?? now), mayExport(reader.account), warn);
	await repairHourly(context, trigger, async () => await repair(context, zendesk));
	if (fault !== undefined && found.length === 0) orThrow(fault);
	else if (fault !== undefined) warn(String(fault));
	return bring(context, zendesk, found, schedule, deadline);
}

/** An agent is told of a held reply when nobody looks at it again for longer: milliseconds. */
const SILENCE = 3 * 60 * 60_000;

/** Brings a portion of what was found, and sees to it that replies come once more soon after the first time. */
function bring(
	context: IPollFunctions,
	{ account }: Zendesk,
	found: readonly TicketEvent[],
	{ ages }: CatchUpSchedule,
	deadline: Deadline,
): INodeExecutionData[][] | null {
	const now = Date.now();
	const trigger = nodeKey(context);
	const isWanted = filterOf(context);
	const isLeft = notYetCompleted(context, { account });
	const isLeftLater = notYetCompleted(context, { ahead: SECOND_LOOK, account });
	const isReply = ({ event }: TicketEvent): boolean => event === 'agentReplied';
	const looksAgain = sendsAgentReplies(context);
	const due = found.filter((event) => isWanted(event) && isDue(event, now));
	for (const event of due.filter(isReply))
		if (looksAgain && !isLeft(event.key) && isLeftLater(event.key))
			planLook(trigger, event, Date.parse(event.occurredAt) + SECOND_LOOK);
	const looks = dueLooks(trigger, now, isLeft, isLeftLater);
	const portion = backlog.portion(
		context,
		[
			...looks.map((event) => ({ event, isSecondCheck: true })),
			...due.map((event) => ({ event, isSecondCheck: false })),
		],
		({ event }) => isLeft(event.key),
		isInTime(deadline),
	);
	const brought = portion.map(({ event, isSecondCheck }) => {
		if (!isReply(event)) return event;
		const hasMoreAges = ages.some((age) => {
			const wait = Date.parse(event.occurredAt) + age - now;
			return wait > 0 && wait <= SILENCE;
		});
		const isLookedAt = looksAgain && !isSecondCheck && (isNew(trigger, event) || !hasMoreAges);
		if (isLookedAt) planLook(trigger, event, now + SECOND_LOOK);
		return { ...event, comesAgain: isLookedAt || hasMoreAges };
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
		? "Zendesk allows ten requests a minute to its export, for whatever reads it. A shorter 'Look-Back' asks for less."
		: "The credential's user may not read the incremental export, so that the history of each ticket has to be read: connect an administrator's credential.";
	warn(`catch-up is ${Math.round(late / MINUTE)} minutes behind. Nothing is skipped. ${advice}`);
}

/** Real events to build a workflow with. Moves nothing. */
export async function sample(context: PollingContext): Promise<INodeExecutionData[][]> {
	const { newest, seen } = await newestEvents(context);
	if (newest.length > 0) return [asItems(newest)];
	const filters = filtersChosen(context);
	throw new NodeOperationError(context.getNode(), 'There is no ticket event to show yet', {
		description:
			seen > 0
				? `${seen} such ${seen === 1 ? 'thing has' : 'things have'} happened in the last 24 hours, but none that passes ${filters}. Widen it, or make one happen in Zendesk, wait two minutes, and try again.`
				: 'Nothing of this kind has happened to a ticket in the last 24 hours. Make it happen in Zendesk, wait two minutes, and try again.',
	});
}
