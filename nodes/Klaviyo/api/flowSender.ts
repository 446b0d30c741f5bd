/**
 * The message sender port of `domain/reply/send.ts` for accounts without the Conversations API: records an event, and
 * a flow that the builder made for its metric sends the message.
 */
import { type ClaimedReply, replyChannel } from '../../../domain/reply/items';
import type { LoggedReply, MessageSender } from '../../../domain/reply/send';
import { sendingsIn } from '../../../domain/reply/shown';
import { holdsWords, isLoggedAs } from '../../../domain/reply/words';
import { eventFault, type MetricEvent } from '../../../domain/tracking/event';
import type { Klaviyo } from './client';
import { trackedMetricIds } from './metrics';
import { customerOf } from './messageSender';
import { profilesOf } from './profiles';
import { sendEvent } from './sendMessage';
import {
	eventsSince,
	isWordless,
	messagesSince,
	orUnreadable,
	recentMessagesOf,
} from './sentMessages';
import { eventResource } from './wire';

/** The event with the text to send. Klaviyo treats an empty value as missing, so it is left out. */
const eventOf = (
	metric: string,
	{ key, ticketId, commentId, agentName, agentEmail, claimedAt }: ClaimedReply,
	profileId: string,
	body: string,
): MetricEvent => ({
	name: metric,
	uniqueId: key,
	time: claimedAt,
	profile: { id: profileId },
	properties: {
		body,
		ticket_id: ticketId,
		comment_id: commentId,
		reply_key: key,
		...(agentName ? { agent_name: agentName } : {}),
		...(agentEmail ? { agent_email: agentEmail } : {}),
	},
});

/** @param metric the name of the metric that starts the flow */
export const flowSenderOf = (klaviyo: Klaviyo, metric: string): MessageSender => ({
	through: 'flow',

	now: () => Date.now(),

	// Does not ask for the conversation: accounts that may not read it are the ones that send through a flow.
	async findCustomer(reply, profileId) {
		const names = [
			{ id: null, phone: reply.phone },
			{ id: profileId, phone: null },
		];
		const profile = (await profilesOf(klaviyo, names)).find((found) => found !== undefined);
		if (profile instanceof Error) throw profile;
		return (
			profile &&
			(await customerOf(klaviyo, { ...profile, conversationIds: {} }, replyChannel(reply)))
		);
	},

	findInLog: async (reply, profileId, body, since) =>
		await orUnreadable(look(klaviyo, metric, reply, profileId, body, since)),

	recentMessages: async (reply) => await recentMessagesOf(klaviyo, replyChannel(reply)),

	async send(reply, { profileId }, body, by) {
		const event = eventOf(metric, reply, profileId, body);
		const fault = eventFault(event, Date.now());
		return fault ? { rejected: fault } : await sendEvent(klaviyo, event, by);
	},
});

async function look(
	klaviyo: Klaviyo,
	metric: string,
	{ key }: ClaimedReply,
	profileId: string,
	body: string,
	since: number,
): Promise<LoggedReply | 'unreadable'> {
	const isRecorded = await hasEvent(klaviyo, metric, key, profileId, since);
	const messages = await messagesSince(klaviyo, { profileId, channel: 'sms' }, since);
	if (messages === 'unreadable' || messages.some(isWordless)) return 'unreadable';
	// Without the event, the reply can only have been sent into the conversation, before the builder chose the flow.
	// With it, any message that contains the reply is the flow's, whose template may add text.
	const own = messages.filter((message) =>
		isRecorded
			? message.kind !== 'campaign' && (message.body === '' || holdsWords(message.body, body))
			: message.kind === 'conversation' && isLoggedAs(message.body, body),
	);
	return { ...sendingsIn(own), isRecorded };
}

async function hasEvent(
	klaviyo: Klaviyo,
	metric: string,
	key: string,
	profileId: string,
	since: number,
): Promise<boolean> {
	const ids = await trackedMetricIds(klaviyo, new Set([metric]));
	const events = await Promise.all(
		(ids.get(metric) ?? []).map(async (id) => await eventsSince(klaviyo, [id], profileId, since)),
	);
	return events.flat().some((raw) => {
		const parsed = eventResource.safeParse(raw);
		return parsed.success && parsed.data.attributes.event_properties?.reply_key === key;
	});
}
