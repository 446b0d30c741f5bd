/** A sandbox in which everything has happened that a vendor could be asked about, and requests to it. */
import type { AxiosInstance, AxiosResponse } from 'axios';
import { type Sandbox, startSandbox } from '../../sandbox';
import {
	type Endpoint,
	klaviyoClient,
	listenForWebhooks,
	subscribeKlaviyo,
	subscribeZendesk,
	zendeskClient,
} from '../unit/sandbox/bench';
import type { Given } from './fixtures';

export const CUSTOMER = '+12025550143';
const UNREACHABLE = '+12025550144';
const HOUR = 3_600_000;

const asGiven = ({ status, headers, data }: AxiosResponse<unknown>): Given => ({
	status,
	headers: Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
	),
	body: data,
});

export class Scene {
	/** Ids of what there is. */
	readonly ids = { profile: '', klaviyoWebhook: '', zendeskWebhook: '', ticket: '', requester: '' };

	private constructor(
		readonly sandbox: Sandbox,
		private readonly zendeskApi: AxiosInstance,
		private readonly klaviyoApi: AxiosInstance,
		private readonly endpoint: Endpoint,
	) {}

	static async start(): Promise<Scene> {
		const sandbox = await startSandbox({ hurry: 100, limits: 10, seed: 1 });
		const endpoint = await listenForWebhooks();
		const scene = new Scene(sandbox, zendeskClient(sandbox), klaviyoClient(sandbox), endpoint);
		try {
			await scene.messagesAtKlaviyo();
			await scene.ticketsAtZendesk();
			await sandbox.deliveriesSettled();
		} catch (error) {
			await scene.close();
			throw error;
		}
		return scene;
	}

	async zendesk(method: string, url: string, data?: object): Promise<Given> {
		return asGiven(await this.zendeskApi.request({ method, url, data }));
	}

	/** With bytes for a body. */
	async upload(url: string, data: Buffer, type: string): Promise<Given> {
		const headers = { 'content-type': type };
		return asGiven(await this.zendeskApi.request({ method: 'POST', url, data, headers }));
	}

	async klaviyo(method: string, url: string, data?: object): Promise<Given> {
		return asGiven(await this.klaviyoApi.request({ method, url, data }));
	}

	/** What a vendor has posted so far. */
	deliveries(vendor: 'zendesk' | 'klaviyo'): Given[] {
		return this.sandbox
			.deliveries()
			.filter((delivery) => delivery.vendor === vendor)
			.map(({ body }) => ({ status: 200, headers: {}, body: JSON.parse(body) as unknown }));
	}

	/** The events of all metrics whose name fits, each answer as `GET /api/events` gives it. */
	async eventsOf(name: RegExp, query = ''): Promise<Given[]> {
		const { body } = await this.klaviyo('GET', '/api/metrics');
		const { data } = body as { data: Array<{ id: string; attributes: { name: string } }> };
		const ids = data.filter(({ attributes }) => name.test(attributes.name)).map(({ id }) => id);
		return await Promise.all(
			ids.map(async (id) => {
				const filter = encodeURIComponent(`equals(metric_id,"${id}")`);
				return await this.klaviyo('GET', `/api/events?filter=${filter}&sort=datetime${query}`);
			}),
		);
	}

	async close(): Promise<void> {
		await this.sandbox.close();
		await this.endpoint.close();
	}

