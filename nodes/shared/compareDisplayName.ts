import type { INodeProperties } from 'n8n-workflow';

const lowerCaseName = ({ displayName }: INodeProperties): string => displayName.toLowerCase();

/**
 * Sorts fields as builders read them. Not with `localeCompare`, whose first call makes n8n's start milliseconds
 * slower.
 */
export const byDisplayName = (one: INodeProperties, other: INodeProperties): number =>
	Number(lowerCaseName(one) > lowerCaseName(other)) -
	Number(lowerCaseName(one) < lowerCaseName(other));
