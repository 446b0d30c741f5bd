/** Delivers the newest real messages as Klaviyo would: its first request to a new webhook may take a quarter of an hour. */
import type { IHookFunctions } from 'n8n-workflow';
import { isPrivateWay } from '../../shared/origin';
import type { SignedRequest } from '../../shared/testDelivery';
import type { Klaviyo } from '../api/client';
import { FLOW_SECRET_HEADER } from '../api/flowTemplate';
import { flowPostOf } from '../api/flowWebhook';
import { sign } from '../api/signature';
import { topicOf } from '../api/messageMetrics';
import { chosenMetrics } from './events';
import { newestMessages } from './sampleEvents';

/** All of them in one request, like a system webhook. */
export async function newestDelivery(
	context: IHookFunctions,
	klaviyo: Klaviyo,
): Promise<SignedRequest> {
	const newest = await newestMessages(klaviyo, chosenMetrics(context));
	const data = newest.map(({ metric, message }) => ({
		topic: topicOf(metric),
		payload: { data: message.raw },
	}));
	const body = Buffer.from(JSON.stringify({ data }));
	const timestamp = new Date().toUTCString();
	const signature = sign(klaviyo.webhookSecret, body, timestamp);
	return { body, headers: { 'klaviyo-timestamp': timestamp, 'klaviyo-signature': signature } };
}

/** A flow sends one event per request: the newest of all chosen ones. */
export async function newestFlowDelivery(
	context: IHookFunctions,
	klaviyo: Klaviyo,
	url: string,
): Promise<SignedRequest> {
	if (!isPrivateWay(url))
		throw new Error(`The secret would be sent to ${url} unencrypted: use https`);
	const newest = (await newestMessages(klaviyo, chosenMetrics(context))).at(-1);
	if (!newest) throw new Error('Klaviyo has no such event yet');
	return {
		body: Buffer.from(flowPostOf(newest.message)),
		headers: { [FLOW_SECRET_HEADER]: klaviyo.webhookSecret },
	};
}
