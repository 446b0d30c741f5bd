/**
 * Catch-up: which stretch of time a poll has to read again, so that nothing is lost when a webhook did not come, or
 * when an execution died after its webhook was answered. An event is emitted again at each of some ages. A cursor
 * alone would not do: it moves when items are emitted, and an execution that dies later is never resumed.
 */
import type { INodeProperties } from 'n8n-workflow';
import { processMemory } from './processMemory';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Milliseconds since 1970. `after` is outside, `until` inside. */
export interface TimeWindow {
	after: number;
	until: number;
}

export interface CatchUpSchedule {
	/** Milliseconds of age at which an event is emitted. 0: as soon as it is seen. */
	ages: readonly number[];
	/** Milliseconds: nothing older is emitted; a process's first poll emits all that is younger. */
	lookBack: number;
	/**
	 * Milliseconds between two readings for any age but the lowest, where the vendor allows few requests: an event may
	 * be so much older than its age when it is emitted, though no more than half of the time to its next age. 0 by
	 * default: at each poll.
	 */
	rest?: number;
	/**
	 * For age 0. Milliseconds before the last poll that are read once more, since an event may show late at its vendor,
	 * or in the same second after it was read: of them is emitted what did not show then. 0 by default.
	 */
	overlap?: number;
}

export interface CatchUpPlan {
	/** What to read: windows that do not touch, oldest first. */
	windows: TimeWindow[];
	/** The stretches of it in which every event is due. In the rest, only one that is seen for the first time is. */
	due: TimeWindow[];
	/** For each age, the time of the poll that last read for it, once the windows are read. */
	readAt: number[];
}

/**
 * An age that is read less often than the next one comes would fall together with it: both would emit the event at
 * once, and an execution that fails would have failed for both.
 */
const beforeNext = (age: number, ages: readonly number[]): number =>
	(Math.min(...ages.filter((other) => other > age)) - age) / 2;

/** @param readAt as the last successful poll's plan gave it, or undefined for a process's first */
export function planCatchUp(
	readAt: readonly number[] | undefined,
	now: number,
	{ ages, lookBack, rest = 0, overlap = 0 }: CatchUpSchedule,
): CatchUpPlan {
	const oldest = now - lookBack;
	// A clock that was set back, or ages that were changed, tell nothing about what was read.
	if (readAt?.length !== ages.length || readAt.some((time) => time > now)) {
		const all = [{ after: oldest, until: now }];
		return { windows: all, due: all, readAt: ages.map(() => now) };
	}
	const lowest = Math.min(...ages);
	const reads = ages.map((age, index) => {
		const last = readAt[index] ?? now;
		const isDue = age === lowest || now - last >= Math.min(rest, beforeNext(age, ages));
		return {
			last: isDue ? now : last,
			after: Math.max(last - age, oldest),
			until: now - age,
			isDue,
		};
	});
	const due = reads
		.filter(({ isDue, after, until }) => isDue && after < until)
		.map(({ after, until }) => ({ after, until }));
	const last = overlap > 0 ? readAt[ages.indexOf(0)] : undefined;
	const again =
		last === undefined ? [] : [{ after: Math.max(last - overlap, oldest), until: last }];
	const windows = [...due, ...again]
		.sort((one, other) => one.after - other.after)
		.reduce<TimeWindow[]>(join, []);
	return { windows, due, readAt: reads.map(({ last }) => last) };
}

const join = (windows: TimeWindow[], next: TimeWindow): TimeWindow[] => {
	const last = windows.at(-1);
	if (last === undefined || next.after > last.until) return [...windows, next];
	return [...windows.slice(0, -1), { after: last.after, until: Math.max(last.until, next.until) }];
};

/**
 * What each trigger of this process has read, by workflow and node. In memory on purpose: n8n saves nothing when a
 * poll finds nothing, and can put older static data back; and a new process has to look back anyway.
 */
const lastReads = processMemory<number[]>();

/** What `planCatchUp` gave at the trigger's last poll; undefined before its first in this process. */
export const lastRead = (trigger: string): number[] | undefined => lastReads.get(trigger);

export const rememberRead = (trigger: string, readAt: number[]): void =>
	void lastReads.set(trigger, readAt);

/** The options of a trigger that say what catch-up does. */
export const catchUpOptions: INodeProperties[] = [
	{
		displayName: 'Catch-Up Ages (Minutes)',
		name: 'catchUpAges',
		type: 'string',
		default: '5, 60, 150',
		description:
			'At which ages polling brings an event once more, in minutes, separated by commas. Bringing it again does no harm: what was done with it already is not done twice, and what this n8n has seen done to the end is left out. One of the ages should be above 120.',
	},
	{
		displayName: 'Look-Back (Hours)',
		name: 'lookBack',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 24,
		description:
			'How far back the first poll reads after n8n was started, and the age at which polling gives an event up',
	},
];

/** @param options the collection that holds `catchUpOptions` */
export function scheduleOf(options: {
	catchUpAges?: unknown;
	lookBack?: unknown;
}): CatchUpSchedule {
	const typed = String(options.catchUpAges ?? '5, 60, 150');
	const minutes = typed.split(/[,;\s]+/).map(Number);
	const hours = Number(options.lookBack ?? 24);
	return {
		ages: minutes.filter((age) => Number.isFinite(age) && age > 0).map((age) => age * MINUTE),
		lookBack: (hours > 0 ? hours : 24) * HOUR,
	};
}
