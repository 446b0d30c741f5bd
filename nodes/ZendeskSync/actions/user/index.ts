/** Users: customers and what is known of them. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { updateCustomerFields } from './updateCustomerFields.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['user'] } },
	options: [
		{
			name: 'Update Customer Fields',
			value: 'updateCustomerFields',
			action: 'Update customer fields',
			description:
				"Write the customer card into fields of the customer, for views and triggers. 'Setup: Create Customer Fields' makes the fields.",
		},
	],
	default: 'updateCustomerFields',
};

export const user = { selector, operations: { updateCustomerFields } } satisfies Resource;
