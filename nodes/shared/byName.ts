import type { INodeProperties } from 'n8n-workflow';

/** Sorts fields as builders read them. Without `localeCompare`, whose first call costs n8n's start milliseconds. */
export function byDisplayName(one: INodeProperties, other: INodeProperties): number {
	const [first, second] = [one, other].map(({ displayName }) => displayName.toLowerCase());
	return first === second ? 0 : String(first) < String(second) ? -1 : 1;
}
