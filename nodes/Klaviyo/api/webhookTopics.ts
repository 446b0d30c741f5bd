/** Topics of system webhooks: each account has its own list. https://developers.klaviyo.com/en/docs/working_with_system_webhooks */
import { NodeOperationError } from 'n8n-workflow';
import { z } from 'zod';
import { isOk } from '../../shared/http';
import type { Klaviyo } from './client';
import { ageOfTopic, type TextMetric, textMetrics } from './textMetrics';
import { page } from './wire';

const topicList = page(z.object({ id: z.string() }));

/** Milliseconds: the known ids do nearly as well, and n8n waits for the registration. */
const PATIENCE = 10_000;

/** @returns undefined when Klaviyo does not give the list now */
async function accountTopics(klaviyo: Klaviyo): Promise<string[] | undefined> {
	const answer = await klaviyo.attempt({
		method: 'GET',
		path: '/api/webhook-topics',
		repeatable: true,
		patience: PATIENCE,
	});
	const parsed = topicList.safeParse(answer.body);
	return isOk(answer) && parsed.success ? parsed.data.data.map(({ id }) => id) : undefined;
}

/**
 * The account's topics for these metrics: the known id, or one of an older name. The known ids when the list cannot be
 * read now, since Klaviyo checks them anyway.
 *
 * @param named what the builder calls an event, for the error
 * @throws NodeOperationError when the account has no topic for one of them
 */
export async function topicsOf(
	klaviyo: Klaviyo,
	metrics: readonly TextMetric[],
	named: (metric: TextMetric) => string,
): Promise<string[]> {
	const listed = await accountTopics(klaviyo);
	if (listed === undefined) return metrics.map(({ topic }) => topic);
	return metrics.flatMap((metric) => {
		const [own] = listed
			.filter((topic) => ageOfTopic(metric, topic) >= 0)
			.sort((one, other) => ageOfTopic(metric, one) - ageOfTopic(metric, other));
		if (own !== undefined) return [own];
		if (metric === textMetrics.autoResponseFailed) return [];
		throw new NodeOperationError(
			klaviyo.context.getNode(),
			`Klaviyo has no webhook topic for '${named(metric)}' in this account`,
			{
				description: `The topic '${metric.topic}' is not in the account's list. Untick '${named(metric)}' in 'Events', or set 'Source' to 'Polling Only', which does without topics.`,
			},
		);
	});
}
