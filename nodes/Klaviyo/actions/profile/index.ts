/** Profiles of customers. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { get } from './get.operation';
import { getCustomerCard } from './getCustomerCard.operation';
import { upsert } from './upsert.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['profile'] } },
	options: [
		{
			name: 'Create or Update',
			value: 'upsert',
			action: 'Create or update profile',
			description: 'Create a new profile, or update the current one if it already exists (upsert)',
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get profile',
			description: 'Find a customer by profile ID, email address, phone number or external ID',
		},
		{
			name: 'Get Customer Card',
			value: 'getCustomerCard',
			action: 'Get customer card',
			description:
				'Get what marketing knows of a customer, as text for agents: consent, orders, value, lists, segments, campaigns and flows',
		},
	],
	default: 'get',
};

export const profile = {
	selector,
	operations: { get, getCustomerCard, upsert },
} satisfies Resource;
