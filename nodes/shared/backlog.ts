/**
 * What catch-up has found and n8n does not have yet. After a downtime that may be very much: an execution of all of it
 * could not be done in time, or would be too large for n8n. So a poll brings a portion, and the next ones the rest.
 */
import type { IPollFunctions } from 'n8n-workflow';
import { accountMemory, nodeKey } from './processMemory';

/** Events of an execution. */
const MAX_EVENTS = 2500;

/** Times that a portion is brought which n8n does not seem to have taken. */
const MAX_TRIES = 3;

export interface EventKind<T> {
	/** The same for what is found twice. */
	keyOf(event: T): string;
	/** Milliseconds since 1970. */
	timeOf(event: T): number;
	/** What has to keep its order: a ticket, or a conversation. */
	groupOf(event: T): string;
	/** How many of its like an execution may have, where that is fewer than of others. */
	maxOf?(event: T): number;
}

interface BroughtPortion<T> {
	name: string;
	events: Map<string, T>;
	tries: number;
}

type Context = Pick<IPollFunctions, 'getWorkflow' | 'getNode' | 'getWorkflowStaticData'>;

export interface Backlog<T> {
	/** Whether there is so much to bring already that nothing of the past has to be read now. */
	isFull(context: Context): boolean;
	/**
	 * Whether the last poll took so long that n8n may have given it up: what it brought has to be brought before
	 * anything is read.
	 */
	isOwed(context: Context): boolean;
	/**
	 * @param isUndone whether there is anything left to do for an event that has waited
	 * @param inTime whether n8n is sure to wait for this poll
	 * @returns of all that was found, the portion that is to be brought now: the newest groups, each in its order
	 */
	portion(
		context: Context,
		found: readonly T[],
		isUndone: (event: T) => boolean,
		inTime: boolean,
	): T[];
}

type Brought = { brought?: unknown };

let flights = 0;

export function backlogOf<T>(kind: EventKind<T>): Backlog<T> {
	const waiting = accountMemory<Map<string, T>>();
	const inFlight = accountMemory<BroughtPortion<T>>();
	const owed = accountMemory<boolean>();

	/**
	 * n8n keeps what a poll writes into the static data only if it has taken the poll's items: not of a poll that it has
	 * given up, nor of one whose workflow was published anew meanwhile.
	 *
	 * @returns how often the portion was brought that n8n has not taken, which waits again then
	 */
	function takeBackUntaken(trigger: string, { brought }: Brought): number {
		const flight = inFlight.get(trigger);
		inFlight.delete(trigger);
		if (!flight || flight.name === brought || flight.tries >= MAX_TRIES) return 0;
		const others = waiting.get(trigger) ?? new Map<string, T>();
		waiting.set(trigger, new Map([...flight.events, ...others]));
		return flight.tries;
	}

	return {
		isFull(context) {
			const events = [...(waiting.get(nodeKey(context))?.values() ?? [])];
			return weightOf(events, kind) >= MAX_EVENTS;
		},

		isOwed: (context) => owed.get(nodeKey(context)) === true,

		portion(context, found, isLeft, inTime) {
			const trigger = nodeKey(context);
			const kept = context.getWorkflowStaticData('node') as Brought;
			const tries = takeBackUntaken(trigger, kept);
			const all = new Map(
				[...(waiting.get(trigger)?.values() ?? []), ...found]
					.filter(isLeft)
					.map((event) => [kind.keyOf(event), event]),
			);
			const events = newestGroups([...all.values()], kind);
			for (const event of events) all.delete(kind.keyOf(event));
			waiting.set(trigger, all);
			owed.set(trigger, !inTime);
			if (events.length === 0) return [];
			const name = `${Date.now()}-${++flights}`;
			const brought = new Map(events.map((event) => [kind.keyOf(event), event]));
			inFlight.set(trigger, { name, events: brought, tries: tries + 1 });
			// Of a poll that took too long n8n may keep what is written here, and not have the items.
			if (inTime) kept.brought = name;
			return events;
		},
	};
}

const weightOf = <T>(events: readonly T[], { maxOf }: EventKind<T>): number =>
	events.reduce((sum, event) => sum + Math.max(1, MAX_EVENTS / (maxOf?.(event) ?? MAX_EVENTS)), 0);

/** The newest groups that fit together; of one that is too large by itself, its oldest events. */
function newestGroups<T>(events: T[], kind: EventKind<T>): T[] {
	const ordered = events.sort((one, other) => kind.timeOf(one) - kind.timeOf(other));
	const groups = new Map<string, T[]>();
	for (const event of ordered) {
		const name = kind.groupOf(event);
		const group = groups.get(name) ?? [];
		groups.set(name, group);
		group.push(event);
	}
	const newest = (group: T[]): number => Math.max(...group.map(kind.timeOf));
	const byNewest = [...groups.values()].sort((one, other) => newest(other) - newest(one));
	const chosen: T[] = [];
	let weight = 0;
	for (const group of byNewest) {
		for (const event of group) {
			weight += weightOf([event], kind);
			if (weight > MAX_EVENTS) return inOrder(chosen, kind);
			chosen.push(event);
		}
	}
	return inOrder(chosen, kind);
}

const inOrder = <T>(events: T[], { timeOf }: EventKind<T>): T[] =>
	events.sort((one, other) => timeOf(one) - timeOf(other));
