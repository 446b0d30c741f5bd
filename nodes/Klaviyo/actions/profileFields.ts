/** Fields that identify a customer, the same in each operation that needs one. */
import type { INodeProperties } from 'n8n-workflow';

export const profileFields: INodeProperties[] = [
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: "={{ $json.profileId ?? '' }}",
		description: "The customer's ID in Klaviyo",
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		placeholder: 'e.g. name@email.com',
		default: "={{ $json.phone ? '' : $json.email ?? '' }}",
		description:
			"The customer's email address. By default the item's, unless it also has a phone number: the two together could identify two people.",
	},
	{
		displayName: 'Phone',
		name: 'phone',
		type: 'string',
		placeholder: 'e.g. +12125550123',
		default: "={{ $json.phone ?? '' }}",
		description: "The customer's phone number, with + and country code",
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		default: '',
		description: "The customer's ID in your own system, if you have stored it in Klaviyo",
	},
];
