/**
 * Message: Send Follow-Up, after *Send Reply* has refused a reply because the customer's 24 hours on WhatsApp are over.
 *
 * Starts a flow that asks the customer to continue, once for each closed window. The reply waits.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import { z } from 'zod';
import type { Execute, Operation } from '../../../shared/operation';
import { type FollowUp, followUp, refuseUnconfirmed } from '../../../../domain/reply/followUp';
import type { ClaimedReply } from '../../../../domain/reply/items';
import { forAgent, notifyAgent } from '../../../../domain/reply/outcome';
import { whenAnswered } from '../../../../domain/reply/waiting';
import { beforeGiven, linkResults, tryItems } from '../../../shared/items';
import { locatorField } from '../../../shared/locator';
import { objectParameter } from '../../../shared/parameters';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { askerOf } from '../../api/followUpAsker';
import { trackedMetricLocator } from '../locators';
import { claimedReplyAt } from './claimedReplyAt';
import { messageParameter } from './messageParameter';

const properties: INodeProperties[] = [
	{
		displayName: 'Reply',
		name: 'reply',
		type: 'json',
		default: '={{ $json }}',
		description:
			"The output of 'Send Reply'. Only replies that it refused with the reason windowClosed are followed up. Other items pass through unchanged.",
	},
	locatorField(trackedMetricLocator, {
		displayName: 'Metric',
		name: 'metric',
		required: true,
		byDefault: 'Asked to Continue on WhatsApp',
		description:
			'Name of the metric that triggers your flow. Create a flow in Klaviyo with this trigger and one WhatsApp message with an approved template, and turn off Smart Sending for it. The event has body (the words of the reply), agent_name, agent_email, ticket_id, comment_id and reply_key. Do not change the name later: Klaviyo then cannot recognize that a customer was asked before.',
	}),
	{
		displayName: 'When the Customer Answers',
		name: 'whenAnswered',
		type: 'options',
		options: [
			{
				name: 'Send the Reply',
				value: 'send',
				description: 'The reply waits, and is sent when the customer writes again',
			},
			{
				name: 'Tell the Agent',
				value: 'tellAgent',
				description: 'The reply is not sent. The agent is told, and can write it again.',
			},
		],
		default: 'send',
		description:
			'What happens to the reply when the customer writes again. The note on the ticket says so. Needs the template Follow-Up After the Window.',
	},
];

/** Customers in parallel. */
const CONCURRENCY = 3;

const refusedByWindow = z.object({
	outcome: z.literal('refused'),
	reason: z.literal('windowClosed'),
});

const closedAt = z.object({ windowClosedAt: z.string().datetime() });

/** When the window ended, as Send Reply knew it; null if it did not. */
const windowEndIn = (item: IDataObject): number | null => {
	const parsed = closedAt.safeParse(item);
	return parsed.success ? Date.parse(parsed.data.windowClosedAt) : null;
};

async function followUpItem(
	context: IExecuteFunctions,
	klaviyo: Klaviyo,
	input: INodeExecutionData,
	itemIndex: number,
): Promise<IDataObject> {
	const item = objectParameter(context, { name: 'reply', label: 'Reply' }, itemIndex);
	if (!refusedByWindow.safeParse(item).success) return { ...input.json };
	const reply = claimedReplyAt(context, item, itemIndex);
	const metric = messageParameter(context, 'metric', itemIndex)?.trim();
	if (!metric)
		throw new NodeOperationError(context.getNode(), "'Metric' is empty", {
			itemIndex,
			description:
				'Enter the name of the metric that triggers your flow, such as Asked to Continue on WhatsApp.',
		});
	const then = whenAnswered.find(
		(one) => one === context.getNodeParameter('whenAnswered', itemIndex),
	);
	const comesAgain = typeof item.comesAgain === 'boolean' ? item.comesAgain : undefined;
	const asked = followUp(reply, askerOf(klaviyo, metric, reply), then ?? 'send');
	const answer =
		comesAgain === false
			? await asked.catch((): FollowUp => ({ outcome: 'notConfirmed' }))
			: await asked;
	return beforeGiven(outputOf(context, { answer, reply, item, comesAgain, itemIndex }), input);
}

interface Asked {
	answer: FollowUp;
	reply: ClaimedReply;
	item: IDataObject;
	comesAgain: boolean | undefined;
	itemIndex: number;
}

/** @throws NodeOperationError if it is not certain that the customer is asked, and a later attempt will be made */
function outputOf(
	context: IExecuteFunctions,
	{ answer, reply, item, comesAgain, itemIndex }: Asked,
): IDataObject {
	if (answer.outcome === 'waits') return { ...answer, notifyAgent: true };
	if (answer.outcome === 'held') {
		const isForAgent = notifyAgent(answer, reply.attempt > 1, comesAgain);
		return { ...(isForAgent ? forAgent(answer, reply.body) : answer), notifyAgent: isForAgent };
	}
	if (answer.outcome === 'refused') return { ...answer, notifyAgent: true };
	if (comesAgain === false)
		return { ...refuseUnconfirmed(reply, windowEndIn(item)), notifyAgent: true };
	throw new NodeOperationError(
		context.getNode(),
		'Klaviyo did not confirm that it asks the customer to continue',
		{
			itemIndex,
			description:
				'Run the item again, or leave it to catch-up. The customer is asked once, however often this is tried.',
		},
	);
}

const execute: Execute = async (context, items) => {
	const klaviyo = await klaviyoOf(context);
	const results = await tryItems(
		context,
		items,
		async (input, itemIndex) => await followUpItem(context, klaviyo, input, itemIndex),
		CONCURRENCY,
	);
	return linkResults(context, items, results);
};

export const sendFollowUp: Operation = {
	properties,
	execute,
	eventRole: 'followsReply',
};
