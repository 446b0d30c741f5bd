/** Messages: whether they open a ticket, agents' replies to them, and messages of the workflow's own. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { getMany } from './getMany.operation';
import { screen } from './screen.operation';
import { send } from './send.operation';
import { sendFollowUp } from './sendFollowUp.operation';
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
			description: "Get the messages of a customer's conversations, inbound and outbound",
		},
		{
			name: 'Screen',
			value: 'screen',
			action: 'Screen message',
			description: 'Check whether a message should open a ticket, and look up the customer',
		},
		{
			name: 'Send',
			value: 'send',
			action: 'Send message',
			description:
				'Send a customer a message of your own, once: in the conversation or through a flow',
		},
		{
			name: 'Send Follow-Up',
			value: 'sendFollowUp',
			action: 'Send follow up',
			description:
				'Ask the customer to continue on WhatsApp when a reply came more than 24 hours after their last message',
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

export const message = {
	selector,
	operations: { getMany, screen, send, sendFollowUp, sendReply },
} satisfies Resource;
