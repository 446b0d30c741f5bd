/** Message: Send Reply. Sends what *Claim Reply* claimed on the ticket, once. */
import type { INodeProperties } from 'n8n-workflow';
import { NodeOperationError, updateDisplayOptions } from 'n8n-workflow';
import { claimedReply, type ClaimedReply } from '../../../../domain/reply/items';
import { concernsAgent, sendReply, type Texter } from '../../../../domain/reply/send';
import { isLoggedAs } from '../../../../domain/reply/words';
import { canReceiveSms } from '../../../../domain/screening';
import { eachItem } from '../../../shared/items';
import { objectParameter } from '../../../shared/parameters';
import type { Operation } from '../../../shared/operation';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { eventsOf } from '../../api/events';
import { sendMessage } from '../../api/messages';
import { klaviyoMetricId } from '../../api/metrics';
import { profileByNumber } from '../../api/profiles';
import { textEventOf } from '../../api/textEvent';
import { textMetrics } from '../../api/textMetrics';

const properties: INodeProperties[] = [
	{
		displayName: 'Reply',
		name: 'reply',
		type: 'json',
		default: '={{ $json }}',
		description:
			"What 'Claim Reply' of Zendesk Sync gave. A reply with another outcome than 'claimed' is passed on and not sent.",
	},
];

/** Klaviyo, as the rules of sending see it. */
const texterOf = (klaviyo: Klaviyo): Texter => ({
	now: () => Date.now(),

	async findCustomer(number) {
		const profile = await profileByNumber(klaviyo, number);
		return (
			profile && {
				profileId: profile.id,
				email: profile.email,
				canReceiveSms: canReceiveSms(profile.consent),
				conversationId: profile.conversationId,
			}
		);
	},

	async countSent(profileId, body, since) {
		try {
			const counts = [textMetrics.delivered, textMetrics.failed].map(
				async (metric) => await countLogged(klaviyo, metric, profileId, body, since),
			);
			return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
		} catch {
			return 'unreadable';
		}
	},

	async send(conversationId, body) {
		return await sendMessage(klaviyo, conversationId, body);
	},
});

async function countLogged(
	klaviyo: Klaviyo,
	metric: (typeof textMetrics)['delivered' | 'failed'],
	profileId: string,
	body: string,
	since: number,
): Promise<number> {
	const metricId = await klaviyoMetricId(klaviyo, metric.name);
	// An account without the metric has never had such an event.
	if (metricId === undefined) return 0;
	const window = { after: since, until: Date.now() + 60_000 };
	const events = await eventsOf(klaviyo, metricId, window, [`equals(profile_id,"${profileId}")`]);
	return events.filter((raw) => isLoggedAs(textEventOf(raw, metric, true)?.body ?? '', body))
		.length;
}

export const sendReplyOperation: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['message'], operation: ['sendReply'] } },
		properties,
	),

	async execute(context, items) {
		const texter = texterOf(await klaviyoOf(context));
		return await eachItem(context, items, async (input, itemIndex) => {
			const claim = objectParameter(context, 'reply', itemIndex);
			// Not claimed: somebody else's, refused or given up. It goes on as it came, with the outcome it has.
			if (claim.outcome !== undefined && claim.outcome !== 'claimed') return { ...input.json };
			const parsed = claimedReply.safeParse(claim);
			if (!parsed.success)
				throw new NodeOperationError(
					context.getNode(),
					"The field 'Reply' holds no claimed reply",
					{
						itemIndex,
						description:
							"Put a Zendesk Sync node with the operation 'Claim Reply' before this one: only a claimed reply is sent, so that none is sent twice.",
					},
				);
			const reply: ClaimedReply = parsed.data;
			const sent = await sendReply(reply, texter);
			return { ...input.json, ...sent, concernsAgent: concernsAgent(sent, reply.attempt) };
		});
	},
};
