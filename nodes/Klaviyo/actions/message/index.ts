/** Messages: whether they open a ticket, and agents' replies to them. */
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
			description: "Get the messages of a customer's conversation, inbound and outbound",
		},
		{
			name: 'Screen',
			value: 'screen',
			action: 'Screen message',
			description: 'Check whether a message should open a ticket, and look up the customer',
		},
		{
			name: 'Send Reply',
			value: 'sendReply',
			action: 'Send reply',
			description: "Send the agent's claimed reply to the customer",
		},
	],
	default: 'screen',
};

export const message = { selector, operations: { getMany, screen, sendReply } } satisfies Resource;
