/** Secrets stay where docs/security.md says: in no item, no error, no log and no static data, whatever the vendors do. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { inspect } from 'node:util';
import { PollContext } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import { CUSTOMER, file, MINUTE, settledTicket, textOf } from './support/desk';
import { type Credentials, type NodeClass, runNode } from './support/engine';
import { type ActiveTrigger, activate, deliver } from './support/trigger';

const WEBHOOK_SECRET = 'webhook-secret-of-many-letters';

describe('Secrets are in no item, error, log or static data', () => {
	let sandbox: QuickSandbox;
	let logged: unknown[];
	let triggers: ActiveTrigger[];

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		[logged, triggers] = [[], []];
		const base = Object.getPrototypeOf(PollContext.prototype) as PollContext;
		const log = (...words: unknown[]): void => void logged.push(words);
		const logger = { debug: log, info: log, warn: log, error: log } as never;
		jest.spyOn(base, 'logger', 'get').mockReturnValue(logger);
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'ana@home.co', smsMarketing: true });
	});
	afterEach(async () => {
		for (const trigger of triggers) await trigger.close();
		jest.restoreAllMocks();
		await sandbox.close();
	});

	const credentials = (): Credentials => ({
		klaviyoSyncApi: {
			apiKey: sandbox.klaviyo.account.apiKey,
			webhookSecret: WEBHOOK_SECRET,
			baseUrl: sandbox.klaviyo.url,
		},
		zendeskSyncApi: {
			zendeskUrl: sandbox.zendesk.url,
			email: sandbox.zendesk.account.email,
			apiToken: sandbox.zendesk.account.apiToken,
		},
	});
	const secretsOf = ({ klaviyoSyncApi, zendeskSyncApi }: Credentials): string[] => {
		const { email, apiToken } = zendeskSyncApi ?? {};
		const basic = Buffer.from(`${String(email)}/token:${String(apiToken)}`).toString('base64');
		return [String(klaviyoSyncApi?.apiKey), WEBHOOK_SECRET, String(apiToken), basic];
	};

	/** All that n8n would keep or show of both nodes' operations. */
	async function runsOf(own: Credentials, ticketId: string): Promise<unknown[]> {
		const { zendeskSyncApi, klaviyoSyncApi } = own;
		const message = textOf(sandbox);
		const note = sandbox.zendesk.agentComments(ticketId, 'It ships today.');
		await sandbox.clock.advance(5000);
		const runs: unknown[] = [];
		const zendesk = async (resource: string, operation: string, item = {}, parameters = {}) =>
			runs.push(
				await runNode(ZendeskSync, {
					credentials: { zendeskSyncApi: { ...zendeskSyncApi } },
					parameters: { authentication: 'apiToken', resource, operation, ...parameters },
					items: [item],
				}),
			);
		const klaviyo = async (resource: string, operation: string, item = {}, parameters = {}) =>
			runs.push(
				await runNode(Klaviyo, {
					credentials: { klaviyoSyncApi: { ...klaviyoSyncApi } },
					parameters: { authentication: 'apiKey', resource, operation, ...parameters },
					items: [item],
				}),
			);
		await zendesk('ticket', 'createOrReopen', message);
		await zendesk('ticket', 'get', { ticketId });
		await zendesk('ticket', 'claimReply', { ticketId, comment: { id: note.id } });
		await zendesk('ticket', 'countOpen', { ticketId });
		await zendesk('ticket', 'addInternalNote', { ticketId }, { note: 'A note' });
		await zendesk('setup', 'createConversationView');
		await zendesk('account', 'checkSetup');
		await klaviyo('message', 'screen', message);
		await klaviyo('profile', 'get', {}, { findBy: 'email', email: 'ana@home.co' });
		await klaviyo('event', 'trackTicket', {}, {});
		await klaviyo('account', 'checkSetup');
		return runs;
	}

	/** What the triggers put out and keep: published, polled, called by strangers. */
	async function triggersOf(own: Credentials): Promise<unknown[]> {
		const all: Array<[NodeClass, INodeParameters]> = [
			[KlaviyoTrigger, { authentication: 'apiKey', source: 'systemWebhook' }],
			[ZendeskSyncTrigger, { authentication: 'apiToken', events: ['opened', 'agentReplied'] }],
		];
		const kept: unknown[] = [];
		for (const [type, parameters] of all) {
			const trigger = await activate(type, {
				credentials: structuredClone(own),
				parameters,
			}).catch((error: unknown) => void kept.push(error));
			if (!trigger) continue;
			triggers.push(trigger);
			await trigger.poll().catch((error: unknown) => kept.push(error));
			const { status } = await deliver(trigger, '{}', {
				'klaviyo-timestamp': 'Thu, 04 Jan 2024 18:05:25 GMT',
				'klaviyo-signature': 'a'.repeat(64),
				'x-zendesk-webhook-signature': `${'A'.repeat(43)}=`,
				'x-zendesk-webhook-signature-timestamp': '2026-11-22T10:00:01Z',
			});
			kept.push(status, trigger.executions);
		}
		return kept;
	}

	const faults = (name: keyof QuickSandbox['switches']['faults']): undefined => {
		sandbox.switches.faults[name] = 1;
	};
	const staticData = (): unknown => triggers.map((trigger) => trigger.staticData);
	const shown = (what: unknown): string =>
		inspect(what, {
			depth: 12,
			maxArrayLength: null,
			maxStringLength: null,
			showHidden: true,
			breakLength: Infinity,
		});

	it.each<[string, (own: Credentials) => Credentials | undefined]>([
		['when all goes well', () => undefined],
		[
			'when the keys are wrong',
			(own) => ({
				klaviyoSyncApi: { ...own.klaviyoSyncApi, apiKey: 'pk_wrong_key' },
				zendeskSyncApi: { ...own.zendeskSyncApi, apiToken: 'wrong-token' },
			}),
		],
		['when both vendors fail', () => faults('serverError')],
		['when both allow no more', () => faults('tooManyRequests')],
		['when connections are dropped', () => faults('droppedConnection')],
		['when answers are lost', () => faults('lostAnswer')],
		[
			'when nobody is there',
			(own) => ({
				klaviyoSyncApi: { ...own.klaviyoSyncApi, baseUrl: 'http://127.0.0.1:1' },
				zendeskSyncApi: { ...own.zendeskSyncApi, zendeskUrl: 'http://127.0.0.1:1' },
			}),
		],
	])('%s', async (_when, happens) => {
		const { id } = await settledTicket(sandbox);
		await file(sandbox, [textOf(sandbox)]);
		await sandbox.clock.advance(MINUTE);
		const given = credentials();
		const own = happens(given) ?? given;
		const said = shown([await runsOf(own, id), await triggersOf(own), logged]);
		const data = shown(staticData());
		for (const secret of secretsOf(own)) {
			expect(secret.length).toBeGreaterThan(10);
			expect(said.split(secret)).toHaveLength(1);
			expect(data.split(secret)).toHaveLength(1);
		}
		expect(said.length).toBeGreaterThan(1000);
		// Zendesk's own is kept there, for its webhook's signature; nowhere else.
		const [, signingSecret] = /signingSecret: '([^']+)'/.exec(data) ?? [];
		if (signingSecret) expect(said.split(signingSecret)).toHaveLength(1);
	});

	it("would be found: Zendesk's signing secret is in static data", async () => {
		await triggersOf(credentials());
		expect(shown(staticData())).toMatch(/signingSecret: '[^']{10,}'/);
	});
});
