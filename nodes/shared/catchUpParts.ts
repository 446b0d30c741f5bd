/**
 * Catch-up from a vendor that gives little at a time: a poll reads as much as it has time for, and the next one goes
 * on from there. A poll that always began again would never get through a long backlog.
 */
import {
	type CatchUpSchedule,
	lastRead,
	oldestOf,
	planCatchUp,
	rememberRead,
	type TimeWindow,
} from './catchUp';
import { accountMemory } from './processMemory';

/** A window that is read in parts. */
export interface UnreadWindow<P> extends TimeWindow {
	/** When it was due, milliseconds since 1970. */
	dueAt: number;
	/** Where reading continues; absent until it has begun. */
	cursor?: P;
}

export interface PartResult<T, P> {
	found: T[];
	/** What is left to read; absent when all was read. */
	rest?: TimeWindow & { cursor?: P };
}

const unreadWindows = accountMemory<Array<UnreadWindow<unknown>>>();

/** Newly due windows are short. They are read first, newest before oldest, so that a long look-back does not delay them. */
const byNewest = (one: TimeWindow, other: TimeWindow): number => other.until - one.until;

/** Keys of what each trigger's last poll read, for as long as the next one reads it again. */
const lastSeen = accountMemory<Set<string>>();

/** An event's key, and its time in milliseconds since 1970. */
export type Identify<T> = (event: T) => { key: string; at: number };

export interface CatchUpResult<T> {
	found: T[];
	/** Since when the oldest rest has been due, milliseconds since 1970; absent when nothing is left. */
	behindSince?: number;
	/** What `readPart` threw: the window that it failed for is read again by the next poll. */
	fault?: unknown;
}

interface CatchUpLimits<T> {
	/** Needed for a schedule with an overlap. */
	identify?: Identify<T>;
	/** Whether what earlier polls have left can wait: more was found than can be brought now. */
	isFull?: boolean;
	/** Whether there is no time to begin another window: the next poll does. The first is always begun. */
	isOver?: () => boolean;
}

/**
 * Reads what is due, and what earlier polls have left. What was found counts as read, so it is given back though a
 * later part failed.
 *
 * @param trigger names the trigger: workflow and node
 */
export async function catchUpInParts<T, P>(
	trigger: string,
	now: number,
	schedule: CatchUpSchedule,
	readPart: (window: UnreadWindow<P>) => Promise<PartResult<T, P>>,
	{ identify, isFull = false, isOver = () => false }: CatchUpLimits<T> = {},
): Promise<CatchUpResult<T>> {
	const known = lastRead(trigger);
	// What was left before a first poll is another process's, and inside the look-back.
	const left = ((known && unreadWindows.get(trigger)) ?? []) as Array<UnreadWindow<P>>;
	const { windows, due, readAt } = planCatchUp(known, now, schedule);
	const fresh = windows.map((window): UnreadWindow<P> => ({ ...window, dueAt: now }));
	const isRecent = ({ until }: TimeWindow): boolean => until > oldestOf(schedule, now);
	const toRead = [...fresh.sort(byNewest), ...(isFull ? [] : left.sort(byNewest))].filter(isRecent);
	const overlap = overlapOf(trigger, now, schedule, due, identify);
	const found: T[] = [];
	const rests: Array<UnreadWindow<P>> = isFull ? left.filter(isRecent) : [];
	for (const [index, window] of toRead.entries()) {
		if (index > 0 && isOver()) {
			rests.push(window);
			continue;
		}
		try {
			const { found: more, rest } = await readPart(window);
			found.push(...more.filter((event) => overlap.isWanted(event, window)));
			if (rest) rests.push({ ...rest, dueAt: window.dueAt });
		} catch (fault) {
			// Nothing was read at all: the same is due again.
			if (index === 0) return { found, fault };
			overlap.remember();
			return {
				...rememberRests(trigger, readAt, [...rests, ...toRead.slice(index)]),
				found,
				fault,
			};
		}
	}
	overlap.remember();
	return { ...rememberRests(trigger, readAt, rests), found };
}

/** Leaves out of what is read once more what the last poll has brought already. */
function overlapOf<T>(
	trigger: string,
	now: number,
	{ overlap = 0 }: CatchUpSchedule,
	due: readonly TimeWindow[],
	identify: Identify<T> | undefined,
) {
	if (!identify || overlap === 0) return { isWanted: () => true, remember: () => {} };
	const before = lastSeen.get(trigger);
	const seen = new Set<string>();
	const isDue = (at: number): boolean => due.some(({ after, until }) => after < at && at <= until);
	return {
		isWanted(event: T, { dueAt }: UnreadWindow<unknown>): boolean {
			const { key, at } = identify(event);
			if (at > now - overlap) seen.add(key);
			// What an earlier poll has left was due then, and has not been brought yet.
			return dueAt < now || isDue(at) || !before?.has(key);
		},
		remember: (): void => void lastSeen.set(trigger, seen),
	};
}

function rememberRests(
	trigger: string,
	readAt: number[],
	rests: Array<UnreadWindow<unknown>>,
): { behindSince?: number } {
	rememberRead(trigger, readAt);
	unreadWindows.set(trigger, rests);
	return rests.length > 0 ? { behindSince: Math.min(...rests.map(({ dueAt }) => dueAt)) } : {};
}
