/** Messages: whether they open a ticket, and answers to them. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { getMany } from './getMany.operation';
import { screen } from './screen.operation';
import { sendReply } from './sendReply.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['message'] } },
	options: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many messages',
			description: 'Read what was sent with a customer, both ways',
		},
		{
			name: 'Screen',
			value: 'screen',
			action: 'Screen message',
			description: 'Decide whether a message opens a ticket, with the reason and the customer',
		},
		{
			name: 'Send Reply',
			value: 'sendReply',
			action: 'Send reply as message',
			description: "Text a customer the agent's reply that was claimed on the ticket",
		},
	],
	default: 'screen',
};

export const message = { selector, operations: { getMany, screen, sendReply } } satisfies Resource;
