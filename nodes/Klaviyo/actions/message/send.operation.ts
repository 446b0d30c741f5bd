/**
 * Message: Send.
 *
 * Sends a customer a message of the workflow's own, once a key: into the conversation, or through a flow. Output:
 * `outcome` is `sent`, `alreadySent` (with the same key) or `unknown`. What may not or cannot be sent is an error.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import type { ConversationChannel } from '../../../../domain/channel';
import { conversationChannelOf } from '../../../../domain/channel';
import { type Attempt, sendOnce } from '../../../../domain/message/sendOnce';
import { toE164 } from '../../../../domain/phone';
import type { SendThrough } from '../../../../domain/reply/send';
import { segmentsOf } from '../../../../domain/segments';
import { channelAt, channelField } from '../../../shared/channel';
import { fieldError, phoneFault } from '../../../shared/fieldFaults';
import { fingerprintOf } from '../../../shared/fingerprint';
import { beforeGiven, linkResults, tryItems } from '../../../shared/items';
import type { Execute, Operation } from '../../../shared/operation';
import { itemParameter, toPlainString, trimmedParameter } from '../../../shared/parameters';
import { processMemory, recentOnly } from '../../../shared/processMemory';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { conversationPort, flowPort, type MessageToSend } from '../../api/onceSender';
import { type Recipient, recipientOf } from '../../api/recipient';
import { outputOf, refusalOf } from './sendOutput';

const properties: INodeProperties[] = [
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		placeholder: 'e.g. +12125550123',
		default: "={{ $json.from ?? $json.customer?.phone ?? $json.phone ?? '' }}",
		description:
			"The customer's phone number, with + and country code. By default the item's, whether it is a message, a ticket event or a profile.",
	},
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: '',
		description:
			"The customer's ID in Klaviyo, if several profiles have the phone number or it is not known. If both are given, the profile must have that number.",
	},
	{
		...channelField,
		description:
			'How the message is sent: sms or whatsapp. By default as the item came; leave empty for sms. RCS counts as sms.',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '',
		description: 'The words of the message, as plain text. Links are sent as they are.',
	},
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		default: "={{ $json.key ?? '' }}",
		placeholder: 'e.g. {{ $json.key }}:thanks',
		description:
			"The customer gets one message with a key, however often this runs, also if its words differ. By default the item's key, so an event that a trigger brings again sends nothing again. Nodes that send different messages for one item need different keys. If empty, the same words are sent once in an execution, and again in the next.",
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
					"Send in the customer's conversation. They must have written before, on WhatsApp within 24 hours. Needs Klaviyo's Conversations API.",
			},
			{
				name: 'Flow',
				value: 'flow',
				description:
					'Record an event that starts a flow of yours, which sends the message. Works in every account, and for customers who have not written yet.',
			},
		],
		default: 'conversation',
		description: 'How to send the message',
	},
	{
		displayName: 'Metric',
		name: 'metric',
		type: 'string',
		required: true,
		default: 'Message From Workflow',
		displayOptions: { show: { sendThrough: ['flow'] } },
		description:
			'Name of the metric that triggers your flow. Create a flow in Klaviyo with this trigger and one SMS whose text is {{ event.body }}, or one WhatsApp message with an approved template, and turn off Smart Sending for it. The event has body, channel and message_key. Do not change the name later: Klaviyo then cannot recognize a message that was sent before.',
	},
];

/** What this process has sent, by account, way, customer and key. */
const attempts = recentOnly(processMemory<Attempt>());

/** Customers in parallel, within Klaviyo's three messages a second. */
const CONCURRENCY = 3;

/** A key goes into an event's unique id, which has at most 255 characters. */
const MAX_KEY_LENGTH = 200;

interface Wanted {
	profileId: string | null;
	phone: string | null;
	channel: ConversationChannel;
	words: string;
	key: string | null;
	through: SendThrough;
	/** '' for a conversation. */
	metric: string;
}

/** @throws NodeOperationError if a parameter is missing or not valid */
function wantedAt(context: IExecuteFunctions, itemIndex: number): Wanted {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	const typed = trimmedParameter(context, 'customerPhone', itemIndex);
	const profileId = trimmedParameter(context, 'profileId', itemIndex) || null;
	const phone = toE164(typed);
	if (!phone && (typed || profileId === null))
		throw fieldError(context, itemIndex, phoneFault('Customer Phone', typed));
	const words = toPlainString(itemParameter(context, 'text', itemIndex, '')).trim();
	if (words === '')
		throw refuse(
			"'Text' is empty",
			'Enter the words of the message. If the field holds an expression, it returns no text for this item.',
		);
	const key = trimmedParameter(context, 'key', itemIndex) || null;
	if (key !== null && key.length > MAX_KEY_LENGTH)
		throw refuse(
			"'Key' is too long",
			`It has ${key.length} characters, but may have at most ${MAX_KEY_LENGTH}.`,
		);
	const through: SendThrough =
		context.getNodeParameter('sendThrough', itemIndex) === 'flow' ? 'flow' : 'conversation';
	const metric = through === 'flow' ? trimmedParameter(context, 'metric', itemIndex) : '';
	if (through === 'flow' && metric === '')
		throw refuse(
			"'Metric' is empty",
			'Enter the name of the metric that triggers your flow, such as Message From Workflow.',
		);
	const channel = conversationChannelOf(channelAt(context, itemIndex));
	return { profileId, phone, channel, words, key, through, metric };
}

/** A message without a key is known by its words, in this execution. */
const nameOf = (
	context: IExecuteFunctions,
	{ account }: Klaviyo,
	{ profileId }: Recipient,
	{ key, channel, words, metric }: Wanted,
): string =>
	key === null
		? fingerprintOf(account, profileId, channel, metric, context.getExecutionId(), words)
		: fingerprintOf(account, profileId, metric, key);

async function sendItem(
	context: IExecuteFunctions,
	klaviyo: Klaviyo,
	input: INodeExecutionData,
	itemIndex: number,
): Promise<IDataObject> {
	const wanted = wantedAt(context, itemIndex);
	const { words, key, channel, through, metric } = wanted;
	const recipient = await recipientOf(klaviyo, wanted);
	if (typeof recipient === 'string') throw refusalOf(context, itemIndex, recipient);
	const { profileId, phone, conversationId, refusal, closedSince } = recipient;
	const name = nameOf(context, klaviyo, recipient, wanted);
	const message: MessageToSend = { key, profileId, channel, words };
	const port =
		through === 'flow'
			? flowPort(klaviyo, message, metric, name)
			: conversationPort(klaviyo, message, conversationId ?? '');
	const isPermitted = refusal === undefined;
	const once = { name, words, isPermitted, run: randomUUID(), now: Date.now() };
	const outcome = await sendOnce(once, port, attempts);
	if (refusal && outcome.outcome === 'notSent')
		throw refusalOf(context, itemIndex, refusal, closedSince);
	return beforeGiven(
		{
			...outputOf(context, itemIndex, outcome, words),
			profileId,
			phone,
			channel,
			// WhatsApp bills no segments.
			...(channel === 'sms' ? segmentsOf(words) : {}),
		},
		input,
	);
}

const execute: Execute = async (context, items) => {
	const klaviyo = await klaviyoOf(context);
	const results = await tryItems(
		context,
		items,
		async (input, itemIndex) => await sendItem(context, klaviyo, input, itemIndex),
		CONCURRENCY,
	);
	return linkResults(context, items, results);
};

export const send: Operation = {
	properties,
	execute,
};
