/** Klaviyo, as the rules of sending a reply see it: texts go into the customer's conversation. */
import type { TextEvent } from '../../../domain/items';
import type { Customer, Logged, Texter } from '../../../domain/reply/send';
import { isLoggedAs } from '../../../domain/reply/words';
import { canReceiveSms } from '../../../domain/screening';
import type { Klaviyo } from './client';
import { eventsOf, newestEvents, readTogether } from './events';
import { sendMessage } from './messages';
import { type ConversationProfile, profileByNumber, profilesBy, quoted } from './profiles';
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

	async findCustomer(number, profileId) {
		const profile = await profileByNumber(klaviyo, number);
		if (profile) return customerOf(profile);
		const [once] = profileId === null ? [] : await profilesBy(klaviyo, 'id', [profileId]);
		return once && customerOf({ ...once, conversationId: null });
	},

	look: async (_reply, profileId, body, since) =>
		await orUnreadable(look(klaviyo, profileId, body, since)),

	recentTexts: async () => await recentTextsOf(klaviyo),

	async send(_reply, { conversationId }, body, by) {
		// The rules refuse a reply to who has none.
		if (conversationId === null) return { rejected: 'There is no conversation.' };
		return await sendMessage(klaviyo, conversationId, body, by);
	},
});

async function look(
	klaviyo: Klaviyo,
	profileId: string,
	body: string,
	since: number,
): Promise<Logged | 'unreadable'> {
	const texts = await textsSince(klaviyo, profileId, since);
	// A text whose words are not in the log could be this one.
	if (texts === 'unreadable' || texts.some(isWordless)) return 'unreadable';
	return { texts: texts.filter((text) => isLoggedAs(text.body, body)).length };
}

/** Whether it could be any reply: what names its campaign or flow could not. */
export const isWordless = ({ kind, body, campaign }: TextEvent): boolean =>
	body === '' && (kind === 'conversation' || (kind === 'campaign' && !campaign?.name));

/** Milliseconds since Klaviyo was asked for its metrics, for a look that decides whether to send. */
const FRESH = 60_000;

/**
 * Ids of the metrics that show what was sent. Without the one of delivered texts nothing of the kind can be told: that
 * it was not found is not to say that nothing was sent.
 */
async function outboundIds(klaviyo: Klaviyo): Promise<string[] | undefined> {
	const { delivered, failed } = textMetrics;
	const ids = await textMetricIds(klaviyo, [delivered, failed], FRESH);
	return ids.has(delivered) ? [...ids.values()].flat() : undefined;
}

/** What a profile has been sent since then, delivered or failed. */
export async function textsSince(
	klaviyo: Klaviyo,
	profileId: string,
	since: number,
): Promise<TextEvent[] | 'unreadable'> {
	const ids = await outboundIds(klaviyo);
	if (!ids) return 'unreadable';
	const raw = await readTogether(
		klaviyo,
		ids,
		async (id) => await eventsSince(klaviyo, id, profileId, since),
	);
	// What counts, words and kind, is told in the same way by both metrics.
	const texts = raw.map((one) => textEventOf(one, textMetrics.delivered, true));
	const readable = texts.flatMap((text) => text ?? []);
	return readable.length === texts.length ? readable : 'unreadable';
}

/** Texts that say how often the account sends any: a page of the log. */
const RECENT = 100;

/** When the newest texts of the account were sent, whoever they went to; milliseconds since 1970. */
async function recentTimes(klaviyo: Klaviyo): Promise<number[] | 'unreadable'> {
	const ids = await outboundIds(klaviyo);
	if (!ids) return 'unreadable';
	const newest = await readTogether(
		klaviyo,
		ids,
		async (id) => await newestEvents(klaviyo, id, RECENT),
	);
	return newest.flatMap((raw) => {
		const text = textEventOf(raw, textMetrics.delivered, true);
		return text ? Date.parse(text.sentAt) : [];
	});
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

/** As `Texter` has it: whatever keeps the log from being read, a reply must not be sent on it. */
export async function orUnreadable<T>(read: Promise<T>): Promise<T | 'unreadable'> {
	try {
		return await read;
	} catch {
		return 'unreadable';
	}
}

export const recentTextsOf = async (klaviyo: Klaviyo): Promise<number[] | 'unreadable'> =>
	await orUnreadable(recentTimes(klaviyo));
