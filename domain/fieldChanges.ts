/**
 * The net effect of several changes of one field. Zendesk's histories have whole seconds, and their ids are not in order
 * of time: within a second only `before -> after` shows which change followed which. The changes form one path from value
 * to value, so each value is left as often as it is reached, except the first and the last.
 */

export interface Change<Value> {
	before: Value;
	after: Value;
}

/** The ends of the path; 'closed' if it ends where it began, 'broken' if a step is missing. */
function endsOf<Value>(changes: ReadonlyArray<Change<Value>>): Change<Value> | 'closed' | 'broken' {
	/** For each value, how much more often it was left than reached. */
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
 * The net change of one history entry, which lists its changes in order: the update's own, then those of the business
 * rules that it triggered.
 *
 * @returns undefined if there are no changes; equal values if the last change undid the first
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
 * @param before the value before them; undefined if not known
 * @returns undefined if they do not determine it
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
