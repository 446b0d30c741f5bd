/** Klaviyo, as the rules of sending a reply see it. */
import type { Texter } from '../../../domain/reply/send';
import { isLoggedAs } from '../../../domain/reply/words';
import { canReceiveSms } from '../../../domain/screening';
import type { Klaviyo } from './client';
import { eventsOf } from './events';
import { sendMessage } from './messages';
import { klaviyoMetricId } from './metrics';
import { profileByNumber } from './profiles';
import { textEventOf } from './textEvent';
import { type TextMetric, textMetrics } from './textMetrics';

/** Klaviyo's clock may be ahead of this machine's by as much, in milliseconds. */
const CLOCK_MARGIN = 60_000;

export const texterOf = (klaviyo: Klaviyo): Texter => ({
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
			const bodies = await Promise.all(
				[textMetrics.delivered, textMetrics.failed].map(
					async (metric) => await loggedBodies(klaviyo, metric, profileId, since),
				),
			);
			const texts = bodies.flat();
			// A text whose words are not in the log could be this one.
			if (texts.includes('')) return 'unreadable';
			return texts.filter((logged) => isLoggedAs(logged, body)).length;
		} catch {
			return 'unreadable';
		}
	},

	async send(conversationId, body, by) {
		return await sendMessage(klaviyo, conversationId, body, by);
	},
});

/** What was sent to a profile since then, other than by campaigns and flows; '' where the log has no words. */
async function loggedBodies(
	klaviyo: Klaviyo,
	metric: TextMetric,
	profileId: string,
	since: number,
): Promise<string[]> {
	const metricId = await klaviyoMetricId(klaviyo, metric.name);
	// An account without the metric has never had such an event.
	if (metricId === undefined) return [];
	const window = { after: since, until: Date.now() + CLOCK_MARGIN };
	const events = await eventsOf(klaviyo, metricId, window, [`equals(profile_id,"${profileId}")`]);
	return events.flatMap((raw) => {
		const text = textEventOf(raw, metric, true);
		if (text === undefined) return [''];
		return text.kind === 'conversation' || text.body !== '' ? [text.body] : [];
	});
}
