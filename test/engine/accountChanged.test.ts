/** A person puts the key of another account into a trigger's credential while n8n runs. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { CUSTOMER } from './support/desk';
import { type ActiveTrigger, listen } from './support/trigger';
import { eventsOf, TriggerStage } from './support/zendeskTrigger';

const HOUR = 3600;

describe('When a trigger gets the key of another account', () => {
	describe('of Klaviyo', () => {
		let klaviyo: Server;
		let trigger: ActiveTrigger;
		let credential: { apiKey: string; webhookSecret: string; baseUrl: string };
		const messagesOf = (account: string, count: number) => {
			const now = Math.floor(Date.now() / 1000);
			return Array.from({ length: count }, (_, at) => ({
				type: 'event',
				id: `${account}${at}`,
				attributes: {
					timestamp: now - 1.5 * HOUR + Math.floor(at / 10),
					event_properties: {
						'Message Body': `Hello, ${account}`,
						'From Number': `+1212555${1000 + at}`,
					},
				},
				relationships: { metric: { data: { type: 'metric', id: `in${account}` } } },
			}));
		};

		beforeEach(async () => {
			forgetProcess();
			klaviyo = createServer((request, response) => {
				const account = request.headers.authorization?.at(-1) ?? '';
				const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
				const [, after = ''] =
					/greater-than\(datetime,([^)]*)\)/.exec(searchParams.get('filter') ?? '') ?? [];
				const name = 'Sent Text Message';
				const integration = { name: 'Klaviyo', key: 'klaviyo' };
				const messages = messagesOf(account, account === 'A' ? 3000 : 2);
				const data =
					pathname === '/api/metrics'
						? [{ type: 'metric', id: `in${account}`, attributes: { name, integration } }]
						: messages.filter(({ attributes }) => attributes.timestamp * 1000 > Date.parse(after));
				response.writeHead(200, { 'content-type': 'application/vnd.api+json' });
				response.end(JSON.stringify({ data }));
			});
			await new Promise<void>((done) => klaviyo.listen(0, '127.0.0.1', done));
			const baseUrl = `http://127.0.0.1:${(klaviyo.address() as AddressInfo).port}`;
			credential = { apiKey: 'key A', webhookSecret: '', baseUrl };
			trigger = await listen(KlaviyoTrigger, {
				credentials: { klaviyoSyncApi: credential },
				parameters: { source: 'polling', events: ['customerMessaged'] },
			});
		});
		afterEach(async () => {
			await trigger.close();
			klaviyo.closeAllConnections();
			await new Promise((done) => klaviyo.close(done));
		});

		const bodies = async (): Promise<unknown[]> => [
			...new Set((await trigger.poll()).map(({ json }) => json.body)),
		];

		it('its last day is read, and nothing of the other account is left waiting', async () => {
			expect(await bodies()).toEqual(['Hello, A']);
			credential.apiKey = 'key B';
			expect(await bodies()).toEqual(['Hello, B']);
			expect(await bodies()).toEqual([]);
		});

		it('the rest of a long look-back comes as before while the account stays the same', async () => {
			expect(await trigger.poll()).toHaveLength(2500);
			expect(await trigger.poll()).toHaveLength(500);
		});
	});

	describe('of Zendesk', () => {
		let stage: TriggerStage;
		beforeEach(async () => {
			stage = await TriggerStage.start();
		});
		afterEach(async () => await stage.close());

		it('its last day is read', async () => {
			const { credentials, ...setup } = stage.setupOf({ parameters: { events: ['opened'] } });
			const trigger = await stage.prepare({ ...setup, credentials: credentials ?? {} });
			stage.sandbox.zendesk.agentCreates({
				subject: 'Hi',
				body: 'Hi',
				requesterId: stage.sandbox.zendesk.addUser({ name: 'Ana', phone: CUSTOMER }).id,
			});
			stage.sandbox.clock.jump(90 * 60_000);
			const brought = async () => {
				await trigger.poll();
				return eventsOf(trigger).length;
			};
			expect([await brought(), await brought()]).toEqual([1, 1]);
			const credential = credentials?.zendeskSyncApi ?? {};
			credential.zendeskUrl = String(credential.zendeskUrl).replace('127.0.0.1', 'localhost');
			expect([await brought(), await brought()]).toEqual([2, 2]);
		});
	});
});
