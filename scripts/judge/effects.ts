/** Compares what had to happen with what did, key by key. */

/** `either`: nothing is guaranteed, but at most once. */
export type Need = 'once' | 'either' | 'never';

/** Something that had to happen, or must not: a message added, a reply sent, an event recorded, a note written. */
export interface Wanted {
	key: string;
	need: Need;
	/** Where: a conversation, a phone number, a ticket. Undefined if it does not matter. */
	where?: string | undefined;
}

/** Something that did happen. */
export interface Found {
	key: string;
	where: string;
}

export interface Verdict {
	/** Had to happen, but did not. */
	lost: string[];
	/** Happened more than once. */
	doubled: string[];
	/** Happened in the wrong place, or without any cause. */
	misdirected: string[];
	/** Conversations that had two open tickets at a time. */
	openTicketsOverOne: string[];
	/** What agents were told that is not true. */
	untrue: string[];
}

export const noFault = (): Verdict => ({
	lost: [],
	doubled: [],
	misdirected: [],
	openTicketsOverOne: [],
	untrue: [],
});

export function compare(wanted: readonly Wanted[], found: readonly Found[]): Verdict {
	const verdict = noFault();
	const places = new Map<string, string[]>();
	for (const { key, where } of found) places.set(key, [...(places.get(key) ?? []), where]);
	const known = new Set(wanted.map(({ key }) => key));
	for (const { key, where } of found)
		if (!known.has(key)) verdict.misdirected.push(`${key}: there is no such thing, but ${where}`);
	for (const { key, need, where } of wanted) {
		const got = places.get(key) ?? [];
		if (need === 'once' && got.length === 0) verdict.lost.push(`${key}: not ${where ?? 'there'}`);
		if (need === 'never' && got.length > 0)
			verdict.misdirected.push(`${key}: must not happen, but ${got.join(', ')}`);
		if (got.length > 1) verdict.doubled.push(`${key}: ${got.join(', ')}`);
		for (const place of got)
			if (where !== undefined && place !== where)
				verdict.misdirected.push(`${key}: ${place} in place of ${where}`);
	}
	return verdict;
}

export const together = (verdicts: readonly Verdict[]): Verdict => {
	const all = noFault();
	for (const verdict of verdicts) {
		all.lost.push(...verdict.lost);
		all.doubled.push(...verdict.doubled);
		all.misdirected.push(...verdict.misdirected);
		all.openTicketsOverOne.push(...verdict.openTicketsOverOne);
		all.untrue.push(...verdict.untrue);
	}
	return all;
};
