/** How deeply a vendor's JSON may be nested if it is to be kept on an item. */

/**
 * Vendors' events have about five levels. n8n, like most programs, walks items recursively, and crashes at thousands.
 */
const MAX_DEPTH = 100;

const reachesBelow = (value: unknown, levels: number): boolean =>
	typeof value === 'object' &&
	value !== null &&
	(levels === 0 || Object.values(value).some((inner) => reachesBelow(inner, levels - 1)));

/** Whether it may be kept on an item. */
export const isShallowEnough = (json: unknown): boolean => !reachesBelow(json, MAX_DEPTH);
