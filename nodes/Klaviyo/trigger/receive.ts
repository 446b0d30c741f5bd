/** What Klaviyo posts, as items. Calls nobody: Klaviyo waits five seconds. */
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import type { TextEvent } from '../../../domain/items';
import { klaviyoOf } from '../api/client';
import { isSignedBy } from '../api/signature';
import { textEventOf } from '../api/textEvent';
import { type TextMetric, textMetrics, type TextMetricName } from '../api/textMetrics';
import { delivery } from '../api/wire';

export const asItems = (texts: readonly TextEvent[]): INodeExecutionData[] =>
	texts.map((text) => ({ json: text as unknown as IDataObject }));

/** Status 401 and no execution when the signature is missing or wrong; 200 and none when nothing in it is wanted. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const request = context.getRequestObject();
	const rawBody = await rawBodyOf(request);
	const { webhookSecret } = await klaviyoOf(context);
	const { headers } = request;
	if (
		!isSignedBy(webhookSecret, rawBody, headers['klaviyo-timestamp'], headers['klaviyo-signature'])
	)
		return refuse(context);
	const parsed = delivery.safeParse(parse(rawBody));
	if (!parsed.success) return {};
	const { data, meta } = parsed.data;
	const sender = headers['klaviyo-webhook-id'];
	if (sender && meta?.klaviyo_webhook_id && sender !== meta.klaviyo_webhook_id)
		return refuse(context);
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

type RawRequest = ReturnType<IWebhookFunctions['getRequestObject']> & {
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
};

/** n8n has read the body already for the content types that it parses, and leaves the rest to the node. */
async function rawBodyOf(request: RawRequest): Promise<Buffer> {
	if (!request.rawBody && request.readRawBody) await request.readRawBody();
	return request.rawBody ?? Buffer.alloc(0);
}

function parse(rawBody: Buffer): unknown {
	try {
		return JSON.parse(rawBody.toString('utf8'));
	} catch {
		return undefined;
	}
}

function refuse(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(401).send('The signature does not match').end();
	return { noWebhookResponse: true };
}
