/** Topics of system webhooks: each account has its own list. https://developers.klaviyo.com/en/docs/working_with_system_webhooks */
import { z } from 'zod';
import { isOk } from '../../shared/answer';
import type { Klaviyo } from './client';
import { isTopicOf, type TextMetric } from './textMetrics';
import { page } from './wire';

const topicList = page(z.object({ id: z.string() }));

/** Milliseconds: n8n waits for the registration. */
const PATIENCE = 10_000;

/**
 * All of the account's topics for these metrics. An account may list one event under two spellings, and which of them
 * Klaviyo uses is not known: an event that comes under both is known by its id.
 *
 * @returns undefined when Klaviyo does not give the list now; an empty list when it has none for them
 */
export async function topicsOf(
	klaviyo: Klaviyo,
	metrics: readonly TextMetric[],
): Promise<string[] | undefined> {
	const answer = await klaviyo.attempt({
		method: 'GET',
		path: '/api/webhook-topics',
		repeatable: true,
		patience: PATIENCE,
	});
	const parsed = topicList.safeParse(answer.body);
	if (!isOk(answer) || !parsed.success) return undefined;
	return parsed.data.data
		.map(({ id }) => id)
		.filter((topic) => metrics.some((metric) => isTopicOf(metric, topic)));
}

/** Those of the metrics that none of the topics brings. */
export const withoutTopic = (
	metrics: readonly TextMetric[],
	topics: readonly string[],
): TextMetric[] => metrics.filter((metric) => !topics.some((topic) => isTopicOf(metric, topic)));
