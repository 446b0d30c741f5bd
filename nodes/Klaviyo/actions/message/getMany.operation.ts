/** Message: Get Many. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { historyFilters } from './historyFilters';

const properties: INodeProperties[] = [
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: '={{ $json.profileId }}',
		description: "The customer's profile in Klaviyo",
	},
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		placeholder: 'e.g. +12125550123',
		default:
			'={{ $json.phone ?? ($json.direction === "outbound" ? $json.to : $json.from) ?? $json.externalId?.split(":")[2] }}',
		description:
			"The customer's phone number, with + and country code. It finds the profile when there is no profile ID, or when that has gone in a merge. By default the item's: of a message, a claimed reply, a profile, or the conversation of a ticket.",
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: historyFilters,
	},
];

export const getManyOperation: Operation = {
	properties,
	load: async () => await import('./getMany.execute'),
};
