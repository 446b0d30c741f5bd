/** What a builder sees who publishes a trigger, and who tries one out. */
import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { packageName } from '../../../scripts/n8n/paths';
import { addCustomer, RETRY_FOR_MS } from '../support/stage';
import { Panel } from './panel';
import type { Scene } from './scene';

const CUSTOMER = '+12125550163';
const TRIGGER = 'KlaviyoTrigger';
/** All that the trigger needs but webhooks. */
const WITHOUT_WEBHOOKS = ['accounts:read', 'events:read', 'metrics:read', 'profiles:read'];

export const describePublication = ({ stage, canvas }: Scene): void =>
	describe('A trigger', () => {
		const made: string[] = [];

		beforeAll(() => addCustomer(stage(), CUSTOMER));
		afterEach(async () => {
			Object.assign(stage().sandbox.switches, { systemWebhooksAllowed: true, keyScopes: 'all' });
			for (const id of made.splice(0)) {
				await stage().n8n.unpublish(id);
				await stage().n8n.rest.request('POST', `/workflows/${id}/archive`);
				await stage().n8n.rest.request('DELETE', `/workflows/${id}`);
			}
		});

		const panel = (): Panel => new Panel(canvas().page, stage().n8n.url);

		/** A workflow of the trigger alone. */
		async function workflow(
			name: string,
			parameters: INodeParameters = {},
			credential = 'Klaviyo account',
		): Promise<string> {
			const id = await stage().n8n.createWorkflow({
				name,
				nodes: [
					{
						id: randomUUID(),
						webhookId: randomUUID(),
						name: TRIGGER,
						type: `${packageName}.klaviyoTrigger`,
						typeVersion: 1,
						position: [0, 0],
						parameters,
						credentials: { klaviyoSyncApi: { id: null, name: credential } },
					},
				],
				connections: {},
			});
			made.push(id);
			return id;
		}

		const writes = (body: string): void =>
			void stage().sandbox.klaviyo.customerWrites({ from: CUSTOMER, body });

		async function expectNotPublished(id: string, name: string): Promise<void> {
			expect(await panel().listedAs(name)).toBe('Failed publish');
			expect(await stage().n8n.executions({ workflowId: id })).toEqual([]);
		}

		it('that cannot be published without Advanced KDP says which source to choose', async () => {
			stage().sandbox.switches.systemWebhooksAllowed = false;
			writes('From before');
			const id = await workflow('Without Advanced KDP');
			await panel().openWorkflow(id);
			expect(await panel().publish()).toMatch(
				/^Workflow could not be published Klaviyo refused the webhook \(status 403\)\. .*set 'Source' to 'Polling Only'/,
			);
			await expectNotPublished(id, 'Without Advanced KDP');
		});

		it('that cannot be published with a short webhook secret says what to enter', async () => {
			const { n8n, sandbox } = stage();
			await n8n.createCredential({
				name: 'With a short secret',
				type: 'klaviyoSyncApi',
				data: {
					apiKey: sandbox.klaviyo.account.apiKey,
					webhookSecret: 'short',
					baseUrl: sandbox.klaviyo.url,
				},
			});
			const id = await workflow('Short secret', {}, 'With a short secret');
			await panel().openWorkflow(id);
			expect(await panel().publish()).toMatch(
				/'Webhook Secret' is too short\. Open the credential, make up at least 16 characters/,
			);
			await expectNotPublished(id, 'Short secret');
		});

		it('that only polls shows the newest message at once when it is tried out', async () => {
			writes('The newest');
			const id = await workflow('Polling', { source: 'polling' });
			await panel().openWorkflow(id);
			await panel().openNode(TRIGGER);
			expect(await panel().parameters()).not.toContain('Webhook URLs');
			const began = Date.now();
			await panel().execute();
			expect(await panel().output()).toContain('The newest');
			// n8n waits two minutes for a webhook.
			expect(Date.now() - began).toBeLessThan(20_000);
		});

		it('stays published over a start at which Klaviyo refuses webhooks, and gets its webhook back', async () => {
			const { n8n, sandbox } = stage();
			const id = await workflow('Refused at a start');
			await n8n.publish(id);
			const [webhook] = sandbox.klaviyo.webhooks();
			const bodies = async (): Promise<unknown[]> => {
				const all = await n8n.executions({ workflowId: id });
				const runs = await Promise.all(all.map(async (one) => await n8n.execution(one.id)));
				return runs.flatMap((run) => run.output(TRIGGER).map(({ body }) => body));
			};

			await n8n.stop();
			await fetch(`${sandbox.klaviyo.url}/api/webhooks/${webhook?.id}`, {
				method: 'DELETE',
				headers: {
					authorization: `Klaviyo-API-Key ${sandbox.klaviyo.account.apiKey}`,
					revision: '2026-07-15',
				},
			});
			sandbox.switches.keyScopes = WITHOUT_WEBHOOKS;
			writes('While n8n was down');
			await n8n.boot();
			await n8n.triggersStarted();
			expect(await panel().listedAs('Refused at a start')).toBe('Published');
			await sandbox.until(
				'polling to bring the message',
				async () => (await bodies()).includes('While n8n was down'),
				RETRY_FOR_MS,
			);
			expect(sandbox.klaviyo.webhooks()).toEqual([]);

			sandbox.switches.keyScopes = 'all';
			await n8n.restart();
			await n8n.triggersStarted();
			expect(sandbox.klaviyo.webhooks()).toHaveLength(1);
			expect(await panel().listedAs('Refused at a start')).toBe('Published');
		});
	});
