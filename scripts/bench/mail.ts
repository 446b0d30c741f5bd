/** Klaviyo's webhook requests, prepared before the timing starts and sent by hand, so that their answers can be timed. */
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import axios from 'axios';
import { signature } from '../../sandbox/klaviyo/deliveries';
import type { Sandbox, SandboxEvent } from '../../sandbox/types';
import { WEBHOOK_SECRET } from '../demo/stage';
import type { Customer } from './customers';

export interface Letter {
	body: Buffer;
	customers: Customer[];
}

export interface Answer {
	/** Milliseconds since 1970. */
	sentAt: number;
	/** Milliseconds. */
	took: number;
}

/** A new connection for each request: n8n could close a kept one just as it is used again. */
const agent = new Agent();

export class Mail {
	private metricId: string | undefined;
	private written = 0;
	private sent = 0;

	/** @param addresses where n8n takes webhooks: requests go to each in turn, as from a load balancer */
	constructor(
		private readonly sandbox: Sandbox,
		private readonly addresses: readonly string[],
	) {}

	/** Each customer sends one message; a webhook has `perLetter` messages. Klaviyo itself sends none. */
	async write(customers: Customer[], perLetter: number): Promise<Letter[]> {
		const { klaviyo, switches } = this.sandbox;
		switches.webhooks = false;
		const letters: Letter[] = [];
		for (let first = 0; first < customers.length; first += perLetter) {
			const some = customers.slice(first, first + perLetter);
			const events = some.map(({ phone }) =>
				klaviyo.customerWrites({
					from: phone,
					body: `Where is my order number ${(this.written += 1)}?`,
				}),
			);
			letters.push({ customers: some, body: await this.bodyOf(events) });
		}
		return letters;
	}

	/** @throws Error if n8n does not accept it */
	async send({ body }: Letter, url: string): Promise<Answer> {
		const { webhooks } = this.sandbox.klaviyo;
		const webhookId = webhooks().find(({ endpoint }) => endpoint === url)?.id ?? 'none';
		const timestamp = new Date().toUTCString();
		const sentAt = Date.now();
		const began = performance.now();
		const { status } = await axios.post(this.inTurn(url), body, {
			headers: {
				'content-type': 'application/json',
				'klaviyo-signature': signature(WEBHOOK_SECRET, body.toString(), timestamp),
				'klaviyo-timestamp': timestamp,
				'klaviyo-webhook-id': webhookId,
			},
			httpAgent: agent,
			proxy: false,
			maxBodyLength: Infinity,
			validateStatus: () => true,
		});
		if (status !== 200) throw new Error(`n8n answered a webhook with ${status}`);
		return { sentAt, took: performance.now() - began };
	}

	private inTurn(url: string): string {
		const [first = ''] = this.addresses;
		const next = this.addresses[(this.sent += 1) % this.addresses.length] ?? first;
		return url.replace(first, next);
	}

	/** Sends as many at once as a vendor may have under way, until all are answered. */
	async sendAll(letters: Letter[], url: string, atOnce = 10): Promise<Answer[]> {
		const waiting = [...letters];
		const answers: Answer[] = [];
		const worker = async (): Promise<void> => {
			for (let letter = waiting.shift(); letter; letter = waiting.shift())
				answers.push(await this.send(letter, url));
		};
		await Promise.all(Array.from({ length: atOnce }, worker));
		return answers;
	}

	private async bodyOf(events: SandboxEvent[]): Promise<Buffer> {
		this.metricId ??= await this.sentSmsMetric();
		const data = events.map((event) => this.entryOf(event));
		return Buffer.from(JSON.stringify({ meta: { version: '2023-06-03' }, data }));
	}

	private entryOf({ id, at, profileId, properties }: SandboxEvent): object {
		const relationships = {
			profile: { data: { type: 'profile', id: profileId } },
			metric: { data: { type: 'metric', id: this.metricId } },
		};
		const attributes = {
			timestamp: Math.floor(Date.parse(at) / 1000),
			datetime: at.replace('T', ' ').replace(/\.\d+Z$/, '+00:00'),
			uuid: randomUUID(),
			event_properties: properties,
		};
		const event = { type: 'event', id, attributes, relationships };
		return { topic: 'event:klaviyo.sent_sms', external_id: id, payload: { data: event } };
	}

	private async sentSmsMetric(): Promise<string> {
		const { url, account } = this.sandbox.klaviyo;
		const { data } = await axios.get<{
			data: Array<{ id: string; attributes: { name: string; integration: { name: string } } }>;
		}>(`${url}/api/metrics`, {
			headers: { authorization: `Klaviyo-API-Key ${account.apiKey}`, revision: '2026-07-15' },
			proxy: false,
		});
		const metric = data.data.find(({ attributes }) => attributes.name === 'Sent Text Message');
		if (!metric) throw new Error('Klaviyo has no metric of inbound messages');
		return metric.id;
	}
}
