import type { INodeProperties } from 'n8n-workflow';

const nameOf = ({ displayName }: INodeProperties): string => displayName.toLowerCase();

/** Sorts fields as builders read them. Without `localeCompare`, whose first call costs n8n's start milliseconds. */
export const byDisplayName = (one: INodeProperties, other: INodeProperties): number =>
	Number(nameOf(one) > nameOf(other)) - Number(nameOf(one) < nameOf(other));
