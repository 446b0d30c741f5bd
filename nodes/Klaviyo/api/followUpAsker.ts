/** The asker port of `domain/reply/followUp.ts`: records an event that starts the builder's flow. */
import type { Asker } from '../../../domain/reply/followUp';
import type { ClaimedReply } from '../../../domain/reply/items';
import { textOf } from '../../../domain/reply/send';
import { isWindowOpen, WINDOW } from '../../../domain/reply/permission';
import { eventFault, type MetricEvent } from '../../../domain/tracking/event';
import type { Klaviyo } from './client';
import { readHistory } from './messageHistory';
import { messageMetrics } from './messageMetrics';
import { profileToAnswer } from './messageSender';
import type { Profile } from './profile';
import { sendEvent } from './sendMessage';

/** Milliseconds after which the request is not made again. */
const ASKS_FOR = 60_000;

/** What the flow's template can use. Klaviyo treats an empty value as missing, so it is left out. */
const eventOf = (
	metric: string,
	reply: ClaimedReply,
	profileId: string,
	uniqueId: string,
): MetricEvent => ({
	name: metric,
	uniqueId,
	time: new Date().toISOString(),
	profile: { id: profileId },
	properties: {
		body: textOf(reply),
		ticket_id: reply.ticketId,
		comment_id: reply.commentId,
		reply_key: reply.key,
		...(reply.agentName ? { agent_name: reply.agentName } : {}),
		...(reply.agentEmail ? { agent_email: reply.agentEmail } : {}),
	},
});

/** When the customer last wrote on WhatsApp, milliseconds since 1970; null if no such message is in Klaviyo's log. */
async function newestMessage(klaviyo: Klaviyo, { id }: Profile): Promise<number | null> {
	const { customerMessaged } = messageMetrics.whatsapp;
	const [message] = await readHistory(klaviyo, id, { metrics: [customerMessaged], limit: 1 });
	return message ? Date.parse(message.sentAt) : null;
}

/** @param metric the name of the metric that starts the flow */
export const askerOf = (klaviyo: Klaviyo, metric: string, reply: ClaimedReply): Asker => ({
	async findCustomer() {
		const profile = await profileToAnswer(klaviyo, reply);
		if (!profile) return undefined;
		const { whatsAppWindow, mayBeSentTemplates } = profile;
		const newest = await newestMessage(klaviyo, profile);
		const now = Date.now();
		const end = newest === null ? whatsAppWindow.validUntil : newest + WINDOW;
		return {
			profileId: profile.id,
			isWindowOpen: isWindowOpen(whatsAppWindow, newest, now),
			// Not the later of the two: the same window must have the same end for each reply.
			windowEnd: end !== null && end <= now ? end : null,
			mayBeAsked: mayBeSentTemplates,
		};
	},

	async ask({ profileId }, uniqueId) {
		const event = eventOf(metric, reply, profileId, uniqueId);
		const fault = eventFault(event, Date.now());
		return fault ? { rejected: fault } : await sendEvent(klaviyo, event, Date.now() + ASKS_FOR);
	},
});
