/** What Klaviyo posts, as items. Calls nobody: Klaviyo waits five seconds. */
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { z } from 'zod';
import type { TextEvent } from '../../../domain/items';
import { parseJson, rawBodyOf, refuseSender } from '../../shared/webhook';
import { isSignedBy } from '../api/signature';
import { textEventOf } from '../api/textEvent';
import { isTopicOf } from '../api/textMetrics';
import { chosenMetrics } from './events';
import { takeTogether } from './gather';
import { fitsSecret } from './secret';

export const asItems = (texts: readonly TextEvent[]): INodeExecutionData[] =>
	texts.map((text) => ({ json: text as unknown as IDataObject }));

/**
 * Up to 1,000 events. Each is read by itself, so that one that is broken takes no other with it.
 * https://developers.klaviyo.com/en/docs/working_with_system_webhooks
 */
const delivery = z.object({
	meta: z.object({ klaviyo_webhook_id: z.string().nullish() }).nullish().catch(undefined),
	data: z.array(z.unknown()),
});
const entry = z.object({ topic: z.string(), payload: z.object({ data: z.unknown() }) });

/** Status 401 and no execution when the signature is missing or wrong; 200 and none when nothing in it is wanted. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const rawBody = await rawBodyOf(context);
	const { headers } = context.getRequestObject();
	const isSigned = await fitsSecret(context, (secret) =>
		isSignedBy(secret, rawBody, headers['klaviyo-timestamp'], headers['klaviyo-signature']),
	);
	if (!isSigned) return refuseSender(context);
	const parsed = delivery.safeParse(parseJson(rawBody));
	if (!parsed.success) return {};
	const { data, meta } = parsed.data;
	const sender = headers['klaviyo-webhook-id'];
	if (sender && meta?.klaviyo_webhook_id && sender !== meta.klaviyo_webhook_id)
		return refuseSender(context);
	const metrics = chosenMetrics(context);
	const wanted = data.flatMap((sent) => {
		const { success, data: event } = entry.safeParse(sent);
		const metric = success && metrics.find((chosen) => isTopicOf(chosen, event.topic));
		return metric ? [{ raw: event.payload.data, metric }] : [];
	});
	const texts = wanted.flatMap(({ raw, metric }) => textEventOf(raw, metric, false) ?? []);
	const unreadable = wanted.length - texts.length;
	if (unreadable > 0)
		context.logger.warn(
			`${context.getNode().name}: ${unreadable} of ${wanted.length} events of a webhook could not be read`,
		);
	return texts.length > 0 ? await takeTogether(context, asItems(texts)) : {};
}
