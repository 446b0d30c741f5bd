/**
 * Message: Screen.
 *
 * Decides for each inbound message whether it should open a ticket, and looks up who sent it.
 */

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import {
	automationRulesOf,
	rulesOf,
	screeningOptions,
	type ScreeningOptions,
	waitOf,
} from './screeningOptions';
import { Automations } from './automations';
import type { Channel } from '../../../../domain/channel';
import { toE164 } from '../../../../domain/phone';
import { canReceiveSms, screenMessage, type ScreenedMessage } from '../../../../domain/screening';
import { channelAt, channelField } from '../../../shared/channel';
import { fieldError, phoneFault } from '../../../shared/fieldFaults';
import { beforeGiven, eachItem } from '../../../shared/items';
import { parseTime } from '../../../shared/time';
import { klaviyoOf } from '../../api/client';
import type { Profile } from '../../api/profile';
import { profilesOf } from '../../api/profiles';
import { RecentHistory } from './recentHistory';
import { messageParameter, tryOr } from './messageParameter';

const properties: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'body',
		type: 'string',
		default: '={{ $json.body }}',
		description: 'What the customer wrote',
	},
	{
		displayName: 'From',
		name: 'from',
		type: 'string',
		default: '={{ $json.from }}',
		description: "The customer's phone number",
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: "={{ $json.to ?? '' }}",
		description: 'Your phone number that the customer wrote to',
	},
	channelField,
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'string',
		default: "={{ $json.direction ?? '' }}",
		description:
			"'inbound' for a message from a customer. Anything else does not open a ticket. Leave empty for inbound.",
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'string',
		default: "={{ $json.event ?? '' }}",
		description:
			"'customerMessaged' for a message from a customer. Other events of Klaviyo Trigger, such as 'subscribed', do not open a ticket. Leave empty for customerMessaged.",
	},
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: "={{ $json.profileId ?? '' }}",
		description:
			"The ID of the customer's profile in Klaviyo. Leave empty to find the profile by the number in 'From'.",
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'string',
		default: "={{ $json.sentAt ?? '' }}",
		description:
			'When the customer sent the message, such as 2026-11-22T10:00:00Z. Used to recognize a message that Klaviyo treated as an opt-out, and to find the messages before it. Leave empty for the current time.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: screeningOptions,
	},
];

/** Milliseconds since 1970. */
function sentAt(context: IExecuteFunctions, itemIndex: number): number | undefined {
	const time = parseTime(
		messageParameter(context, 'sentAt', itemIndex) ?? '',
		context.getTimezone(),
	);
	return Number.isNaN(time) ? undefined : time;
}

function messageAt(
	context: IExecuteFunctions,
	itemIndex: number,
): ScreenedMessage & { channel: Channel } {
	const direction = messageParameter(context, 'direction', itemIndex) ?? 'inbound';
	return {
		body: messageParameter(context, 'body', itemIndex) ?? '',
		from: messageParameter(context, 'from', itemIndex),
		to: messageParameter(context, 'to', itemIndex),
		direction: direction === 'inbound' ? 'inbound' : 'outbound',
		event: messageParameter(context, 'event', itemIndex),
		channel: channelAt(context, itemIndex),
		sentAt: tryOr(() => sentAt(context, itemIndex), undefined),
	};
}

/** A message from Klaviyo may have no sender. An item without the field is no message: something was not mapped. */
const isUnmapped = (
	{ from, direction, event }: ScreenedMessage,
	{ json }: INodeExecutionData,
): boolean =>
	!from?.trim() &&
	json.from === undefined &&
	direction === 'inbound' &&
	(event ?? 'customerMessaged') === 'customerMessaged';

const optionsAt = (context: IExecuteFunctions, itemIndex: number): ScreeningOptions =>
	context.getNodeParameter('options', itemIndex, {}) as ScreeningOptions;

/** Finds all senders at once, and how much of their history is wanted. */
async function prepare(context: IExecuteFunctions, itemCount: number) {
	const klaviyo = await klaviyoOf(context);
	const customers = Array.from({ length: itemCount }, (_, itemIndex) => ({
		id: tryOr(() => messageParameter(context, 'profileId', itemIndex), null),
		phone: toE164(tryOr(() => messageParameter(context, 'from', itemIndex), null)),
	}));
	const senders = await profilesOf(klaviyo, customers);
	const now = Date.now();
	const wanted = senders.map((sender, itemIndex) => ({
		profileId: sender && !(sender instanceof Error) ? sender.id : null,
		before: tryOr(() => sentAt(context, itemIndex), undefined) ?? now,
		count:
			tryOr(() => Math.floor(Number(optionsAt(context, itemIndex).includeRecentHistory)), 0) || 0,
	}));
	return {
		senders,
		wanted,
		history: new RecentHistory(klaviyo, wanted),
		automations: new Automations(klaviyo),
	};
}

const customerOf = (
	context: IExecuteFunctions,
	sender: Profile | undefined,
	itemIndex: number,
): IDataObject => ({
	name: [sender?.firstName, sender?.lastName].filter(Boolean).join(' ') || null,
	phone: sender?.phone ?? toE164(messageParameter(context, 'from', itemIndex)),
	email: sender?.email ?? null,
	firstName: sender?.firstName ?? null,
	lastName: sender?.lastName ?? null,
	profileId: sender?.id ?? messageParameter(context, 'profileId', itemIndex),
	canReceiveSms: canReceiveSms(sender?.consent ?? null),
});

const execute: Execute = async (context, items) => {
	// Started once and awaited by each item, so that a refusal by Klaviyo fails each item.
	const prepared = prepare(context, items.length);
	return await eachItem(context, items, async (input, itemIndex) => {
		const { senders, wanted, history, automations } = await prepared;
		const sender = senders[itemIndex];
		if (sender instanceof Error) throw sender;
		const message = messageAt(context, itemIndex);
		if (isUnmapped(message, input)) throw fieldError(context, itemIndex, phoneFault('From', ''));
		const options = optionsAt(context, itemIndex);
		const screened = screenMessage(
			message,
			sender?.consent ?? null,
			rulesOf(options, message.channel),
		);
		const { automationError, ...screening } = await automations.leave(screened, {
			message,
			profileId: sender?.id ?? null,
			rules: automationRulesOf(options),
			wait: waitOf(options),
		});
		const recent = wanted[itemIndex];
		return beforeGiven(
			{
				...screening,
				...(automationError === undefined ? {} : { automationError }),
				customer: customerOf(context, sender, itemIndex),
				...(screening.opensTicket && recent && recent.count > 0 ? await history.of(recent) : {}),
			},
			input,
		);
	});
};

export const screen: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