	private async messagesAtKlaviyo(): Promise<void> {
		const { klaviyo, switches } = this.sandbox;
		const { body } = await this.klaviyo('GET', '/api/webhook-topics');
		const topics = (body as { data: Array<{ id: string }> }).data.map(({ id }) => id);
		this.ids.klaviyoWebhook = await subscribeKlaviyo(this.klaviyoApi, this.endpoint.url, topics);
		const { id } = klaviyo.addProfile({
			phone: CUSTOMER,
			email: 'ana.petrov@larchloom.shop',
			firstName: 'Ana',
			smsMarketing: true,
			smsTransactional: true,
		});
		this.ids.profile = id;
		klaviyo.addProfile({ email: 'bo@larchloom.shop' });
		switches.undeliverablePhones = [UNREACHABLE];
		klaviyo.addProfile({ phone: UNREACHABLE, smsMarketing: true });
		klaviyo.customerWrites({ from: CUSTOMER, body: 'Does it come with a lid?' });
		const mediaUrl = `${this.endpoint.url}/lid.jpg`;
		klaviyo.customerWrites({ from: CUSTOMER, body: '', mediaUrl });
		for (const to of [CUSTOMER, UNREACHABLE])
			for (const kind of ['campaign', 'flow', 'inbox'] as const)
				klaviyo.brandWrites({ to, body: 'It does', kind });
		const event = {
			type: 'event',
			attributes: {
				properties: { ticket_id: '512' },
				metric: { data: { type: 'metric', attributes: { name: 'Closed Ticket' } } },
				profile: { data: { type: 'profile', attributes: { email: 'ana.petrov@larchloom.shop' } } },
				unique_id: 'closed:512',
			},
		};
		const taken = await this.klaviyo('POST', '/api/events', { data: event });
		if (taken.status !== 202) throw new Error(`The event was not taken: ${taken.status}`);
		klaviyo.customerWrites({ from: CUSTOMER, body: 'STOP' });
		klaviyo.customerWrites({ from: CUSTOMER, body: 'JOIN' });
	}

	private async ticketsAtZendesk(): Promise<void> {
		const { zendesk, clock } = this.sandbox;
		const events = ['created', 'comment_added', 'status_changed', 'custom_status_changed'];
		this.ids.zendeskWebhook = await subscribeZendesk(this.zendeskApi, this.endpoint.url, events);
		const requester = zendesk.addUser({
			name: 'Ana Petrov',
			phone: CUSTOMER,
			externalId: `klaviyo:sms:${CUSTOMER}`,
		});
		zendesk.addUser({ name: 'Bo', suspended: true });
		this.ids.requester = requester.id;
		const { body } = await this.makeTicket('first');
		const ticket = String((body as { ticket: { id: number } }).ticket.id);
		this.ids.ticket = ticket;
		zendesk.addTrigger({
			title: 'Open on reply',
			when: { update: 'change', comment: 'public', by: 'staff', status: 'pending' },
			then: { status: 'open', addTag: 'answered', comment: { body: 'Opened', public: false } },
		});
		zendesk.agentComments(ticket, 'Yes, a steel one.', { status: 'pending' });
		zendesk.agentCalls(ticket);
		zendesk.agentComments(ticket, 'Please call her.', { public: false });
		zendesk.agentUpdates(ticket, { status: 'solved' });
		zendesk.agentUpdates(ticket, { status: 'open' });
		zendesk.agentUpdates(ticket, { status: 'closed' }, { via: 'automation' });
		const other = zendesk.agentCreates({
			subject: 'By hand',
			body: 'A lid is missing',
			requesterId: requester.id,
		});
		const doubled = zendesk.agentCreates({
			subject: 'By hand, again',
			body: 'A lid is missing',
			requesterId: requester.id,
		});
		zendesk.merge(doubled.id, other.id);
		// Exports never give the last minutes.
		await clock.advance(HOUR);
	}

	/** As Create or Reopen From Message makes one. */
	async makeTicket(key: string): Promise<Given> {
		const author = Number(this.ids.requester);
		const ticket = {
			subject: 'SMS from Ana Petrov',
			comment: { html_body: 'Does it come with a lid?', public: true, author_id: author },
			requester_id: author,
			external_id: `klaviyo:sms:${CUSTOMER}`,
			tags: ['sms'],
			metadata: {
				key: `message:${key}`,
				sentAt: new Date(this.sandbox.clock.now()).toISOString(),
			},
		};
		const headers = { 'idempotency-key': key };
		const url = '/api/v2/tickets';
		const data = { ticket };
		return asGiven(await this.zendeskApi.request({ method: 'POST', url, data, headers }));
	}
}
