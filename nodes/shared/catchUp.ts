/**
 * Catch-up: which window of time a poll has to read again, so that nothing is lost when a webhook did not come, or
 * when an execution died after its webhook was answered. An event is emitted again at each of some ages. A cursor
 * alone would not do: it moves when items are emitted, and an execution that dies later is never resumed.
 */
import { type INodeProperties, type IPollFunctions, NodeOperationError } from 'n8n-workflow';
import { earliestEvent, firstPublicationOption } from './firstPublication';
import { accountMemory } from './processMemory';

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
	/** Milliseconds since 1970: nothing from before is emitted, either. */
	earliest?: number;
	/**
	 * Milliseconds between two readings for any age but the lowest, where the vendor allows few requests: an event may
	 * be so much older than its age (or by a fifteenth of it) when it is emitted, though no more than half of the time to its next age. 0 by
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
	/** The windows of it in which every event is due. In the rest, only one that is seen for the first time is. */
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

/** An event of half a day may be an hour older: so many ages cost little. */
const restOf = (age: number, rest: number): number => (rest > 0 ? Math.max(rest, age / 15) : 0);

/** Milliseconds since 1970 at which reading begins at the earliest. */
export const oldestOf = (
	{ lookBack, earliest = -Infinity }: Pick<CatchUpSchedule, 'lookBack' | 'earliest'>,
	now: number,
): number => Math.max(now - lookBack, earliest);

/** @param readAt as the last successful poll's plan gave it, or undefined for a process's first */
export function planCatchUp(
	readAt: readonly number[] | undefined,
	now: number,
	{ ages, rest = 0, overlap = 0, ...schedule }: CatchUpSchedule,
): CatchUpPlan {
	const oldest = oldestOf(schedule, now);
	// A clock that was set back, or ages that were changed, tell nothing about what was read.
	if (readAt?.length !== ages.length || readAt.some((time) => time > now)) {
		const all = [{ after: oldest, until: now }];
		return { windows: all, due: all, readAt: ages.map(() => now) };
	}
	const lowest = Math.min(...ages);
	const reads = ages.map((age, index) => {
		const last = readAt[index] ?? now;
		const isDue =
			age === lowest || now - last >= Math.min(restOf(age, rest), beforeNext(age, ages));
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
const lastReads = accountMemory<number[]>();

/** What `planCatchUp` gave at the trigger's last poll; undefined before its first in this process. */
export const lastRead = (trigger: string): number[] | undefined => lastReads.get(trigger);

export const rememberRead = (trigger: string, readAt: number[]): void =>
	void lastReads.set(trigger, readAt);

const DEFAULT_AGES = '5, 60, 150';
const DEFAULT_LOOK_BACK = 24;

/** The options of a trigger that say what catch-up does. */
export const catchUpOptions: INodeProperties[] = [
	firstPublicationOption,
	{
		displayName: 'Re-Check After (Minutes)',
		name: 'recheckAfter',
		type: 'string',
		default: DEFAULT_AGES,
		description:
			"How long after an event polling brings it again, in minutes, separated by commas. Include a value above 120. It also comes after 6 and 12 hours, and shortly before 'Look Back (Hours)' end. Events are processed only once, and those that this n8n has seen completed are not brought again.",
	},
	{
		displayName: 'Look Back (Hours)',
		name: 'lookBack',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_LOOK_BACK,
		description:
			'How far back polling reads after n8n starts, but not beyond the first publication. Older events are no longer brought.',
	},
];

/**
 * Ages at which an event comes again that was not done in time: a vendor may be away for hours, and an execution of a
 * whole look-back may fail.
 */
const latest = (lookBack: number): number[] => [6 * HOUR, 12 * HOUR, 0.9 * lookBack];

interface ScheduleOptions {
	recheckAfter?: unknown;
	lookBack?: unknown;
	beforeFirstPublication?: unknown;
}

/**
 * @param options the collection that holds `catchUpOptions`
 * @returns what is wrong with them, in words for the builder, in place of a schedule: without ages nothing would ever
 * be caught up
 */
export function scheduleOf(options: ScheduleOptions): CatchUpSchedule | string {
	const typed = String(options.recheckAfter ?? DEFAULT_AGES);
	const minutes = typed.split(/[,;\s]+/).filter(Boolean);
	const isAge = (age: string): boolean => /^\d+(?:\.\d+)?$/.test(age) && Number(age) > 0;
	if (minutes.length === 0 || !minutes.every(isAge))
		return `'Re-Check After (Minutes)' must be a list of minutes such as '${DEFAULT_AGES}', but is '${typed}'`;
	const hours = Number(options.lookBack ?? DEFAULT_LOOK_BACK);
	if (!(hours > 0 && Number.isFinite(hours)))
		return `'Look Back (Hours)' must be a number of hours such as ${DEFAULT_LOOK_BACK}, but is '${String(options.lookBack)}'`;
	const before = Number(options.beforeFirstPublication ?? 0);
	if (!(before >= 0 && Number.isFinite(before)))
		return `'${firstPublicationOption.displayName}' must be a number of hours such as 0, but is '${String(options.beforeFirstPublication)}'`;
	const lookBack = hours * HOUR;
	const ages = minutes.map((age) => Number(age) * MINUTE);
	const last = Math.max(...ages);
	return {
		ages: [...ages, ...latest(lookBack).filter((age) => age > last && age < lookBack)],
		lookBack,
	};
}

/**
 * @returns the schedule, which does not look back beyond the trigger's first publication
 * @throws NodeOperationError for options that cannot work: the workflow is not published then
 */
export function scheduleIn(context: IPollFunctions): CatchUpSchedule {
	const options = context.getNodeParameter('options', {}) as ScheduleOptions;
	const schedule = scheduleOf(options);
	if (typeof schedule !== 'string') {
		const earliest = earliestEvent(context, Number(options.beforeFirstPublication ?? 0));
		return { ...schedule, earliest };
	}
	throw new NodeOperationError(context.getNode(), schedule, {
		description: "Correct it in 'Options', then publish the workflow again.",
	});
}
