/** Zendesk Sync's ticket operations against the sandbox, as the tests of them have it in common. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ZendeskSync } from '../../../nodes/ZendeskSync/ZendeskSync.node';
import type { Sandbox, SandboxTicket } from '../../../sandbox/types';
import { type NodeRun, type NodeSetup, runNode } from './engine';

export const CUSTOMER = '+12125550123';
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const zendeskCredentials = ({ zendesk }: Sandbox) => ({
	zendeskSyncApi: {
		zendeskUrl: zendesk.url,
		email: zendesk.account.email,
		apiToken: zendesk.account.apiToken,
	},
});

export const klaviyoCredentials = ({ klaviyo }: Sandbox) => ({
	klaviyoSyncApi: { apiKey: klaviyo.account.apiKey, webhookSecret: '', baseUrl: klaviyo.url },
});

/** The parameters of a ticket operation, by API token. */
export const ticketOperation = (
	operation: string,
	more: INodeParameters = {},
): INodeParameters => ({
	authentication: 'apiToken',
	resource: 'ticket',
	operation,
	...more,
});

export const runTicket = async (
	sandbox: Sandbox,
	operation: string,
	items: IDataObject[],
	{ parameters = {}, ...setup }: NodeSetup = {},
): Promise<NodeRun> =>
	await runNode(ZendeskSync, {
		credentials: zendeskCredentials(sandbox),
		parameters: ticketOperation(operation, parameters),
		...setup,
		items,
	});

/** Create or Reopen From Message. */
export const file = async (
	sandbox: Sandbox,
	items: IDataObject[],
	setup?: NodeSetup,
): Promise<NodeRun> => await runTicket(sandbox, 'createOrReopen', items, setup);

/** A ticket that a message has opened, so long ago that its stamp is a lock and no claim has to wait. */
export async function settledTicket(sandbox: Sandbox): Promise<SandboxTicket> {
	await file(sandbox, [textOf(sandbox)]);
	const [ticket] = sandbox.zendesk.tickets();
	if (!ticket) throw new Error('The message has opened no ticket');
	await sandbox.clock.advance(5 * SECOND);
	return ticket;
}

let messages = 0;

/** A message as Klaviyo: Message: Screen gives it on, sent now. */
export const textOf = (sandbox: Sandbox, more: IDataObject = {}): IDataObject => {
	const eventId = `E${++messages}`;
	return {
		key: `message:${eventId}`,
		eventId,
		from: CUSTOMER,
		to: sandbox.klaviyo.brandPhone,
		body: 'Where is my order?',
		profileId: 'P1',
		sentAt: new Date(sandbox.clock.now()).toISOString(),
		opensTicket: true,
		...more,
	};
};

/** Every comment's words, of all tickets, oldest ticket first. */
export const bodiesOf = (sandbox: Sandbox): string[][] =>
	sandbox.zendesk.tickets().map(({ comments }) => comments.map(({ body }) => body));

/** Zendesk's calls so far. */
export const pathsOf = (sandbox: Sandbox): string[] =>
	sandbox
		.calls()
		.filter(({ vendor }) => vendor === 'zendesk')
		.map(({ method, path }) => `${method} ${path}`);

/** A request of the integration's own user that no node makes. */
export async function ask(
	{ zendesk }: Sandbox,
	method: string,
	path: string,
	body?: object,
): Promise<unknown> {
	const { email, apiToken } = zendesk.account;
	const response = await fetch(`${zendesk.url}${path}`, {
		method,
		headers: {
			authorization: `Basic ${Buffer.from(`${email}/token:${apiToken}`).toString('base64')}`,
			'content-type': 'application/json',
		},
		...(body ? { body: JSON.stringify(body) } : {}),
	});
	const text = await response.text();
	return text ? JSON.parse(text) : undefined;
}
