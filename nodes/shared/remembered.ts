/** What was read of an account and is good for a while, so that not every item, or every poll, asks for it again. */
import { processMemory } from './processMemory';

export interface Remembered<T> {
	/**
	 * Those who ask while it is being read wait for the same answer. A failure is not remembered.
	 *
	 * @param isEnough whether what is remembered, of that age in milliseconds, has what is needed. If not, it is read again
	 */
	get(
		name: string,
		read: () => Promise<T>,
		isEnough?: (value: T, age: number) => boolean,
	): Promise<T>;
	forget(name: string): void;
}

/** @param goodFor milliseconds for which a value is good */
export function rememberedFor<T>(goodFor: (value: T) => number): Remembered<T> {
	const known = processMemory<{ readAt: number; value: T }>();
	const reading = processMemory<Promise<T>>();
	return {
		async get(name, read, isEnough = () => true) {
			const last = known.get(name);
			// Below zero if the clock was set back.
			const age = last ? Date.now() - last.readAt : -1;
			if (last && age >= 0 && age < goodFor(last.value) && isEnough(last.value, age))
				return last.value;
			const underWay = reading.get(name) ?? read();
			reading.set(name, underWay);
			try {
				const value = await underWay;
				known.set(name, { readAt: Date.now(), value });
				return value;
			} finally {
				reading.delete(name);
			}
		},
		forget: (name) => void known.delete(name),
	};
}
