import { createHmac } from 'node:crypto';
import { hour, second } from '../clock';
import type { Core } from '../core';
import type { Outcome } from '../webhookSender';
import { runFlows } from './flowWebhooks';
import { eventResource } from './jsonApi';
import type { Event, Webhook } from './model';
import { accountId, type Store } from './store';

const mostEvents = 1000;
const longestInError = 48 * hour;

/** Hex HMAC-SHA256 of the body followed by the timestamp header as sent. */
export function signature(secret: string, body: string, timestamp: string): string {
	return createHmac('sha256', secret).update(body, 'utf8').update(timestamp, 'utf8').digest('hex');
}

/** An event under one of the topics it is sent under. */
interface Entry {
	topic: string;
	event: Event;
}

/** Sends events to every webhook that asked for their topics, up to 1,000 in a request. */
export function publish(core: Core, store: Store, baseUrl: string, events: readonly Event[]): void {
	runFlows(core, store, events);
	for (const webhook of store.webhooks.values()) {
		if (!webhook.enabled) continue;
		const wanted = events.flatMap((event) =>
			store
				.topicsOf(event.metric)
				.filter((topic) => webhook.topics.includes(topic))
				.map((topic): Entry => ({ topic, event })),
		);
		for (let start = 0; start < wanted.length; start += mostEvents)
			sendBatch(core, store, baseUrl, webhook.id, wanted.slice(start, start + mostEvents));
	}
}

function sendBatch(
	core: Core,
	store: Store,
	baseUrl: string,
	webhookId: string,
	entries: readonly Entry[],
): void {
	const webhook = store.webhooks.get(webhookId);
	if (webhook === undefined) return;
	const body = JSON.stringify({
		meta: {
			klaviyo_account_id: accountId,
			klaviyo_webhook_id: webhook.id,
			timestamp: new Date(core.clock.now()).toISOString().replace('Z', '000+00:00'),
			version: '2023-06-03',
		},
		data: entries.map(({ topic, event }) => ({
			topic,
			external_id: event.id,
			payload: { data: eventResource(baseUrl, event, ' ') },
		})),
	});
	const firstTimestamp = new Date(core.clock.now()).toUTCString();
	core.sender.send({
		vendor: 'klaviyo',
		webhookId: webhook.id,
		url: webhook.endpoint,
		eventIds: [...new Set(entries.map(({ event }) => event.id))],
		timeout: 5 * second,
		request: () => {
			const kept = core.switches.retryTimestamp === 'kept';
			const timestamp = kept ? firstTimestamp : new Date(core.clock.now()).toUTCString();
			return {
				body,
				headers: {
					'klaviyo-signature': signature(webhook.secret, body, timestamp),
					'klaviyo-timestamp': timestamp,
					'klaviyo-webhook-id': webhook.id,
				},
			};
		},
		retryIn: (outcome, attempt) => retry(core, store.webhooks.get(webhook.id), outcome, attempt),
	});
}

/** Retries with doubling delays up to an hour; a webhook that has failed for more than 48 hours is disabled. */
function retry(
	core: Core,
	webhook: Webhook | undefined,
	outcome: Outcome,
	attempt: number,
): number | undefined {
	if (webhook === undefined || !webhook.enabled) return undefined;
	if (outcome.status !== null && [200, 201, 202].includes(outcome.status)) {
		webhook.errorSince = undefined;
		return undefined;
	}
	const now = core.clock.now();
	webhook.errorSince ??= now;
	if (now - webhook.errorSince > longestInError) {
		webhook.enabled = false;
		return undefined;
	}
	return Math.min(hour, second * 2 ** Math.min(attempt - 1, 20));
}
