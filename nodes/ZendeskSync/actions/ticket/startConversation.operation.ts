/**
 * Ticket: Start Conversation, before Claim Reply and, of Klaviyo, Message: Send Reply through a flow.
 *
 * Makes a ticket that an agent wrote for a customer's number the customer's conversation by SMS.
 */

import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { startConversation as start } from '../../../../domain/conversation/start';
import { replyKey } from '../../../../domain/reply/items';
import { beforeGiven, linkResults, tryItems } from '../../../shared/items';
import { trimmedParameter } from '../../../shared/parameters';
import { zendeskOf } from '../../api/client';
import { startStore } from '../../api/startStore';
import { ticketIdField, ticketIdOf } from './fields';

const properties: INodeProperties[] = [
	{
		...ticketIdField,
		description:
			"The ticket that an agent opened for a customer. Its requester's phone number becomes the conversation's. A ticket that is a conversation already is left as it is.",
	},
	{
		displayName: 'Comment ID',
		name: 'commentId',
		type: 'string',
		default: "={{ $json.comment?.id ?? $json.commentId ?? '' }}",
		description:
			"The ID of the agent's comment, for the key of the note that tells the agent why it is not sent",
	},
];

/** Tickets in parallel. */
const CONCURRENCY = 5;

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const results = await tryItems(
		context,
		items,
		async (input, itemIndex) => {
			const ticketId = ticketIdOf(context, itemIndex);
			const commentId = trimmedParameter(context, 'commentId', itemIndex);
			const started = await start(startStore(zendesk, ticketId));
			if (started.outcome === 'failed')
				throw new NodeOperationError(
					context.getNode(),
					`Ticket ${ticketId} was not made a conversation. ${started.message}`,
					{ itemIndex, description: 'Run the item again: starting twice does no harm.' },
				);
			const { outcome, ...found } = started;
			return beforeGiven(
				{
					outcome,
					...found,
					ticketId,
					// A closed ticket takes no note.
					notifyAgent: started.outcome === 'refused' && started.reason !== 'ticketClosed',
					...(commentId ? { commentId, key: replyKey(commentId) } : {}),
				},
				input,
			);
		},
		CONCURRENCY,
	);
	return linkResults(context, items, results);
};

export const startConversation: Operation = {
	properties,
	execute,
	eventRole: 'followsReply',
};
