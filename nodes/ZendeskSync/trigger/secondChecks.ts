/**
 * A second check soon after, for replies that were brought for the first time or will not be brought again for hours. An
 * execution that claimed one may have died, or got no response from Klaviyo. Klaviyo's log shows whether the message was
 * sent as soon as the claim has expired, so there is no need to wait for an hour.
 */
import { claimLimits } from '../../../domain/reply/claim';
import type { TicketEvent } from '../../../domain/items';
import { accountMemory } from '../../shared/processMemory';

/** Milliseconds after which the claim has expired and Klaviyo's log must have caught up. */
export const SECOND_CHECK = claimLimits.settleTime + 80_000;

interface PlannedCheck {
	event: TicketEvent;
	/** Milliseconds since 1970. */
	at: number;
}

/** How many replies each trigger remembers. */
const MAX_KEYS = 20_000;

/** Keys of the replies that each trigger has brought, oldest first. */
const broughtBefore = accountMemory<Set<string>>();

/** Whether the trigger brings a reply for the first time in this process. From then on the answer is no. */
export function isNew(trigger: string, { key }: TicketEvent): boolean {
	const keys = broughtBefore.get(trigger) ?? new Set<string>();
	broughtBefore.set(trigger, keys);
	if (key === null || keys.has(key)) return false;
	keys.add(key);
	for (const oldest of keys) {
		if (keys.size <= MAX_KEYS) break;
		keys.delete(oldest);
	}
	return true;
}

/** By trigger and key. */
const planned = accountMemory<Map<string, PlannedCheck>>();

export function planSecondCheck(trigger: string, event: TicketEvent, at: number): void {
	const looks = planned.get(trigger) ?? new Map<string, PlannedCheck>();
	planned.set(trigger, looks);
	const known = looks.get(event.key ?? '');
	looks.set(event.key ?? '', { event, at: Math.max(at, known?.at ?? 0) });
}

/**
 * @param isUndone whether something is left to do for it now
 * @param isUndoneLater whether something may be left to do when its claim has expired
 */
export function dueSecondChecks(
	trigger: string,
	now: number,
	isUndone: (key: string) => boolean,
	isUndoneLater: (key: string) => boolean,
): TicketEvent[] {
	const looks = planned.get(trigger) ?? new Map<string, PlannedCheck>();
	const due: TicketEvent[] = [];
	for (const [key, { event, at }] of looks) {
		if (at > now || (!isUndone(key) && isUndoneLater(key))) continue;
		looks.delete(key);
		due.push(event);
	}
	return due;
}
