/** What to set up once in a Zendesk account, before messages come in. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { createClosingAutomation } from './createClosingAutomation.operation';
import { createConversationView } from './createConversationView.operation';
import { createCustomerFields } from './createCustomerFields.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['setup'] } },
	options: [
		{
			name: 'Create Closing Automation',
			value: 'createClosingAutomation',
			action: 'Create closing automation',
			description:
				'Create an automation that closes solved conversations by SMS and WhatsApp after some hours, if there is none',
		},
		{
			name: 'Create Conversation View',
			value: 'createConversationView',
			action: 'Create view of conversations',
			description:
				'Create a view of unsolved conversations by SMS and WhatsApp for agents, if there is none',
		},
		{
			name: 'Create Customer Fields',
			value: 'createCustomerFields',
			action: 'Create customer fields',
			description:
				"Create the fields of users that 'User: Update Customer Fields' fills in, for views and triggers, if there are none",
		},
	],
	default: 'createConversationView',
};

export const setup = {
	selector,
	operations: { createClosingAutomation, createConversationView, createCustomerFields },
} satisfies Resource;
