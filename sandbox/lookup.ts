/**
 * Finds things by a value, without looking at all of them, of which there may be hundreds of thousands. It also finds
 * things that once had the value: callers must check what they get.
 */
export class Lookup<T extends object> {
	/** Most values have one holder, which needs no set. */
	private readonly holders = new Map<string, T | Set<T>>();

	note(value: string | null, item: T): void {
		if (value === null) return;
		const known = this.holders.get(value);
		if (known === undefined) this.holders.set(value, item);
		else if (known instanceof Set) known.add(item);
		else if (known !== item) this.holders.set(value, new Set([known, item]));
	}

	/** In the order in which they got the value. */
	of(value: string): T[] {
		const known = this.holders.get(value);
		if (known === undefined) return [];
		return known instanceof Set ? [...known] : [known];
	}
}

/** The first place in a sorted list at which `isBehind` is true, the list's length when it is nowhere. */
export function firstPlace<T>(list: readonly T[], isBehind: (item: T) => boolean): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const item = list[middle];
		if (item !== undefined && isBehind(item)) high = middle;
		else low = middle + 1;
	}
	return low;
}
