/**
 * Message: Send Reply.
 *
 * Sends what *Claim Reply* claimed on the ticket, once; looks up what it found unclear.
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
import { claimedReply, type ClaimedReply } from '../../../../domain/reply/items';
import {
	lookUpReply,
	type MessageSender,
	sendClaimedReply,
	sendRules,
	textOf,
} from '../../../../domain/reply/send';
import { notifyAgent, refuseFailed, type SendOutcome } from '../../../../domain/reply/outcome';
import type { Sending } from '../../../../domain/reply/sendings';
import { segmentsOf } from '../../../../domain/segments';
import { asFailure, isItemError, linkResult, tryItems } from '../../../shared/items';
import { processMemory, recentOnly } from '../../../shared/processMemory';
import { keyIn, markCompleted } from '../../../shared/completedEvents';
import { objectParameter } from '../../../shared/parameters';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { flowSenderOf } from '../../api/flowSender';
import { senderOf } from '../../api/messageSender';
import { messageParameter } from './messageParameter';

const properties: INodeProperties[] = [
	{
		displayName: 'Reply',
		name: 'reply',
		type: 'json',
		default: '={{ $json }}',
		description:
			"What 'Claim Reply' of Zendesk Sync gave. Of an unclear reply it is only looked up whether it was sent; what is neither claimed nor unclear is passed on as it is.",
	},
	{
		displayName: 'Send Through',
		name: 'sendThrough',
		type: 'options',
		options: [
			{
				name: 'Conversation',
				value: 'conversation',
				description: "The customer's SMS conversation. Needs Klaviyo's Conversations API.",
			},
			{
				name: 'Flow',
				value: 'flow',
				description:
					'An event that a flow of yours turns into an SMS. Works in every account, and for customers who have not sent yet.',
			},
		],
		default: 'conversation',
		description: 'How the message goes out',
	},
	{
		displayName: 'Metric',
		name: 'metric',
		type: 'string',
		required: true,
		default: 'Zendesk Reply',
		displayOptions: { show: { sendThrough: ['flow'] } },
		description:
			'Name of the event. Make a flow in Klaviyo that this metric triggers, with one SMS whose message is {{ event.body }}, and turn Smart Sending off for it. The event also has ticket_id, comment_id, agent_name, agent_email and reply_key. Keep the name: under another one Klaviyo cannot know that a reply was sent before.',
	},
];

/** What came of the claims that this process was given. */
const sendings = recentOnly(processMemory<Sending>());

/** Conversations at once, within Klaviyo's three sends a second. */
const SIDE_BY_SIDE = 3;

/** One for each way of sending that the items ask for. */
function sendersOf(
	klaviyo: Klaviyo,
): (context: IExecuteFunctions, itemIndex: number) => MessageSender {
	const conversation = senderOf(klaviyo);
	return (context, itemIndex) => {
		if (context.getNodeParameter('sendThrough', itemIndex) !== 'flow') return conversation;
		const metric = messageParameter(context, 'metric', itemIndex)?.trim();
		if (metric) return flowSenderOf(klaviyo, metric);
		throw new NodeOperationError(context.getNode(), "The field 'Metric' is empty", {
			itemIndex,
			description: "Give the name of the metric that triggers your flow, such as 'Zendesk Reply'.",
		});
	};
}

/** @throws NodeOperationError when the parameter holds no claim */
function replyAt(context: IExecuteFunctions, claim: IDataObject, itemIndex: number): ClaimedReply {
	const parsed = claimedReply.safeParse(claim);
	if (parsed.success) return parsed.data;
	throw new NodeOperationError(context.getNode(), "The field 'Reply' holds no claimed reply", {
		itemIndex,
		description:
			"Put a Zendesk Sync node with the operation 'Claim Reply' before this one: only a claimed reply is sent, so that none is sent twice.",
	});
}

async function sendItem(
	context: IExecuteFunctions,
	senderAt: ReturnType<typeof sendersOf>,
	input: INodeExecutionData,
	itemIndex: number,
): Promise<IDataObject> {
	const claim = objectParameter(context, { name: 'reply', label: 'Reply' }, itemIndex);
	const isUnclear = claim.outcome === 'unclear';
	// Somebody else's, refused or given up: it goes on with the outcome that it has.
	if (claim.outcome !== undefined && claim.outcome !== 'claimed' && !isUnclear)
		return { ...input.json };
	const reply = replyAt(context, claim, itemIndex);
	const sender = senderAt(context, itemIndex);
	const comesAgain = typeof claim.comesAgain === 'boolean' ? claim.comesAgain : undefined;
	const sent = isUnclear
		? await lookUpReply(reply, sender, sendRules, sendings)
		: await sendOr(reply, sender, comesAgain !== false);
	// Klaviyo's log shows it: nothing is left to do.
	const key = keyIn(claim.account, reply.key);
	if (sent.outcome === 'alreadySent') markCompleted(context, key);
	// Whatever became of it: until then its claim is somebody's, so that nothing would be done.
	else if (!isUnclear)
		markCompleted(context, key, Date.parse(reply.claimedAt) + claimLimits.settleTime);
	return {
		...input.json,
		...sent,
		...segmentsOf(textOf(reply)),
		notifyAgent: notifyAgent(sent, isUnclear || reply.attempt > 1, comesAgain),
	};
}

/** @param mayFail whether a fault is n8n's to show: nobody else would tell the agent of the last try */
async function sendOr(
	reply: ClaimedReply,
	sender: MessageSender,
	mayFail: boolean,
): Promise<SendOutcome> {
	const sending = sendClaimedReply(reply, sender, sendRules, sendings);
	if (mayFail) return await sending;
	return await sending.catch((error: unknown) =>
		refuseFailed(error instanceof Error ? error.message : String(error)),
	);
}

const execute: Execute = async (context, items) => {
	const senderAt = sendersOf(await klaviyoOf(context));
	// A claim is good for 30 seconds only: one reply that fails must not keep the others from being sent.
	const results = await tryItems(
		context,
		items,
		async (input, itemIndex) => await sendItem(context, senderAt, input, itemIndex),
		SIDE_BY_SIDE,
	);
	const isAnySent = results.some((result) => !isItemError(result));
	return results.flatMap((result, itemIndex) => {
		const input = items[itemIndex] ?? { json: {} };
		// A node that fails takes the items of what was sent along.
		return isAnySent && isItemError(result)
			? [asFailure(input, result, itemIndex)]
			: linkResult(context, input, result, itemIndex);
	});
};

export const sendReply: Operation = {
	properties,
	execute,
};
