import type { INodeProperties } from 'n8n-workflow';

const lowerCaseName = ({ displayName }: INodeProperties): string => displayName.toLowerCase();

/** Sorts fields as builders read them. Without `localeCompare`, whose first call costs n8n's start milliseconds. */
export const byDisplayName = (one: INodeProperties, other: INodeProperties): number =>
	Number(lowerCaseName(one) > lowerCaseName(other)) -
	Number(lowerCaseName(one) < lowerCaseName(other));
