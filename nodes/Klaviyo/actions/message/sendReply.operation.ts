/**
 * Message: Send Reply.
 *
 * Sends the replies that *Claim Reply* claimed, each once, and looks up those that it found unclear.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { claimLimits } from '../../../../domain/reply/claim';
import { type ClaimedReply, replyChannel } from '../../../../domain/reply/items';
import {
	lookUpReply,
	type MessageSender,
	sendClaimedReply,
	sendRules,
	textOf,
} from '../../../../domain/reply/send';
import {
	forAgent,
	notifyAgent,
	refuseFailed,
	type SendOutcome,
} from '../../../../domain/reply/outcome';
import type { Sending } from '../../../../domain/reply/sendings';
import { segmentsOf } from '../../../../domain/segments';
import { beforeGiven, isItemError, linkResults, tryItems } from '../../../shared/items';
import { processMemory, recentOnly } from '../../../shared/processMemory';
import { keyIn, markCompleted } from '../../../shared/completedEvents';
import { locatorField } from '../../../shared/locator';
import { objectParameter } from '../../../shared/parameters';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { flowSenderOf } from '../../api/flowSender';
import { senderOf } from '../../api/messageSender';
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
			"The output of 'Claim Reply' of Zendesk Sync. If the claim is unclear, the node only checks whether the reply was sent. Items that are neither claimed nor unclear pass through unchanged.",
	},
	{
		displayName: 'Send Through',
		name: 'sendThrough',
		type: 'options',
		options: [
			{
				name: 'Conversation',
				value: 'conversation',
				description:
					"Send in the customer's conversation, on the channel of the ticket. Needs Klaviyo's Conversations API.",
			},
			{
				name: 'Flow',
				value: 'flow',
				description:
					'Record an event that starts a flow of yours, which sends an SMS. Works in every account, and for customers who have not written yet. Not on WhatsApp.',
			},
		],
		default: 'conversation',
		description: 'How to send the message',
	},
	{
		...locatorField(trackedMetricLocator, {
			displayName: 'Metric',
			name: 'metric',
			required: true,
			byDefault: 'Zendesk Reply',
			description:
				'Name of the metric that triggers your flow. Create a flow in Klaviyo with this trigger and one SMS whose text is {{ event.body }}, and turn off Smart Sending for it. The event also has ticket_id, comment_id, agent_name, agent_email and reply_key. Do not change the name later: Klaviyo then cannot recognize a reply that was sent before.',
		}),
		displayOptions: { show: { sendThrough: ['flow'] } },
	},
];

/** The outcomes of the claims that this process was given. */
const sendings = recentOnly(processMemory<Sending>());

/** Conversations in parallel, within Klaviyo's three messages a second. */
const CONCURRENCY = 3;

/** One sender for each way of sending that the items ask for. */
function sendersOf(
	klaviyo: Klaviyo,
): (context: IExecuteFunctions, itemIndex: number) => MessageSender {
	const conversation = senderOf(klaviyo);
	return (context, itemIndex) => {
		if (context.getNodeParameter('sendThrough', itemIndex) !== 'flow') return conversation;
		const metric = messageParameter(context, 'metric', itemIndex)?.trim();
		if (metric) return flowSenderOf(klaviyo, metric);
		throw new NodeOperationError(context.getNode(), "'Metric' is empty", {
			itemIndex,
			description: "Enter the name of the metric that triggers your flow, such as 'Zendesk Reply'.",
		});
	};
}

async function sendItem(
	context: IExecuteFunctions,
	senderAt: ReturnType<typeof sendersOf>,
	input: INodeExecutionData,
	itemIndex: number,
): Promise<IDataObject> {
	const claim = objectParameter(context, { name: 'reply', label: 'Reply' }, itemIndex);
	const isUnclear = claim.outcome === 'unclear';
	// Claimed by another execution, refused or given up: passed through with its outcome.
	if (claim.outcome !== undefined && claim.outcome !== 'claimed' && !isUnclear)
		return { ...input.json };
	const reply = claimedReplyAt(context, claim, itemIndex);
	const sender = senderAt(context, itemIndex);
	const comesAgain = typeof claim.comesAgain === 'boolean' ? claim.comesAgain : undefined;
	const sent = isUnclear
		? await lookUpReply(reply, sender, sendRules, sendings)
		: await sendOrRefuse(reply, sender, comesAgain !== false, executionOf(context));
	// Klaviyo's log shows the message: nothing is left to do.
	const key = keyIn(claim.account, reply.key);
	if (sent.outcome === 'alreadySent') markCompleted(context, key);
	// Until its claim runs out, no execution may act on the reply, whatever the outcome.
	else if (!isUnclear)
		markCompleted(context, key, Date.parse(reply.claimedAt) + claimLimits.settleTime);
	const age = sender.now() - Date.parse(reply.writtenAt);
	const isForAgent = notifyAgent(sent, isUnclear || reply.attempt > 1, comesAgain, age);
	return beforeGiven(
		{
			...(isForAgent ? forAgent(sent, reply.body) : sent),
			notifyAgent: isForAgent,
			// WhatsApp bills no segments.
			...(replyChannel(reply) === 'sms' ? segmentsOf(textOf(reply)) : {}),
		},
		input,
	);
}

/** Of a sub-workflow, n8n does not say by which execution it was called. */
const executionOf = (context: IExecuteFunctions): string | undefined =>
	context.getMode() === 'integrated' ? undefined : context.getExecutionId();

/** @param mayFail whether an error may fail the item. On the last attempt it is a refusal instead, so that the agent is told */
async function sendOrRefuse(
	reply: ClaimedReply,
	sender: MessageSender,
	mayFail: boolean,
	execution: string | undefined,
): Promise<SendOutcome> {
	const sending = sendClaimedReply(reply, sender, sendRules, sendings, execution);
	if (mayFail) return await sending;
	return await sending.catch((error: unknown) =>
		refuseFailed(error instanceof Error ? error.message : String(error)),
	);
}

const execute: Execute = async (context, items) => {
	const senderAt = sendersOf(await klaviyoOf(context));
	// A claim is good for only 30 seconds, so one reply that fails must not keep the others from being sent.
	const results = await tryItems(
		context,
		items,
		async (input, itemIndex) => await sendItem(context, senderAt, input, itemIndex),
		CONCURRENCY,
	);
	// A node that fails takes the items of what was sent along.
	const isAnySent = results.some((result) => !isItemError(result));
	return linkResults(context, items, results, !isAnySent);
};

export const sendReply: Operation = {
	properties,
	execute,
	eventRole: 'completes',
};
