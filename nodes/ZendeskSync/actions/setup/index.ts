/** What a Zendesk account needs once, before messages come in. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { createClosingAutomation } from './createClosingAutomation.operation';
import { createSmsView } from './createSmsView.operation';

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
				'Let Zendesk close solved SMS conversations after some hours, unless an automation does so already',
		},
		{
			name: 'Create SMS View',
			value: 'createSmsView',
			action: 'Create view of SMS conversations',
			description: 'Give agents a list of the SMS conversations that wait, unless there is one',
		},
	],
	default: 'createSmsView',
};

export const setup = {
	selector,
	operations: { createClosingAutomation, createSmsView },
} satisfies Resource;
