/** Topics of system webhooks: each account has its own list. https://developers.klaviyo.com/en/docs/working_with_system_webhooks */
import { z } from 'zod';
import type { ConversationChannel } from '../../../domain/channel';
import { isOk } from '../../shared/answer';
import type { Klaviyo } from './client';
import { isTopicOf, type MessageMetric } from './messageMetrics';
import { page } from './wire';

const topicList = page(z.object({ id: z.string() }));

/** Milliseconds: n8n waits for the registration. */
const RETRY_FOR_MS = 10_000;

/**
 * All of the account's topics for these metrics. An account may list one event with two spellings, and it is not
 * known which one Klaviyo uses. An event that arrives under both is recognized by its id.
 *
 * @returns undefined if Klaviyo does not return the list now; an empty list if it has no topics for them
 */
export async function topicsOf(
	klaviyo: Klaviyo,
	metrics: readonly MessageMetric[],
): Promise<string[] | undefined> {
	const answer = await klaviyo.tryRequest({
		method: 'GET',
		path: '/api/webhook-topics',
		repeatable: true,
		retryForMs: RETRY_FOR_MS,
	});
	const parsed = topicList.safeParse(answer.body);
	if (!isOk(answer) || !parsed.success) return undefined;
	return parsed.data.data
		.map(({ id }) => id)
		.filter((topic) => metrics.some((metric) => isTopicOf(metric, topic)));
}

/** The metrics for which there is no topic. */
export const withoutTopic = (
	metrics: readonly MessageMetric[],
	topics: readonly string[],
): MessageMetric[] => metrics.filter((metric) => !topics.some((topic) => isTopicOf(metric, topic)));

/** Those of channels that the topics show to be in use: most accounts have no WhatsApp, and lack nothing. */
export function missingTopics(
	metrics: readonly MessageMetric[],
	topics: readonly string[],
): MessageMetric[] {
	const isUsed = (channel: ConversationChannel): boolean =>
		channel === 'sms' ||
		metrics.some((metric) => metric.channel === channel && !withoutTopic([metric], topics).length);
	return withoutTopic(metrics, topics).filter(({ channel }) => isUsed(channel));
}
