/**
 * Trying the trigger out. For a node with a webhook n8n waits two minutes for a request, whatever its button says,
 * and Klaviyo may take a quarter of an hour until a new webhook's first one. So the node sends one to itself: the
 * newest real text, as Klaviyo would send it. https://help.klaviyo.com/hc/en-us/articles/17760478970907
 */
import type { IHookFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type { Klaviyo } from '../api/client';
import { newestEvent } from '../api/events';
import { klaviyoMetricId } from '../api/metrics';
import { sign } from '../api/signature';
import { textMetrics, type TextMetricName } from '../api/textMetrics';

/** Milliseconds until n8n, which waits for the registration to end, listens for the request. */
const UNTIL_LISTENING = 1500;

/** Never throws: without it, a real text still ends the test. */
export async function deliverSample(
	context: IHookFunctions,
	klaviyo: Klaviyo,
	url: string,
): Promise<void> {
	try {
		const body = JSON.stringify({ data: await newestDeliveries(context, klaviyo) });
		const timestamp = new Date().toUTCString();
		await sleep(UNTIL_LISTENING);
		await context.helpers.httpRequest({
			method: 'POST',
			url,
			body: Buffer.from(body),
			headers: {
				'content-type': 'application/json',
				'klaviyo-timestamp': timestamp,
				'klaviyo-signature': sign(klaviyo.webhookSecret, Buffer.from(body), timestamp),
			},
			timeout: 10_000,
		});
	} catch (error) {
		context.logger.warn(`No text could be shown in Klaviyo Trigger: ${String(error)}`);
	}
}

async function newestDeliveries(context: IHookFunctions, klaviyo: Klaviyo): Promise<object[]> {
	const events = context.getNodeParameter('events', []) as TextMetricName[];
	const found = events.map(async (event) => {
		const { name, topic } = textMetrics[event];
		const metricId = await klaviyoMetricId(klaviyo, name);
		const newest = metricId === undefined ? undefined : await newestEvent(klaviyo, metricId);
		return newest === undefined ? [] : [{ topic, payload: { data: newest } }];
	});
	return (await Promise.all(found)).flat();
}
