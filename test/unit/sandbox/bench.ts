/** What the sandbox's own tests need: clients with good credentials and an endpoint that keeps what it got. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios, { type AxiosInstance } from 'axios';
import type { Sandbox } from '../../../sandbox';

export function zendeskClient(sandbox: Sandbox): AxiosInstance {
	const { email, apiToken } = sandbox.zendesk.account;
	return axios.create({
		baseURL: sandbox.zendesk.url,
		auth: { username: `${email}/token`, password: apiToken },
		validateStatus: () => true,
		maxRedirects: 0,
	});
}

export function klaviyoClient(sandbox: Sandbox): AxiosInstance {
	return axios.create({
		baseURL: sandbox.klaviyo.url,
		headers: {
			authorization: `Klaviyo-API-Key ${sandbox.klaviyo.account.apiKey}`,
			revision: '2026-07-15',
			accept: 'application/vnd.api+json',
			'content-type': 'application/vnd.api+json',
		},
		validateStatus: () => true,
		maxRedirects: 0,
	});
}

/** Moves to the start of a ten-minute window, so that a test of limits does not straddle two. */
export async function startOfWindow(sandbox: Sandbox): Promise<void> {
	const window = 600_000;
	await sandbox.clock.advance(window - (sandbox.clock.now() % window));
}

export interface Received {
	headers: IncomingHttpHeaders;
	raw: string;
	body: unknown;
}
export interface Endpoint {
	url: string;
	received: Received[];
	/** Answers for the next requests, in turn; after them 200. 'hang' never answers. */
	answers: Array<{ status: number; headers?: Record<string, string> } | 'hang'>;
	/** Bodies of the given event type. */
	ofType(type: string): unknown[];
	close(): Promise<void>;
}

export async function listenForWebhooks(): Promise<Endpoint> {
	const received: Received[] = [];
	const answers: Endpoint['answers'] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const raw = Buffer.concat(chunks).toString('utf8');
			received.push({ headers: request.headers, raw, body: JSON.parse(raw) });
			const answer = answers.shift() ?? { status: 200 };
			if (answer === 'hang') return;
			response.writeHead(answer.status, answer.headers).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/hook`,
		received,
		answers,
		ofType: (type) =>
			received.flatMap(({ body }) =>
				typeof body === 'object' && body !== null && 'type' in body && body.type === type
					? [body]
					: [],
			),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Registers an event webhook at the local Zendesk; answers its id. */
export async function subscribeZendesk(
	client: AxiosInstance,
	endpoint: string,
	events: string[],
): Promise<string> {
	const answer = await client.post('/api/v2/webhooks', {
		webhook: {
			name: 'test',
			status: 'active',
			endpoint,
			http_method: 'POST',
			request_format: 'json',
			subscriptions: events.map((name) => `zen:event-type:ticket.${name}`),
		},
	});
	if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.data)}`);
	return String(answer.data.webhook.id);
}

export const klaviyoSecret = 'a-secret-of-the-tests';

export async function subscribeKlaviyo(
	client: AxiosInstance,
	endpoint: string,
	topics: string[],
): Promise<string> {
	const answer = await client.post('/api/webhooks', {
		data: {
			type: 'webhook',
			attributes: { name: 'test', endpoint_url: endpoint, secret_key: klaviyoSecret },
			relationships: {
				'webhook-topics': { data: topics.map((id) => ({ type: 'webhook-topic', id })) },
			},
		},
	});
	if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.data)}`);
	return String(answer.data.data.id);
}
