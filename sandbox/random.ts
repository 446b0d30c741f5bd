/** A seeded source of random numbers: the same seed gives the same numbers. */
export type Dice = () => number;

/** Mulberry32: numbers from 0 up to 1, the same sequence for the same seed. */
export function dice(seed: number): Dice {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

export const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` characters drawn from `alphabet`. */
export function word(roll: Dice, alphabet: string, length: number): string {
	// Joined, since a string that grows by one character at a time takes ten times the memory.
	const characters: string[] = [];
	while (characters.length < length)
		characters.push(alphabet.charAt(Math.floor(roll() * alphabet.length)));
	return characters.join('');
}

/** A random id in the form of a UUID. */
export function uuid(roll: Dice): string {
	const hex = (n: number): string => word(roll, '0123456789abcdef', n);
	return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

/** The list in a random order; the given list stays as it is. */
export function shuffled<T>(roll: Dice, list: readonly T[]): T[] {
	return list
		.map((item) => ({ item, at: roll() }))
		.sort((a, b) => a.at - b.at)
		.map(({ item }) => item);
}

export function pick<T>(roll: Dice, list: readonly T[]): T {
	const one = list[Math.floor(roll() * list.length)];
	if (one === undefined) throw new Error('There is nothing to pick from');
	return one;
}
