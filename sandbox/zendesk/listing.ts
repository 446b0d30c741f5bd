/** The last long list, kept until a ticket changes, so that its pages are not each built from all tickets. */
export class Listing<T> {
	private madeAt = -1;
	private name = '';
	private list: readonly T[] = [];

	/** @param changes how many changes of tickets there were; undefined when the list is of another moment than now */
	get(changes: number | undefined, name: string, make: () => readonly T[]): readonly T[] {
		if (changes === undefined) return make();
		if (changes !== this.madeAt || name !== this.name) {
			this.list = make();
			this.madeAt = changes;
			this.name = name;
		}
		return this.list;
	}
}
