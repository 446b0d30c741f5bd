/** What polling brings: ticket events that a webhook, or an execution that died, may have missed. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type IPollFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import type { TicketEvent } from '../../../domain/items';
import { type CatchUpSchedule, scheduleIn } from '../../shared/catchUp';
import { catchUpInParts } from '../../shared/catchUpParts';
import { mendHourly } from '../../shared/mend';
import { deadlineOf } from '../../shared/pollBudget';
import { faultsOf } from '../../shared/pollFault';
import { leftToDo } from '../../shared/settled';
import { nodeKey, processMemory } from '../../shared/processMemory';
import { zendeskOf } from '../api/client';
import { eventsWanted, filterOf, filtersChosen } from './filter';
import type { Walk } from './histories';
import { newestEvents } from './newest';
import { accountOf } from './account';
import { mayExport, readPart, type Reader } from './reader';
import { mend } from './registration';
import { asItems } from './ticketEvents';

type PollingContext = IPollFunctions | IExecuteFunctions;

const MINUTE = 60_000;
const REPLY_AGE = 5 * MINUTE;

/** Zendesk allows an account ten requests a minute to the export, for all triggers together. */
const REST = 10 * MINUTE;

/** Catch-up that is later than this is worth a word in n8n's log, once an hour. */
const LATE = 30 * MINUTE;
const lastWarned = processMemory<number>();

/** A reply younger than this is most likely just being texted by the execution that its webhook started. */
const isDue = (event: TicketEvent, now: number): boolean =>
	event.event !== 'agentReplied' || now - Date.parse(event.occurredAt) >= REPLY_AGE;

/** One age at least has to be such that a reply is due. */
const repliesToo = (schedule: CatchUpSchedule): CatchUpSchedule =>
	schedule.ages.some((age) => age >= REPLY_AGE)
		? schedule
		: { ...schedule, ages: [...schedule.ages, REPLY_AGE] };

const byTime = (one: TicketEvent, other: TicketEvent): number =>
	Date.parse(one.occurredAt) - Date.parse(other.occurredAt);

/** @returns null when there is nothing new, as n8n asks for */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	const now = Date.now();
	const orThrow = faultsOf(context);
	const zendesk = await zendeskOf(context);
	const schedule = repliesToo({ ...scheduleIn(context), rest: REST });
	const trigger = nodeKey(context);
	const warn = (message: string): void =>
		context.logger.warn(`${context.getNode().name}: ${message}`);
	const isLeft = leftToDo(context);
	const reader: Reader = {
		zendesk,
		account: accountOf(context, zendesk),
		wanted: eventsWanted(context),
		isLeft,
		deadline: deadlineOf(context, now),
		since: now - schedule.lookBack,
		warn,
		tickets: new Map(),
		users: new Map(),
	};
	const { found, behindSince, fault } = await catchUpInParts<TicketEvent, Walk>(
		trigger,
		now,
		schedule,
		async (stretch) => await readPart(reader, stretch),
	);
	warnWhenLate(trigger, now - (behindSince ?? now), mayExport(reader.account), warn);
	await mendHourly(context, trigger, async () => await mend(context, zendesk));
	if (fault !== undefined && found.length === 0) orThrow(fault);
	else if (fault !== undefined) warn(String(fault));
	const isWanted = filterOf(context);
	const due = found
		.filter((event) => isWanted(event) && isDue(event, now) && isLeft(event.key))
		.sort(byTime);
	const once = new Map(due.map((event) => [event.key, event]));
	return once.size > 0 ? [asItems([...once.values()])] : null;
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
