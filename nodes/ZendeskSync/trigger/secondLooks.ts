/**
 * Replies that were brought for the first time, and those that are not brought again for hours, come once more soon
 * after. A run that has claimed one may have died since, or had no answer from Klaviyo: whether its message went out shows
 * in the log when the claim is nobody's any more, and not in an hour.
 */
import { claimLimits } from '../../../domain/reply/claim';
import type { TicketEvent } from '../../../domain/items';
import { accountMemory } from '../../shared/processMemory';

/** Milliseconds after which nobody's claim stands in the way, and Klaviyo's log must have come so far. */
export const SECOND_LOOK = claimLimits.settleTime + 80_000;

interface ConversationView {
	event: TicketEvent;
	/** Milliseconds since 1970. */
	at: number;
}

/** Replies that each trigger remembers to have brought. */
const MOST_KEPT = 20_000;

/** By trigger: keys of what it has brought, the oldest first. */
const broughtBefore = accountMemory<Set<string>>();

/** Whether the trigger brings a reply for the first time in this process; from then on it does not. */
export function isNew(trigger: string, { key }: TicketEvent): boolean {
	const keys = broughtBefore.get(trigger) ?? new Set<string>();
	broughtBefore.set(trigger, keys);
	if (key === null || keys.has(key)) return false;
	keys.add(key);
	for (const oldest of keys) {
		if (keys.size <= MOST_KEPT) break;
		keys.delete(oldest);
	}
	return true;
}

/** By trigger and key. */
const planned = accountMemory<Map<string, ConversationView>>();

export function planLook(trigger: string, event: TicketEvent, at: number): void {
	const looks = planned.get(trigger) ?? new Map<string, ConversationView>();
	planned.set(trigger, looks);
	const known = looks.get(event.key ?? '');
	looks.set(event.key ?? '', { event, at: Math.max(at, known?.at ?? 0) });
}

/**
 * @param isLeft whether there is something to do for it now
 * @param isLeftLater whether there may be, when its claim is nobody's any more
 */
export function dueLooks(
	trigger: string,
	now: number,
	isLeft: (key: string) => boolean,
	isLeftLater: (key: string) => boolean,
): TicketEvent[] {
	const looks = planned.get(trigger) ?? new Map<string, ConversationView>();
	const due: TicketEvent[] = [];
	for (const [key, { event, at }] of looks) {
		if (at > now || (!isLeft(key) && isLeftLater(key))) continue;
		looks.delete(key);
		due.push(event);
	}
	return due;
}
