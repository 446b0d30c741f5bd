/** The Klaviyo node against a sandbox, and what its tests look at. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { Klaviyo } from '../../../nodes/Klaviyo/Klaviyo.node';
import type { RecordedCall, Sandbox, SandboxEvent } from '../../../sandbox/types';
import { type Credentials, type NodeRun, type NodeSetup, runNode } from './engine';

export const CUSTOMER = '+12125550123';

export const klaviyoCredentials = (
	{ klaviyo }: Sandbox,
	webhookSecret = 'a secret of sixteen or more',
): Credentials => ({
	klaviyoSyncApi: { apiKey: klaviyo.account.apiKey, webhookSecret, baseUrl: klaviyo.url },
});

/** Runs an operation of the node on items. */
export const klaviyoRunner =
	(sandbox: () => Sandbox, resource: string, operation: string) =>
	async (
		items: IDataObject[],
		parameters: INodeParameters = {},
		setup: NodeSetup = {},
	): Promise<NodeRun> =>
		await runNode(Klaviyo, {
			credentials: klaviyoCredentials(sandbox()),
			...setup,
			parameters: { resource, operation, ...parameters },
			items,
		});

export const callsTo = (sandbox: Sandbox, method: string, path: string): RecordedCall[] =>
	sandbox.calls().filter((call) => call.method === method && call.path === path);

/** Every event of every profile. */
export const recorded = ({ klaviyo }: Sandbox): SandboxEvent[] =>
	klaviyo.profiles().flatMap(({ id }) => klaviyo.timeline(id));

/** A ticket event as Ticket: Get of Zendesk Sync returns it. */
export const ticketItem = (n: number, more: IDataObject = {}): IDataObject => ({
	key: `opened:${n}`,
	event: 'opened',
	ticketId: String(n),
	brandId: '7',
	status: 'new',
	previousStatus: null,
	tags: ['sms'],
	externalId: `klaviyo:sms:${CUSTOMER}`,
	channel: 'api',
	requesterId: '5',
	occurredAt: '2026-01-10T10:00:00.000Z',
	catchUp: false,
	raw: {},
	subject: 'Order',
	description: null,
	priority: null,
	type: null,
	via: 'api',
	zendeskUrl: `https://acme.zendesk.com/agent/tickets/${n}`,
	assignee: null,
	group: null,
	requester: { id: '5', name: 'Cy', email: 'cy@home.co', phone: null },
	fields: {},
	createdAt: '2026-01-10T10:00:00.000Z',
	updatedAt: '2026-01-10T10:00:00.000Z',
	...more,
});

const EVENTS = ['opened', 'closed', 'solved', 'reopened'] as const;
const keys: Record<string, (n: number) => string> = {
	opened: (n) => `opened:${n}`,
	closed: (n) => `closed:${n}`,
	solved: (n) => `solved:${n}:1`,
	reopened: (n) => `reopened:${n}:2`,
};
const number = (n: number): string => `+1212555${String(n).padStart(4, '0')}`;
const YEAR_AGO = Date.UTC(2025, 10, 1);

/** Ticket events of a year, of two hundred customers. */
export const ticketEvents = (count: number, minutes = 50): IDataObject[] =>
	Array.from({ length: count }, (_, n) => {
		const event = EVENTS[n % 4] ?? 'opened';
		return ticketItem(n, {
			event,
			key: keys[event]?.(n),
			externalId: `klaviyo:sms:${number(n % 200)}`,
			occurredAt: new Date(YEAR_AGO + n * minutes * 60_000).toISOString(),
			subject: `Order ${n}`,
			description: 'Where is it? '.repeat(20),
		});
	});
