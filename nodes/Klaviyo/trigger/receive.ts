/** What Klaviyo posts, as items. Calls nobody: Klaviyo waits five seconds. */
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import type { TextEvent } from '../../../domain/items';
import { parseJson, rawBodyOf, refuseSender } from '../../shared/webhook';
import { klaviyoOf } from '../api/client';
import { isSignedBy } from '../api/signature';
import { textEventOf } from '../api/textEvent';
import { type TextMetric, textMetrics, type TextMetricName } from '../api/textMetrics';
import { delivery } from '../api/wire';

export const asItems = (texts: readonly TextEvent[]): INodeExecutionData[] =>
	texts.map((text) => ({ json: text as unknown as IDataObject }));

/** Status 401 and no execution when the signature is missing or wrong; 200 and none when nothing in it is wanted. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const rawBody = await rawBodyOf(context);
	const { webhookSecret } = await klaviyoOf(context);
	const { headers } = context.getRequestObject();
	if (
		!isSignedBy(webhookSecret, rawBody, headers['klaviyo-timestamp'], headers['klaviyo-signature'])
	)
		return refuseSender(context);
	const parsed = delivery.safeParse(parseJson(rawBody));
	if (!parsed.success) return {};
	const { data, meta } = parsed.data;
	const sender = headers['klaviyo-webhook-id'];
	if (sender && meta?.klaviyo_webhook_id && sender !== meta.klaviyo_webhook_id)
		return refuseSender(context);
	const events = context.getNodeParameter('events', []) as TextMetricName[];
	const wanted = new Map<string, TextMetric>(
		events.map((event) => [textMetrics[event].topic, textMetrics[event]]),
	);
	const texts = data.flatMap(({ topic, payload }) => {
		const metric = wanted.get(topic);
		const text = metric && textEventOf(payload?.data, metric, false);
		return text ? [text] : [];
	});
	return texts.length > 0 ? { workflowData: [asItems(texts)] } : {};
}
