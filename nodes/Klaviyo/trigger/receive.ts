/** Converts Klaviyo's webhooks to items. Makes no request: Klaviyo waits only five seconds. */
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { z } from 'zod';
import type { IdentifyItems } from '../../shared/delivery';
import { parseJson, rawBodyOf, refuseSender } from '../../shared/webhook';
import { isSignedBy, mayBeSigned } from '../api/signature';
import { messageEventOf } from '../api/messageEvent';
import { isTopicOf, type MessageMetric } from '../api/messageMetrics';
import { chosenMetrics, type KlaviyoEvent } from './events';
import { acceptBatched } from './webhookBatch';
import { isOfAnother } from './ownWebhook';
import { fitsSecret } from './secret';
import { type SentMessage, underFirstTopic } from './firstTopics';

export const asItems = (events: readonly KlaviyoEvent[]): INodeExecutionData[] =>
	events.map((event) => ({ json: event as unknown as IDataObject }));

/** By which keys a message is known to have been delivered or done: a flow webhook gives it another one than the log. */
export const identify: IdentifyItems = async (items) =>
	items.map(({ json: { key, flowKey } }) =>
		[key, flowKey].filter((one): one is string => typeof one === 'string'),
	);

/**
 * Up to 1,000 events. Each is read separately, so that a broken one does not affect the others.
 * https://developers.klaviyo.com/en/docs/working_with_system_webhooks
 */
const delivery = z.object({
	meta: z.object({ klaviyo_webhook_id: z.string().nullish() }).nullish().catch(undefined),
	data: z.array(z.unknown()),
});
const entry = z.object({ topic: z.string(), payload: z.object({ data: z.unknown() }) });

export interface DeliveredMessages {
	sent: SentMessage[];
	/** How many events of the chosen metrics there are, readable or not. */
	wanted: number;
	/** The webhook that the request says it belongs to. */
	sender: string | null;
}

/**
 * @param body the parsed body of a request
 * @param metrics the wanted metrics
 * @returns undefined if it is not a webhook of Klaviyo
 */
export function deliveredMessages(
	body: unknown,
	metrics: readonly MessageMetric[],
): DeliveredMessages | undefined {
	const parsed = delivery.safeParse(body);
	if (!parsed.success) return undefined;
	const wanted = parsed.data.data.flatMap((sent) => {
		const { success, data: event } = entry.safeParse(sent);
		const metric = success && metrics.find((chosen) => isTopicOf(chosen, event.topic));
		return metric ? [{ topic: event.topic, raw: event.payload.data, metric }] : [];
	});
	return {
		sent: wanted.flatMap(({ topic, raw, metric }) => {
			const message = messageEventOf(raw, metric, false);
			return message ? [{ topic, message }] : [];
		}),
		wanted: wanted.length,
		sender: parsed.data.meta?.klaviyo_webhook_id ?? null,
	};
}

/** Responds with 401 and starts no execution if the signature is missing or wrong; 200 and none if nothing in it is wanted. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { headers } = context.getRequestObject();
	const [timestamp, signature] = [headers['klaviyo-timestamp'], headers['klaviyo-signature']];
	// Before the body is read: a forged request costs neither memory nor a read of the credential.
	if (!mayBeSigned(timestamp, signature)) return refuseSender(context);
	const rawBody = await rawBodyOf(context);
	const isSigned = await fitsSecret(context, (secret) =>
		isSignedBy(secret, rawBody, timestamp, signature),
	);
	if (!isSigned) return refuseSender(context);
	const delivered = deliveredMessages(parseJson(rawBody), chosenMetrics(context));
	if (!delivered) return {};
	const { sent, wanted, sender } = delivered;
	// Signed for another workflow with the same credential, and sent here by somebody else.
	if (sender !== null && isOfAnother(context, sender)) return refuseSender(context);
	const unreadable = wanted - sent.length;
	if (unreadable > 0)
		context.logger.warn(
			`${context.getNode().name}: ${unreadable} of ${wanted} events of a webhook could not be read`,
		);
	const messages = underFirstTopic(context, sent);
	return messages.length > 0 ? await acceptBatched(context, asItems(messages)) : {};
}
