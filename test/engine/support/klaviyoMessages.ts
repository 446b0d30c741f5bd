/** Klaviyo's node on items, for tests of messages. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { Klaviyo } from '../../../nodes/Klaviyo/Klaviyo.node';
import type { RecordedCall, Sandbox } from '../../../sandbox/types';
import { type NodeRun, type NodeSetup, runNode } from './engine';

export const CUSTOMER = '+12125550123';
export const OTHER = '+12125550124';

export const credentialsOf = ({ klaviyo }: Sandbox) => ({
	klaviyoSyncApi: { apiKey: klaviyo.account.apiKey, webhookSecret: '', baseUrl: klaviyo.url },
});

export const runMessage = async (
	sandbox: Sandbox,
	operation: string,
	items: IDataObject[],
	parameters: INodeParameters = {},
	setup: NodeSetup = {},
): Promise<NodeRun> =>
	await runNode(Klaviyo, {
		credentials: credentialsOf(sandbox),
		parameters: { resource: 'message', operation, ...parameters },
		...setup,
		items,
	});

/** Items are processed one by one, whatever happens to the others. */
export const goesOn: NodeSetup = { onError: 'continueRegularOutput' };

export const callsTo = (sandbox: Sandbox, path: string, method = 'GET'): RecordedCall[] =>
	sandbox.calls().filter((call) => call.method === method && call.path === path);

/** The messages on the customer's phone. */
export const messagesTo = (sandbox: Sandbox, phone = CUSTOMER): string[] =>
	sandbox.klaviyo
		.phone(phone)
		.filter(({ direction }) => direction === 'out')
		.map(({ body }) => body);

/** What Claim Reply of Zendesk Sync returns. */
export const claimed = (more: IDataObject = {}): IDataObject => ({
	outcome: 'claimed',
	key: 'reply:9',
	ticketId: '42',
	commentId: '9',
	externalId: `klaviyo:sms:${CUSTOMER}`,
	phone: CUSTOMER,
	profileId: null,
	body: 'It ships today.',
	attachments: [],
	agentEmail: 'ada@acme.co',
	agentName: 'Ada',
	attempt: 1,
	claimNumber: more.attempt ?? 1,
	claimedAt: new Date().toISOString(),
	writtenAt: new Date().toISOString(),
	sameWordsBefore: 0,
	sameWordsSince: new Date().toISOString(),
	...more,
});
