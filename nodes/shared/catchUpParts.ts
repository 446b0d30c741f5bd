/**
 * Catch-up from a vendor that gives little at a time: a poll reads as much as it has time for, and the next one goes
 * on from there. A poll that always began again would never get through a long backlog.
 */
import {
	type CatchUpSchedule,
	lastRead,
	planCatchUp,
	rememberRead,
	type TimeWindow,
} from './catchUp';
import { processMemory } from './processMemory';

/** A window that is read in parts. */
export interface Stretch<P> extends TimeWindow {
	/** When it was due, milliseconds since 1970. */
	dueAt: number;
	/** Where the reader stands in it; absent until it has begun. */
	progress?: P;
}

export interface Part<T, P> {
	found: T[];
	/** What is left to read; absent when all was read. */
	rest?: TimeWindow & { progress?: P };
}

const stretches = processMemory<Array<Stretch<unknown>>>();

/** What has just come due is little, and must not wait for a long look-back: it goes first, the newest before all. */
const byNewest = (one: TimeWindow, other: TimeWindow): number => other.until - one.until;

export interface Catch<T> {
	found: T[];
	/** Since when the oldest rest has been due, milliseconds since 1970; absent when nothing is left. */
	behindSince?: number;
	/** What `readPart` threw: the stretch that it failed for is read again by the next poll. */
	fault?: unknown;
}

/**
 * Reads what is due, and what earlier polls have left. What was found counts as brought, so it is given back though
 * a later part failed.
 *
 * @param trigger names the trigger: workflow and node
 */
export async function catchUpInParts<T, P>(
	trigger: string,
	now: number,
	schedule: CatchUpSchedule,
	readPart: (stretch: Stretch<P>) => Promise<Part<T, P>>,
): Promise<Catch<T>> {
	const known = lastRead(trigger);
	// What was left before a first poll is another process's, and inside the look-back.
	const left = ((known && stretches.get(trigger)) ?? []) as Array<Stretch<P>>;
	const { windows, readAt } = planCatchUp(known, now, schedule);
	const fresh = windows.map((window): Stretch<P> => ({ ...window, dueAt: now }));
	const due = [...fresh.sort(byNewest), ...left.sort(byNewest)].filter(
		({ until }) => until > now - schedule.lookBack,
	);
	const found: T[] = [];
	const rests: Array<Stretch<P>> = [];
	for (const [index, stretch] of due.entries()) {
		try {
			const { found: more, rest } = await readPart(stretch);
			found.push(...more);
			if (rest) rests.push({ ...rest, dueAt: stretch.dueAt });
		} catch (fault) {
			// Nothing was read at all: the same is due again.
			if (index === 0) return { found, fault };
			return { ...keep(trigger, readAt, [...rests, ...due.slice(index)]), found, fault };
		}
	}
	return { ...keep(trigger, readAt, rests), found };
}

function keep(
	trigger: string,
	readAt: number[],
	rests: Array<Stretch<unknown>>,
): { behindSince?: number } {
	rememberRead(trigger, readAt);
	stretches.set(trigger, rests);
	return rests.length > 0 ? { behindSince: Math.min(...rests.map(({ dueAt }) => dueAt)) } : {};
}
