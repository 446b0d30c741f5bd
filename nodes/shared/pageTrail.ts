/** Lists that come in pages, each of which says where the next one is. */

/**
 * One is made for each reading of a list.
 *
 * @returns given where a page says that the next one is (a cursor, a link), the same; undefined at the list's end, and
 * where it leads back to a page that was read: that would be followed for ever
 */
export function pageTrail(): (next: string | null | undefined) => string | undefined {
	const followed = new Set<string>();
	return (next) => {
		if (!next || followed.has(next)) return undefined;
		followed.add(next);
		return next;
	};
}
