/** Klaviyo, as the rules of sending a reply see it: texts go into the customer's conversation. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import type { TextEvent } from '../../../domain/items';
import type { Customer, Texter } from '../../../domain/reply/send';
import { isLoggedAs } from '../../../domain/reply/words';
import { canReceiveSms } from '../../../domain/screening';
import type { Klaviyo } from './client';
import { eventsOf, givesTogether, rememberSingly } from './events';
import { sendMessage } from './messages';
import { type ConversationProfile, profileByNumber, quoted } from './profiles';
import { textEventOf } from './textEvent';
import { textMetricIds } from './textMetricIds';
import { textMetrics } from './textMetrics';

/** Klaviyo's clock may be ahead of this machine's by as much, in milliseconds. */
const CLOCK_MARGIN = 60_000;

/** The customer as the rules need them. */
export const customerOf = (profile: ConversationProfile): Customer => ({
	profileId: profile.id,
	email: profile.email,
	canReceiveSms: canReceiveSms(profile.consent),
	conversationId: profile.conversationId,
});

export const texterOf = (klaviyo: Klaviyo): Texter => ({
	through: 'conversation',

	now: () => Date.now(),

	async findCustomer(number) {
		const profile = await profileByNumber(klaviyo, number);
		return profile && customerOf(profile);
	},

	async look(_reply, profileId, body, since) {
		try {
			const texts = await textsSince(klaviyo, profileId, since);
			// A text whose words are not in the log could be this one; what a campaign or flow sent could not.
			if (texts === 'unreadable' || texts.some((text) => isWordless(text))) return 'unreadable';
			return { texts: texts.filter((text) => isLoggedAs(text.body, body)).length };
		} catch {
			return 'unreadable';
		}
	},

	async send(_reply, { conversationId }, body, by) {
		// The rules refuse a reply to who has none.
		if (conversationId === null) return { rejected: 'There is no conversation.' };
		return await sendMessage(klaviyo, conversationId, body, by);
	},
});

export const isWordless = ({ kind, body }: TextEvent): boolean =>
	kind === 'conversation' && body === '';

/** What a profile has been sent since then, delivered or failed. An account without such a metric never sent any. */
export async function textsSince(
	klaviyo: Klaviyo,
	profileId: string,
	since: number,
): Promise<TextEvent[] | 'unreadable'> {
	const { delivered, failed } = textMetrics;
	const ids = [...(await textMetricIds(klaviyo, [delivered, failed])).values()];
	const raw = await eventsOfAll(klaviyo, ids, profileId, since);
	// What counts, words and kind, is told in the same way by both metrics.
	const texts = raw.map((one) => textEventOf(one, delivered, true));
	const readable = texts.flatMap((text) => text ?? []);
	return readable.length === texts.length ? readable : 'unreadable';
}

/** All of them in one read, where Klaviyo takes several metrics at once. */
async function eventsOfAll(
	klaviyo: Klaviyo,
	metricIds: readonly string[],
	profileId: string,
	since: number,
): Promise<unknown[]> {
	if (metricIds.length > 1 && givesTogether(klaviyo)) {
		try {
			return await eventsSince(klaviyo, metricIds, profileId, since);
		} catch (error) {
			const refusal = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
			if (refusal.httpCode !== '400') throw refusal;
			rememberSingly(klaviyo);
		}
	}
	const reads = metricIds.map((id) => eventsSince(klaviyo, id, profileId, since));
	return (await Promise.all(reads)).flat();
}

/** @returns a metric's events of one profile, as Klaviyo sent them */
export const eventsSince = async (
	klaviyo: Klaviyo,
	metricId: string | readonly string[],
	profileId: string,
	since: number,
): Promise<unknown[]> =>
	await eventsOf(klaviyo, metricId, { after: since, until: Date.now() + CLOCK_MARGIN }, [
		`equals(profile_id,${quoted(profileId)})`,
	]);
