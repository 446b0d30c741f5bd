/** How deep a vendor's own JSON may go before it is kept on an item. */

/** Vendors' events have about five. n8n, like most programs, walks items by recursion, and thousands end it. */
const MAX_DEPTH = 100;

const reachesBelow = (value: unknown, levels: number): boolean =>
	typeof value === 'object' &&
	value !== null &&
	(levels === 0 || Object.values(value).some((inner) => reachesBelow(inner, levels - 1)));

/** Whether an item may carry it. */
export const isShallowEnough = (json: unknown): boolean => !reachesBelow(json, MAX_DEPTH);
