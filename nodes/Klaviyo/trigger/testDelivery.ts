/** The newest real texts as Klaviyo would send them, which may take a quarter of an hour until a new webhook's first request. */
import type { IHookFunctions } from 'n8n-workflow';
import type { SignedRequest } from '../../shared/testDelivery';
import type { Klaviyo } from '../api/client';
import { newestEvent } from '../api/events';
import { klaviyoMetricId } from '../api/metrics';
import { sign } from '../api/signature';
import { textMetrics, type TextMetricName } from '../api/textMetrics';

export async function newestDelivery(
	context: IHookFunctions,
	klaviyo: Klaviyo,
): Promise<SignedRequest> {
	const events = context.getNodeParameter('events', []) as TextMetricName[];
	const found = events.map(async (event) => {
		const { name, topic } = textMetrics[event];
		const metricId = await klaviyoMetricId(klaviyo, name);
		const newest = metricId === undefined ? undefined : await newestEvent(klaviyo, metricId);
		return newest === undefined ? [] : [{ topic, payload: { data: newest } }];
	});
	const body = Buffer.from(JSON.stringify({ data: (await Promise.all(found)).flat() }));
	const timestamp = new Date().toUTCString();
	const signature = sign(klaviyo.webhookSecret, body, timestamp);
	return { body, headers: { 'klaviyo-timestamp': timestamp, 'klaviyo-signature': signature } };
}
