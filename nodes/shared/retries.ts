/**
 * Events that were brought and are not done: a vendor is away, an execution failed or died. They come again, at growing
 * gaps, until they are done or the look-back ends. Reading them again would cost requests, so they are remembered; what
 * a process forgets, catch-up brings at its ages.
 */
import type { EventKind } from './backlog';
import { accountMemory } from './processMemory';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A vendor that was away for a working day is back within the hour before the next try. */
const EVERY_HOUR_UNTIL = 8 * HOUR;
/** Milliseconds before the end of the look-back at which the last try is made. */
const LAST = 10 * MINUTE;

/** Events that each trigger remembers: a message or an entry of a history may have many kB. */
const MAX_EVENTS = 5000;

interface Waiting<T> {
	event: T;
	/** Milliseconds since 1970. */
	at: number;
}

/**
 * @param age how old the event is, milliseconds
 * @returns the age at which it comes next; undefined for never
 */
export function nextAge(age: number, lookBack: number): number | undefined {
	const last = lookBack - LAST;
	const next = age + (age < EVERY_HOUR_UNTIL ? 50 * MINUTE : 110 * MINUTE);
	return age >= last ? undefined : Math.min(next, last);
}

/** Whether an event of that age that is not done comes again within the hour. */
export const comesSoon = (age: number, lookBack: number): boolean =>
	age < EVERY_HOUR_UNTIL && nextAge(age, lookBack) !== undefined;

export interface Retries<T> {
	/** To be called with what a poll brings. */
	plan(trigger: string, events: readonly T[], now: number, lookBack: number): void;
	/**
	 * @param isUndone whether something is left to do for it now
	 * @param isUndoneForGood whether something may be left to do later
	 * @returns the events whose turn it is
	 */
	due(
		trigger: string,
		now: number,
		isUndone: (event: T) => boolean,
		isUndoneForGood: (event: T) => boolean,
	): T[];
}

export function retriesOf<T>({
	keyOf,
	timeOf,
}: Pick<EventKind<T>, 'keyOf' | 'timeOf'>): Retries<T> {
	const memory = accountMemory<Map<string, Waiting<T>>>();
	return {
		plan(trigger, events, now, lookBack) {
			const waiting = memory.get(trigger) ?? new Map<string, Waiting<T>>();
			memory.set(trigger, waiting);
			for (const event of events) {
				const age = nextAge(now - timeOf(event), lookBack);
				waiting.delete(keyOf(event));
				if (age !== undefined) waiting.set(keyOf(event), { event, at: timeOf(event) + age });
			}
			for (const oldest of waiting.keys()) {
				if (waiting.size <= MAX_EVENTS) break;
				waiting.delete(oldest);
			}
		},

		due(trigger, now, isUndone, isUndoneForGood) {
			const waiting = memory.get(trigger) ?? new Map<string, Waiting<T>>();
			const due: T[] = [];
			for (const [key, { event, at }] of waiting) {
				if (!isUndoneForGood(event)) waiting.delete(key);
				else if (at <= now && isUndone(event)) due.push(event);
			}
			return due;
		},
	};
}
