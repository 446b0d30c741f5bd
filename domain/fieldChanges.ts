/**
 * What several changes of one field come to. Zendesk's histories have whole seconds, and their ids are not in the
 * order of time: inside a second only `before -> after` says which change came after which. The changes are the steps
 * of one walk from value to value, so each value is left as often as it is reached, but for the two ends of the walk.
 */

export interface Change<Value> {
	before: Value;
	after: Value;
}

/** The ends of the walk; 'closed' when it ends where it began, 'broken' when a step of it is missing. */
function endsOf<Value>(changes: ReadonlyArray<Change<Value>>): Change<Value> | 'closed' | 'broken' {
	/** How much more often each value was left than reached. */
	const left = new Map<Value, number>();
	for (const { before, after } of changes) {
		left.set(before, (left.get(before) ?? 0) + 1);
		left.set(after, (left.get(after) ?? 0) - 1);
	}
	const ends = [...left].filter(([, times]) => times !== 0);
	if (ends.length === 0) return 'closed';
	const start = ends.find(([, times]) => times === 1);
	const end = ends.find(([, times]) => times === -1);
	if (ends.length !== 2 || !start || !end) return 'broken';
	return { before: start[0], after: end[0] };
}

/**
 * The net change of one entry of a history, which lists its changes in their order: an update's own, then those of the
 * rules that it set off.
 *
 * @returns undefined for no changes; one that leads back to its beginning where nothing has changed in the end
 */
export function netChange<Value>(changes: ReadonlyArray<Change<Value>>): Change<Value> | undefined {
	const [first] = changes;
	const last = changes.at(-1);
	if (!first || !last) return undefined;
	const ends = endsOf(changes);
	return typeof ends === 'object' ? ends : { before: first.before, after: last.after };
}

/**
 * The field's value after changes whose order is not known.
 *
 * @param before the value before them, undefined where it is not known
 * @returns undefined where they do not decide
 */
export function valueAfter<Value>(
	changes: ReadonlyArray<Change<Value>>,
	before: Value | undefined,
): Value | undefined {
	const ends = endsOf(changes);
	if (ends === 'broken') return undefined;
	if (ends !== 'closed') return ends.after;
	const values = new Set(changes.map((change) => change.before));
	if (before !== undefined && values.has(before)) return before;
	return values.size === 1 ? [...values][0] : undefined;
}
